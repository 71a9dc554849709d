package dev.tenon.processor.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.reference.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Output shapes and state of every layer. Shapes are from the formulas of the annotations'
 * contracts, the pools' rows with ceil mode from the semantics' table of checks.
 */
final class LayerShapesTest {
  @ParameterizedTest(name = "{1} on {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7       | @Linear(out = 3) Weighted l();                                          | 3
          7       | @Linear(in = 7, out = 3) Weighted l();                                  | 3
          2x4x7   | @Linear(in = 7, out = 3) Weighted l();                                  | 2x4x3
          2x4x7   | @ReLU Layer l();                                                        | 2x4x7
          2x4x7   | @GELU Layer l();                                                        | 2x4x7
          2x4x7   | @Softmax(axis = 1) Layer l();                                           | 2x4x7
          2x4x7   | @LogSoftmax(axis = -1) Layer l();                                       | 2x4x7
          2x4x7   | @Dropout2d Layer l();                                                   | 2x4x7
          2x8x7   | @AdaptiveAvgPool2d(out = {3, 7}) Layer l();                             | 2x3x7
          2x8     | @AdaptiveAvgPool1d(out = 3) Layer l();                                  | 2x3
          2x8x7x6 | @AdaptiveAvgPool3d(out = 1) Layer l();                                  | 2x1x1x1
          2x4x7   | @Upsample(scale = 2) Layer l();                                         | 2x8x14
          2x4x7   | @Upsample(scale = {1.5, 0.5}, mode = Upsample.Mode.BILINEAR) Layer l(); | 2x6x3
          2x4x7   | @Upsample(size = {5, 3}) Layer l();                                     | 2x5x3
          2x4x7   | @Elementwise(type = StrictMath.class, function = "sin", derivative = "cos") Layer l(); | 2x4x7
          7       | @LeakyReLU(slope = 0.1) Layer l();                                      | 7
          2x4x7   | @Flatten Layer l();                                                     | 56
          5       | @Flatten Layer l();                                                     | 5
          2x4x7   | @Flatten(start = 2) Layer l();                                          | 2x28
          2x4x7   | @Flatten(end = 2) Layer l();                                            | 8x7
          2x4x7x3 | @Flatten(start = 2, end = -2) Layer l();                                | 2x28x3
          2x4x7   | @Flatten(start = -1) Layer l();                                         | 2x4x7
          784     | @Reshape({1, 28, 28}) Layer l();                                        | 1x28x28
          56      | @Reshape({2, -1, 7}) Layer l();                                         | 2x4x7
          2x4x7   | @Reshape(-1) Layer l();                                                 | 56
          2x4x7   | @Reshape({4, 14}) Layer l();                                            | 4x14
          2x4x7   | @Reshape({7, 8, 1, -1}) Layer l();                                      | 7x8x1x1
          2x4x7   | @Dropout Layer l();                                                     | 2x4x7
          7       | @BatchNorm1d BatchNorm l();                                             | 7
          7x5     | @BatchNorm1d(features = 7) BatchNorm l();                               | 7x5
          7x5x4   | @BatchNorm2d(channels = 7) BatchNorm l();                               | 7x5x4
          7x5x4x3 | @BatchNorm3d(channels = 7) BatchNorm l();                               | 7x5x4x3
          7       | @LayerNorm Norm l();                                                    | 7
          7x5x4   | @LayerNorm(shape = 4) Norm l();                                         | 7x5x4
          7x5x4   | @LayerNorm(shape = {7, 5, 4}) Norm l();                                 | 7x5x4
          6       | @GroupNorm(groups = 3) Norm l();                                        | 6
          6x5x4   | @GroupNorm(groups = 6, channels = 6) Norm l();                          | 6x5x4
          7x5     | @InstanceNorm1d(channels = 7) InstanceNorm l();                         | 7x5
          7x5x4   | @InstanceNorm2d InstanceNorm l();                                       | 7x5x4
          7x5x4x3 | @InstanceNorm3d InstanceNorm l();                                       | 7x5x4x3
          7x5x4   | @GlobalAvgPool Layer l();                                               | 7
          7x5     | @GlobalAvgPool Layer l();                                               | 7
          3x32x32 | @Conv2d(out = 16, kernel = 3) Weighted l();                             | 16x30x30
          3x32x30 | @Conv2d(out = 16, kernel = {5, 3}, padding = {2, 1}) Weighted l();      | 16x32x30
          3x32x31 | @Conv2d(out = 16, kernel = 3, stride = 2, padding = 1) Weighted l();    | 16x16x16
          3x9x9   | @Conv2d(out = 2, kernel = 3, dilation = {4, 2}) Weighted l();           | 2x1x5
          3x9x8   | @Conv2d(out = 2, kernel = {4, 3}, dilation = {1, 3}, padding = Conv2d.SAME) Weighted l(); | 2x9x8
          4x5x5   | @Conv2d(in = 4, out = 8, kernel = 1, groups = 4) Weighted l();          | 8x5x5
          3x9x8   | @Conv2d(out = 2, kernel = 3, padding = 2, paddingMode = PaddingMode.REFLECT) Weighted l(); | 2x11x10
          4x5x6   | @ConvTranspose2d(out = 3, kernel = 3) Weighted l();                     | 3x7x8
          4x5x6   | @ConvTranspose2d(in = 4, out = 6, kernel = {2, 3}, stride = 2, padding = {0, 1}, outputPadding = {0, 1}, dilation = {1, 2}, groups = 2) Weighted l(); | 6x10x14
          2x4x7   | @Scale Weighted l();                                                    | 2x4x7
          3x32    | @Conv1d(out = 16, kernel = 3) Weighted l();                             | 16x30
          3x31    | @Conv1d(out = 16, kernel = 5, stride = 2, padding = 2) Weighted l();    | 16x16
          3x9     | @Conv1d(out = 2, kernel = 4, dilation = 3, padding = Conv1d.SAME) Weighted l(); | 2x9
          3x8x9x7 | @Conv3d(out = 2, kernel = 3) Weighted l();                              | 2x6x7x5
          3x8x9x7 | @Conv3d(out = 2, kernel = {1, 3, 5}, stride = {2, 1, 3}, padding = {0, 1, 2}) Weighted l(); | 2x4x9x3
          3x8x9x7 | @Conv3d(out = 2, kernel = {2, 3, 4}, padding = Conv3d.SAME) Weighted l(); | 2x8x9x7
          3x9     | @MaxPool1d(kernel = 2) Layer l();                                       | 3x4
          3x9     | @MaxPool1d(kernel = 3, stride = 2, padding = 1) Layer l();              | 3x5
          1x4     | @MaxPool1d(kernel = 3, stride = 3, padding = 1, ceilMode = true) Layer l(); | 1x2
          3x8x9x7 | @MaxPool3d(kernel = 2) Layer l();                                       | 3x4x4x3
          3x8x9x7 | @MaxPool3d(kernel = {2, 3, 2}, stride = 1, dilation = {1, 2, 3}) Layer l(); | 3x7x5x4
          1x6x6x6 | @MaxPool3d(kernel = 3, stride = 2, padding = 1, ceilMode = true) Layer l(); | 1x4x4x4
          1x7     | @AvgPool1d(kernel = 3, padding = 1, ceilMode = true) Layer l();         | 1x3
          1x5x7x4 | @AvgPool3d(kernel = {2, 3, 3}, stride = {2, 3, 3}, padding = {0, 1, 1}, ceilMode = true) Layer l(); | 1x3x3x2
          3x8x7   | @MaxPool2d(kernel = 2) Layer l();                                       | 3x4x3
          3x8x7   | @MaxPool2d(kernel = 3, stride = {2, 1}, padding = 1) Layer l();         | 3x4x7
          3x8x7   | @MaxPool2d(kernel = 3, stride = 1, dilation = {3, 2}) Layer l();        | 3x2x3
          1x5x5   | @MaxPool2d(kernel = 2, stride = 2, ceilMode = true) Layer l();          | 1x3x3
          1x6x6   | @MaxPool2d(kernel = 3, stride = 2, padding = 1, ceilMode = true) Layer l(); | 1x4x4
          1x7x7   | @AvgPool2d(kernel = 3, stride = 3, padding = 1, ceilMode = true) Layer l(); | 1x3x3
          1x4x4   | @AvgPool2d(kernel = 3, stride = 3, padding = 1, ceilMode = true) Layer l(); | 1x2x2
          1x2x2   | @AvgPool2d(kernel = 3, stride = 2, ceilMode = true) Layer l();          | 1x1x1
          3x8x7   | @AvgPool2d(kernel = {2, 3}) Layer l();                                  | 3x4x2
          """)
  void layersGiveTheShapesOfTheirContracts(String input, String layer, String output) {
    assertThat(network(input, layer).output()).hasToString(output);
  }

  @ParameterizedTest(name = "{1} on {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7     | @Linear(out = 3) Weighted l();                                   | weight 3x7, bias 3
          7     | @Linear(out = 3, bias = false) Weighted l();                     | weight 3x7
          4x9x9 | @Conv2d(out = 6, kernel = {3, 2}, groups = 2) Weighted l();      | weight 6x2x3x2, bias 6
          4x9x9 | @Conv2d(out = 6, kernel = 1, bias = false) Weighted l();         | weight 6x4x1x1
          4x9x9 | @ConvTranspose2d(out = 6, kernel = {3, 2}, groups = 2) Weighted l(); | weight 4x3x3x2, bias 6
          4x9x9 | @ConvTranspose2d(out = 6, kernel = 1, bias = false) Weighted l(); | weight 4x6x1x1
          7x2   | @Scale Weighted l();                                             | weight 7, bias 7
          7     | @Scale(bias = false) Weighted l();                               | weight 7
          4x9   | @Conv1d(out = 6, kernel = 3, groups = 2) Weighted l();           | weight 6x2x3, bias 6
          4x5x9x9 | @Conv3d(out = 6, kernel = {3, 2, 1}) Weighted l();             | weight 6x4x3x2x1, bias 6
          7     | @BatchNorm1d BatchNorm l();                                      | weight 7, bias 7, running_mean 7, running_var 7, num_batches_tracked
          7x2x2 | @BatchNorm2d(bias = false) BatchNorm l();                        | weight 7, running_mean 7, running_var 7, num_batches_tracked
          7x2x2 | @BatchNorm2d(affine = false) BatchNorm l();                      | running_mean 7, running_var 7, num_batches_tracked
          7x2x2 | @BatchNorm2d(trackRunningStats = false) BatchNorm l();           | weight 7, bias 7
          7x1x2x2 | @BatchNorm3d BatchNorm l();                                    | weight 7, bias 7, running_mean 7, running_var 7, num_batches_tracked
          7x5x4 | @LayerNorm(shape = {5, 4}) Norm l();                             | weight 5x4, bias 5x4
          7     | @LayerNorm(bias = false) Norm l();                               | weight 7
          7     | @LayerNorm(affine = false) Norm l();                             | ''
          6x5   | @GroupNorm(groups = 3) Norm l();                                 | weight 6, bias 6
          6x5   | @GroupNorm(groups = 3, bias = false) Norm l();                   | weight 6
          6x5   | @GroupNorm(groups = 3, affine = false) Norm l();                 | ''
          7x5   | @InstanceNorm1d InstanceNorm l();                                | ''
          7x5x4 | @InstanceNorm2d(affine = true) InstanceNorm l();                 | weight 7, bias 7
          7x5x4 | @InstanceNorm2d(affine = true, bias = false, trackRunningStats = true) InstanceNorm l(); | weight 7, running_mean 7, running_var 7, num_batches_tracked
          7x1x2x2 | @InstanceNorm3d(trackRunningStats = true) InstanceNorm l();    | running_mean 7, running_var 7, num_batches_tracked
          7     | @ReLU Layer l();                                                 | ''
          """)
  void layersKeepTheStateOfTheirContracts(String input, String layer, String state) {
    String actual =
        network(input, layer).nodes().get(0).layer().state().stream()
            .map(LayerShapesTest::describe)
            .collect(Collectors.joining(", "));
    assertThat(actual).isEqualTo(state);
  }

