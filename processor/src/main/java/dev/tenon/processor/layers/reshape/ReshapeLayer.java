package dev.tenon.processor.layers.reshape;

import static dev.tenon.processor.layers.common.Indices.at;
import static dev.tenon.processor.layers.common.Indices.load;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A reshaping of one shape into another.
 *
 * @param input per-sample shape of what comes in
 * @param output per-sample shape of what it gives, with as many values
 */
record ReshapeLayer(Shape input, Shape output) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public void lower(Lowering to) {
    reshape(to, "forward", "y = x", to.input(), input, to.output(), output, to::forward);
    reshape(
        to, "predict", "y = x", to.predictInput(), input, to.predictOutput(), output, to::predict);
    reshape(
        to,
        "backward",
        "dx = dy",
        to.outputGradient(),
        output,
        to.inputGradient(),
        input,
        to::backward);
  }

  private static void reshape(
      Lowering to,
      String name,
      String formula,
      Tensor source,
      Shape from,
      Tensor target,
      Shape into,
      Consumer<Nest> program) {
    String summary = formula + " in the same order, " + from + " -> " + into;
    Optional<Parts> parts = Parts.of(from, into);
    if (parts.isPresent()) {
      List<Axis> axes = Lowering.axes(parts.get().shape());
      program.accept(
          to.nest(name, summary)
              .over(axes)
              .store(
                  Store.set(
                      target,
                      Expr.load(source, parts.get().index(from, axes)),
                      parts.get().index(into, axes)))
              .build());
      return;
    }
    Tensor flat = to.own(name + "Flat", to.real(), Axis.BATCH, Math.toIntExact(from.count()));
    List<Axis> read = Lowering.axes(from);
    List<Axis> written = Lowering.axes(into);
    program.accept(
        to.nest(name + "Flat", summary + ", as a vector")
            .over(read)
            .store(Store.set(flat, load(source, read), flattened(read)))
            .build());
    program.accept(
        to.nest(name, summary)
            .over(written)
            .store(Store.set(target, Expr.load(flat, flattened(written)), at(written)))
            .build());
  }

  private static Affine[] flattened(List<Axis> axes) {
    return new Affine[] {Affine.of(axes.get(0)), Parts.merged(axes.subList(1, axes.size()))};
  }
}
