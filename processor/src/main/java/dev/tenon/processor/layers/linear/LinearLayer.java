package dev.tenon.processor.layers.linear;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.append;
import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;
import static dev.tenon.processor.layers.common.Text.text;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A linear layer with its sizes.
 *
 * @param input per-sample shape; the last axis is the one it works on
 * @param out size of the last axis of the output
 * @param bias whether it adds a learnt bias
 */
public record LinearLayer(Shape input, int out, boolean bias) implements BoundLayer {
  /** Size of the last axis of the input. */
  public int in() {
    return input.size(input.rank() - 1);
  }

  @Override
  public Shape output() {
    List<Integer> sizes = new ArrayList<>(input.sizes());
    sizes.set(sizes.size() - 1, out);
    return new Shape(sizes);
  }

  @Override
  public List<StateSpec> state() {
    Init init = Init.uniform(1 / Math.sqrt(in()));
    List<StateSpec> state = new ArrayList<>();
    state.add(StateSpec.parameter("weight", init, out, in()));
    if (bias) {
      state.add(StateSpec.parameter("bias", init, out));
    }
    return List.copyOf(state);
  }

  @Override
  public boolean isWeighted() {
    return true;
  }

  @Override
  public void lower(Lowering to) {
    to.forward(multiply(to, "forward", to.input(), to.output()));
    to.predict(multiply(to, "predict", to.predictInput(), to.predictOutput()));

    ElementType real = to.real();
    List<Axis> rows = rows();
    Axis o = new Axis("o", out);
    Axis i = new Axis("i", in());
    Tensor g = to.outputGradient();
    Expr sum = accumulator("sum", real);
    String row = names(rows);

    to.backward(
        to.nest(
                "inputGradient",
                text(
                    "dx[%s, i] = sum_o dy[%s, o] * weight[o, i], i < %d, o < %d",
                    row, row, in(), out))
            .over(append(rows, i))
            .reduce(o)
            .sum(
                "sum",
                zero(real),
                Expr.multiply(load(g, append(rows, o)), load(to.state("weight"), o, i)))
            .store(set(to.inputGradient(), sum, append(rows, i)))
            .build());
    to.backward(
        to.nest(
                "weightGradient",
                text(
                    "dweight[o, i] = sum_%s dy[%s, o] * x[%s, i], o < %d, i < %d",
                    row.replace(", ", ""), row, row, out, in()))
            .over(o, i)
            .reduce(rows)
            .sum(
                "sum",
                zero(real),
                Expr.multiply(load(g, append(rows, o)), load(to.input(), append(rows, i))))
            .store(set(to.gradient("weight"), sum, o, i))
            .build());
    if (bias) {
      to.backward(
          to.nest(
                  "biasGradient",
                  text("dbias[o] = sum_%s dy[%s, o], o < %d", row.replace(", ", ""), row, out))
              .over(o)
              .reduce(rows)
              .sum("sum", zero(real), load(g, append(rows, o)))
              .store(set(to.gradient("bias"), sum, o))
              .build());
    }
  }

  private Nest multiply(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> rows = rows();
    Axis o = new Axis("o", out);
    Axis i = new Axis("i", in());
    String row = names(rows);
    return to.nest(
            name,
            text(
                "y[%s, o] = %ssum_i x[%s, i] * weight[o, i], i < %d, o < %d",
                row, bias ? "bias[o] + " : "", row, in(), out))
        .over(append(rows, o))
        .reduce(i)
        .sum(
            "sum",
            bias ? load(to.state("bias"), o) : zero(to.real()),
            Expr.multiply(load(x, append(rows, i)), load(to.state("weight"), o, i)))
        .store(set(y, accumulator("sum", to.real()), append(rows, o)))
        .build();
  }

  /** The axes before the last one: the batch alone for a vector. */
  private List<Axis> rows() {
    List<Axis> axes = Lowering.axes(input);
    return axes.subList(0, axes.size() - 1);
  }

  private static String names(List<Axis> axes) {
    return axes.stream().map(Axis::name).collect(Collectors.joining(", "));
  }
}