  private static String describe(StateSpec spec) {
    String dims = spec.dims().stream().map(String::valueOf).collect(Collectors.joining("x"));
    return (spec.name() + " " + dims).strip();
  }

  @Test
  void weightsStartUniformWithinOneOverTheRootOfTheFanIn() {
    assertThat(init("16", "@Linear(out = 3) Weighted l();")).containsExactly(0.25, 0.25);
    // fan = 4 / 2 channels * 4 * 2 = 16
    assertThat(init("4x9x9", "@Conv2d(out = 6, kernel = {4, 2}, groups = 2) Weighted l();"))
        .containsExactly(0.25, 0.25);
    // fan = 8 / 2 output channels * 4, as axis 1 of its weight is that of the output
    assertThat(init("4x9x9", "@ConvTranspose2d(out = 8, kernel = 2, groups = 2) Weighted l();"))
        .containsExactly(0.25, 0.25);
    // fan = 2 channels * 8, 1 channel * 4 * 2 * 2
    assertThat(init("2x9", "@Conv1d(out = 6, kernel = 8) Weighted l();"))
        .containsExactly(0.25, 0.25);
    assertThat(init("1x9x9x9", "@Conv3d(out = 6, kernel = {4, 2, 2}) Weighted l();"))
        .containsExactly(0.25, 0.25);
  }

