package dev.tenon.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.LayerTypes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No layer is forgotten: a new one must be added to the networks of {@link EveryLayer}. */
class EveryLayerTest {
  static Stream<String> layers() {
    return LayerTypes.all().stream().map(LayerType::annotation);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void aNetworkHasTheLayer(String annotation) {
    List<String> members =
        EveryLayer.networks().stream().flatMap(network -> network.members().stream()).toList();
    assertThat(members)
        .anySatisfy(member -> assertThat(member).containsPattern("@" + annotation + "\\b"));
  }

  @Test
  void namesAreDifferent() {
    assertThat(EveryLayer.networks()).extracting(SoakNetwork::name).doesNotHaveDuplicates();
  }
}
