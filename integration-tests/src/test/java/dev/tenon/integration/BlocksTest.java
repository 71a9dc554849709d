package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Blocks as users write them: ResNet-20, its state, its views, and the same network without blocks.
 */
class BlocksTest {
  private static final String RESNET =
      """
      package test;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;
      import java.util.List;
      import lib.blocks.*;

      @Network(input = {3, 32, 32})
      public interface ResNet20 {
        @Conv2d(out = 16, kernel = 3, padding = 1, bias = false) Weighted conv1();
        @BatchNorm2d BatchNorm bn1();
        @ReLU Layer relu();
        @Use(value = Basic.class, sizes = 16, repeat = 3) List<Basic> layer1();
        @Name("layer2.0") @Use(value = Down.class, sizes = 32) Down down2();
        @Name("layer2.1") @Use(value = Basic.class, sizes = 32, repeat = 2) List<Basic> layer2();
        @Name("layer3.0") @Use(value = Down.class, sizes = 64) Down down3();
        @Name("layer3.1") @Use(value = Basic.class, sizes = 64, repeat = 2) List<Basic> layer3();
        @GlobalAvgPool Layer pool();
        @Linear(out = 10) Weighted fc();
      }
      """;

  private static final String BASIC =
      """
      package lib.blocks;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;

      @Block
      public interface Basic {
        int OUT = Block.FIRST;
        @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv1();
        @BatchNorm2d BatchNorm bn1();
        @ReLU Layer relu1();
        @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv2();
        @BatchNorm2d BatchNorm bn2();
        @From({"bn2", Block.INPUT}) @Add Layer sum();
        @ReLU Layer relu2();
      }
      """;

  private static final String DOWN =
      """
      package lib.blocks;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;

      @Block
      public interface Down {
        int OUT = Block.FIRST;
        @Conv2d(out = OUT, kernel = 3, stride = 2, padding = 1, bias = false) Weighted conv1();
        @BatchNorm2d BatchNorm bn1();
        @ReLU Layer relu1();
        @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv2();
        @BatchNorm2d BatchNorm bn2();
        @Name("downsample.0") @From(Block.INPUT)
        @Conv2d(out = OUT, kernel = 1, stride = 2, bias = false) Weighted shortcut();
        @Name("downsample.1") @BatchNorm2d BatchNorm shortcutNorm();
        @From({"bn2", "shortcutNorm"}) @Add Layer sum();
        @ReLU Layer relu2();
      }
      """;

  private static final String PROBE =
      """
      package test;
      import java.util.List;

      public final class Probe {
        public static List<Object> views(Object object) {
          ResNet20Model model = (ResNet20Model) object;
          return List.of(
              model.layer1().get(2).bn1(),
              model.down2().shortcutNorm(),
              model.layer3().get(1).conv2().weight(),
              model.layer1().size());
        }
      }
      """;

  private static CompiledNetwork resNet() {
    return CompiledNetwork.ofSources(
        Map.of(
            "test.ResNet20",
            RESNET,
            "lib.blocks.Basic",
            BASIC,
            "lib.blocks.Down",
            DOWN,
            "test.Probe",
            PROBE),
        new TenonProcessor());
  }

  /** The same network written out, layer by layer. */
  private static List<String> flat() {
    List<String> layers = new ArrayList<>();
    layers.add("@Conv2d(out = 16, kernel = 3, padding = 1, bias = false) Weighted conv1();");
    layers.add("@BatchNorm2d BatchNorm bn1();");
    layers.add("@ReLU Layer relu();");
    String before = "relu";
    for (int stage = 1; stage <= 3; stage++) {
      for (int block = 0; block < 3; block++) {
        String name = "layer" + stage + "_" + block + "_";
        int out = 8 << stage;
        boolean down = stage > 1 && block == 0;
        String conv = "kernel = 3, padding = 1, bias = false) Weighted ";
        layers.add(
            "@Conv2d(out = " + out + (down ? ", stride = 2, " : ", ") + conv + name + "conv1();");
        layers.add("@BatchNorm2d BatchNorm " + name + "bn1();");
        layers.add("@ReLU Layer " + name + "relu1();");
        layers.add("@Conv2d(out = " + out + ", " + conv + name + "conv2();");
        layers.add("@BatchNorm2d BatchNorm " + name + "bn2();");
        String shortcut = before;
        if (down) {
          layers.add(
              "@From(\""
                  + before
                  + "\") @Conv2d(out = "
                  + out
                  + ", kernel = 1, stride = 2, bias = false) Weighted "
                  + name
                  + "downsample_0();");
          layers.add("@BatchNorm2d BatchNorm " + name + "downsample_1();");
          shortcut = name + "downsample_1";
        }
        layers.add(
            "@From({\"" + name + "bn2\", \"" + shortcut + "\"}) @Add Layer " + name + "sum();");
        layers.add("@ReLU Layer " + name + "relu2();");
        before = name + "relu2";
      }
    }
    layers.add("@GlobalAvgPool Layer pool();");
    layers.add("@Linear(out = 10) Weighted fc();");
    return layers;
  }

