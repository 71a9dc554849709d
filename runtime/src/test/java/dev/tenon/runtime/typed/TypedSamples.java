package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.ConfusionMatrix;
import dev.tenon.runtime.train.Evaluation;
import java.lang.reflect.Proxy;
import java.util.List;

/** What {@code NullArgumentsTest} passes where it does not pass null: things of typed models. */
public final class TypedSamples {
  private TypedSamples() {}

  /** Two columns. */
  public static Columns columns() {
    Columns.Builder columns = Columns.builder("Record");
    columns.number("a");
    columns.flag("b");
    return columns.build();
  }

  /** A row of them. */
  public static Row row() {
    return new Row("Net", columns());
  }

  /** Labels that are booleans. */
  public static LabelType<?, ?, ?> labels() {
    return LabelType.ofBoolean("Net");
  }

  /** Options of a fit that has no model to train. */
  @SuppressWarnings("unchecked")
  public static TypedFit<?, ?, ?> fit() {
    return new TypedFit<>(
        (TypedModel<Object, Boolean, Object, Tensor>)
            Proxy.newProxyInstance(
                TypedSamples.class.getClassLoader(),
                new Class<?>[] {TypedModel.class},
                (proxy, method, arguments) ->
                    method.getName().equals("labelType") ? labels() : null));
  }

  /** An evaluation of numbers. */
  public static TypedEvaluation<Object> evaluation() {
    Evaluation plain = new Evaluation(1, 1, 1, 1, List.of(), ConfusionMatrix.of(new long[1][1]));
    return TypedEvaluation.ofNumbers("Net", plain, List.of(new NumberErrors("a", 1, 1, 1)));
  }
}