  @Test
  void batchNormStartsAsTheIdentity() {
    assertThat(init("5", "@BatchNorm1d BatchNorm l();")).containsExactly(1.0, 0.0, 0.0, 1.0, 0.0);
  }

  @Test
  void aScaleStartsWhereItIsTold() {
    assertThat(init("5", "@Scale Weighted l();")).containsExactly(1.0, 0.0);
    assertThat(init("5", "@Scale(initial = 0.25) Weighted l();")).containsExactly(0.25, 0.0);
  }

  @Test
  void theOtherNormsStartAtOneAndZeroToo() {
    assertThat(init("5", "@LayerNorm Norm l();")).containsExactly(1.0, 0.0);
    assertThat(init("6", "@GroupNorm(groups = 2) Norm l();")).containsExactly(1.0, 0.0);
    assertThat(
            init(
                "5x4",
                "@InstanceNorm1d(affine = true, trackRunningStats = true) InstanceNorm l();"))
        .containsExactly(1.0, 0.0, 0.0, 1.0, 0.0);
  }

  private static List<Double> init(String input, String layer) {
    return network(input, layer).nodes().get(0).layer().state().stream()
        .map(spec -> spec.init().value())
        .toList();
  }

  private static Network network(String input, String layer) {
    List<Integer> sizes = Arrays.stream(input.split("x")).map(Integer::valueOf).toList();
    return Networks.of("float32", sizes, List.of(layer));
  }
}
