package dev.tenon.processor.layers.softmax;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.PlacedLayer;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checked {@code @Softmax} or {@code @LogSoftmax}. Axes are numbered as in PyTorch: 0 is the
 * batch, negative numbers count from the end.
 *
 * @param type which of the two
 * @param declaration what the user wrote
 * @param axis not 0
 */
record SoftmaxConfig(SoftmaxType type, LayerDeclaration declaration, int axis)
    implements LayerConfig {
  @Override
  public Optional<SoftmaxLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    int rank = input.rank();
    Checks checks = new Checks(declaration, report);
    if (axis == -rank - 1) {
      type.reportBatch(checks, axis);
      return Optional.empty();
    }
    if (axis > rank || axis < -rank) {
      checks.report(
          type.axis(),
          "axis",
          "axis = "
              + axis
              + ", but its input "
              + input
              + (rank == 1
                  ? " has axis 1 behind the batch."
                  : " has axes 1 to " + rank + " behind the batch."),
          rank == 1 ? "Set axis = 1." : "Set axis between 1 and " + rank + ", or -1 for the last.");
      return Optional.empty();
    }
    return Optional.of(
        new SoftmaxLayer(
            input, axis > 0 ? axis : rank + 1 + axis, type == SoftmaxType.LOG_SOFTMAX));
  }

  @Override
  public void checkPlace(PlacedLayer self, Report report) {
    boolean scores = self.sources().stream().anyMatch(source -> source.layer().isWeighted());
    // Where the network says what its labels are, it is an error already, or meant.
    if (type == SoftmaxType.SOFTMAX && self.isOutput() && scores && !self.hasLabels()) {
      new Checks(declaration, report)
          .report(
              SoftmaxType.OUTPUT,
              "",
              "gives probabilities, but crossEntropy() takes scores and computes the probabilities"
                  + " itself: it would do so twice.",
              List.of(
                  new Remedy("remove", declaration.name(), new Change.Remove(declaration)),
                  new Remedy(
                      "make",
                      "it a @LogSoftmax and train by negativeLogLikelihood()",
                      new Change.Replace(declaration, "LogSoftmax", Map.of("axis", axis)))),
              "");
    }
  }
}
