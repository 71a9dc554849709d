package dev.tenon.processor.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerConfigurationTest {
  private static final Problem WRONG = Problem.error("MadeUpWrong");

  /** A layer that is wrong whenever {@code out} is 0. */
  private static final LayerType MADE_UP =
      new LayerType() {
        @Override
        public String annotation() {
          return "MadeUp";
        }

        @Override
        public StateView view() {
          return StateView.WEIGHTED;
        }

        @Override
        public List<Problem> problems() {
          return List.of(WRONG);
        }

        @Override
        public Optional<LayerConfig> configure(LayerDeclaration layer, Report report) {
          if (layer.attributes().integer("out") == 0) {
            report.add(WRONG, layer.attributes().at("out"), layer.subject() + ": out is 0.", "");
            return Optional.empty();
          }
          return Optional.of((inputs, toReport) -> Optional.empty());
        }
      };

  private final Report report = new Report();

  private static LayerDeclaration layer(int member, String annotation, int out, String returns) {
    return new LayerDeclaration(
        member,
        "layer" + member,
        new Attributes(
            annotation, new SourceRef(member, annotation, ""), Map.of("out", out), List.of("out")),
        returns);
  }

  private List<ConfiguredLayer> configure(LayerDeclaration... layers) {
    Attributes network =
        new Attributes("Network", SourceRef.OF_TYPE, Map.of("input", List.of(4)), List.of("input"));
    return new LayerConfiguration(List.of(MADE_UP))
        .configure(
            new NetworkDeclaration("test", "Net", true, true, network, List.of(layers)), report);
  }

  private List<String> texts() {
    return report.diagnostics().stream().map(Diagnostic::text).toList();
  }

  @Test
  void allLayersAreChecked() {
    String view = StateView.WEIGHTED.qualifiedName();
    List<ConfiguredLayer> configured =
        configure(
            layer(0, "MadeUp", 0, view),
            layer(1, "MadeUp", 1, view),
            layer(2, "MadeUp", 0, "java.lang.String"));

    assertThat(configured)
        .extracting(layer -> layer.config().isPresent())
        .containsExactly(false, true, false);
    assertThat(texts())
        .containsExactly(
            "[MadeUpWrong] @MadeUp on layer0: out is 0.",
            "[LayerReturnType] @MadeUp on layer2: returns String, but the state of a @MadeUp is"
                + " shown as Weighted. Write `Weighted layer2();`.",
            "[MadeUpWrong] @MadeUp on layer2: out is 0.");
    assertThat(report.diagnostics().get(1).ref()).isEqualTo(new SourceRef(2, "", ""));
  }

  @Test
  void aWrongReturnTypeDoesNotDisturbTheChain() {
    assertThat(configure(layer(0, "MadeUp", 1, "void")).get(0).config()).isPresent();
  }

  @Test
  void whatCannotBeReadKeepsItsPlaceInSilence() {
    List<ConfiguredLayer> configured =
        configure(LayerDeclaration.unreadable(0, "a"), layer(1, "MadeUp", 1, ""));

    assertThat(configured).hasSize(2);
    assertThat(configured.get(0).config()).isEmpty();
    assertThat(configured.get(1).config()).isPresent();
    assertThat(texts()).isEmpty();
  }

  @Test
  void aLayerThatTheReaderShouldNotHaveLetThrough() {
    assertThatThrownBy(() -> configure(layer(0, "Other", 1, "void")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No layer type for @Other on layer0");
  }
}
