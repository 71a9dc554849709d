package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.append;
import static dev.tenon.processor.layers.common.Indices.at;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;
import static dev.tenon.processor.layers.common.Text.text;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.stream.Collectors;

/** The gradient of a bias that is added to whole channels of an output. */
final class BiasGradient {
  private BiasGradient() {}

  static Nest of(Lowering to, Shape output) {
    List<Axis> axes = Lowering.axes(output);
    List<Axis> places = axes.subList(2, axes.size());
    Axis k = new Axis("k", output.channels());
    ElementType real = to.real();
    Affine[] place = at(axes);
    place[1] = Affine.of(k);
    String names = places.stream().map(Axis::name).collect(Collectors.joining());
    return to.nest("biasGradient", text("dbias[k] = sum_n%s dy, k < %d", names, k.extent()))
        .over(k)
        .reduce(append(List.of(axes.get(0)), places))
        .sum("sum", zero(real), Expr.load(to.outputGradient(), place))
        .store(set(to.gradient("bias"), accumulator("sum", real), k))
        .build();
  }
}
