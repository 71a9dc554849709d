package dev.tenon.samples.resnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.train.Split;
import dev.tenon.samples.SampleRun;
import dev.tenon.samples.data.Images;
import org.junit.jupiter.api.Test;

class ResNetTest {
  @Test
  void printsWhatItTrains() {
    SampleRun run = SampleRun.of(new ResNet(), "--epochs", "1");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.after("data")).startsWith("1438 images of 32x32 pixels");
    assertThat(run.after("network")).isEqualTo("ResNet20, 272474 parameters");
    assertThat(run.after("test accuracy")).endsWith("of 359 images recognised");
  }

  @Test
  void aPixelOfADigitIsASquareInThreeChannels() {
    Split<int[]> digits = Images.digits();
    float[] image = digits.train().features().toFloatArray();
    assertThat(digits.train().features().shape()).containsExactly(1438, 3, 32, 32);
    for (int c = 0; c < 3; c++) {
      for (int pixel = 0; pixel < 1024; pixel++) {
        int first = pixel / 128 * 128 + pixel % 32 / 4 * 4;
        assertThat(image[c * 1024 + pixel]).isEqualTo(image[first]);
      }
    }
  }

  @Test
  void namesAreTorchvisions() {
    ResNet20Model model = ResNet20Model.create(1);
    assertThat(model.state().tensors().keySet())
        .contains(
            "conv1.weight",
            "layer1.0.bn1.running_mean",
            "layer2.0.downsample.0.weight",
            "layer3.2.conv2.weight",
            "fc.bias");
  }
}