  private static Tensor random(int key, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Randoms.normal(Randoms.key(0, 0, key), i);
    }
    return Tensor.of(values, shape);
  }

  @Test
  void blocksComputeWhatTheirLayersDo() {
    SingleModel blocks = resNet().create("test.ResNet20", 7);
    SingleModel flat = CompiledNetwork.of("Flat", "input = {3, 32, 32}", flat()).create(7);

    assertThat(blocks.state().tensors().keySet().stream().map(name -> name.replace('.', '_')))
        .containsExactlyElementsOf(
            flat.state().tensors().keySet().stream().map(name -> name.replace('.', '_')).toList());
    assertThat(blocks.parameterCount()).isEqualTo(272_474);

    Tensor x = random(1, 2, 3, 32, 32);
    Tensor dy = random(2, 2, 10);
    assertThat(blocks.forward(x).toDoubleArray()).isEqualTo(flat.forward(x).toDoubleArray());
    assertThat(blocks.backwardToInput(dy).toDoubleArray())
        .isEqualTo(flat.backwardToInput(dy).toDoubleArray());
    assertThat(blocks.parameters().stream().map(p -> p.gradient().toDoubleArray()).toList())
        .usingRecursiveComparison()
        .isEqualTo(flat.parameters().stream().map(p -> p.gradient().toDoubleArray()).toList());
    assertThat(blocks.predict(x).toDoubleArray()).isEqualTo(flat.predict(x).toDoubleArray());
    assertThat(blocks.dtype()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void stateHasPyTorchsNames() {
    SingleModel model = resNet().create("test.ResNet20", 1);
    assertThat(model.state().tensors().keySet())
        .contains(
            "conv1.weight",
            "layer1.0.bn1.weight",
            "layer1.2.bn2.running_mean",
            "layer2.0.downsample.0.weight",
            "layer2.0.downsample.1.running_var",
            "layer2.2.conv2.weight",
            "fc.bias");
    assertThat(model.layers())
        .extracting(Layer::toString)
        .contains("layer1.0.conv1: Conv2d(weight [16, 16, 3, 3])", "layer3.2.relu2: ReLU");
  }

  /** Views are typed: a block's method gives the block. */
  @Test
  void viewsAreTheBlocks() throws ReflectiveOperationException {
    SingleModel model = resNet().create("test.ResNet20", 1);
    Object shown =
        model
            .getClass()
            .getClassLoader()
            .loadClass("test.Probe")
            .getMethod("views", Object.class)
            .invoke(null, model);
    assertThat(shown)
        .isEqualTo(
            List.of(
                layer(model, "layer1.2.bn1"),
                layer(model, "layer2.0.downsample.1"),
                model.state().parameter("layer3.2.conv2.weight"),
                3));
  }

  private static Layer layer(SingleModel model, String name) {
    return model.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  /** Equal layers are instances of one class: nine blocks have no more than each kind of them. */
  @Test
  void repeatedBlocksShareClasses() {
    CompiledNetwork compiled = resNet();
    String program = compiled.sources().get("test.ResNet20PlainProgram");
    Matcher field = Pattern.compile("private (\\S+) layer1_\\d_conv\\d;").matcher(program);
    assertThat(field.results().map(match -> match.group(1)))
        .hasSize(6)
        .containsOnly("ResNet20Kernels.Conv2dOf16x32x32_2");
  }
}
