package dev.tenon.processor.layers.norm;

import static dev.tenon.processor.ir.ElementType.DOUBLE;
import static dev.tenon.processor.ir.ElementType.FLOAT;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.Lowering;
import java.util.List;

/**
 * The tensors that one kind of pass normalises by. Each has one element for every owner, or, when
 * they are running statistics, for every learnt scale.
 *
 * @param index of the element that belongs to a value
 * @param mean double; null with running statistics
 * @param var double, biased; null with running statistics
 * @param subtracted what is subtracted of the mean first
 * @param lost what the mean lost when it was rounded; null where nothing was rounded
 * @param invstd double; null with running statistics
 * @param scale what the difference is multiplied by
 */
record Statistics(
    List<Affine> index,
    Tensor mean,
    Tensor var,
    Tensor subtracted,
    Tensor lost,
    Tensor invstd,
    Tensor scale) {

  static Statistics training(Lowering to, Scope scope) {
    return own(to, scope, "batchMean", "batchVar", "mean", "meanLow", "invstd", "scale");
  }

  static Statistics prediction(Lowering to, Scope scope) {
    return own(
        to,
        scope,
        "predictBatchMean",
        "predictBatchVar",
        "predictMean",
        "predictMeanLow",
        "predictInvstd",
        "predictScale");
  }

  private static Statistics own(Lowering to, Scope scope, String... names) {
    Integer[] sizes = scope.ownerSizes();
    Tensor mean = to.own(names[0], DOUBLE, sizes);
    boolean rounded = to.real() == FLOAT;
    return new Statistics(
        scope.owners().stream().map(Affine::of).toList(),
        mean,
        to.own(names[1], DOUBLE, sizes),
        rounded ? to.own(names[2], FLOAT, sizes) : mean,
        rounded ? to.own(names[3], FLOAT, sizes) : null,
        to.own(names[4], DOUBLE, sizes),
        to.own(names[5], to.real(), sizes));
  }

  static Statistics running(Lowering to, Scope scope) {
    return new Statistics(
        scope.learnt(),
        null,
        null,
        to.state("running_mean"),
        null,
        null,
        to.own("predictScale", to.real(), scope.learntSizes().toArray(Integer[]::new)));
  }

  Expr subtractedHere() {
    return Expr.load(subtracted, index.toArray(Affine[]::new));
  }

  Expr scaleHere() {
    return Expr.load(scale, index.toArray(Affine[]::new));
  }
}
