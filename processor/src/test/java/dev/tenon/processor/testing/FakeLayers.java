package dev.tenon.processor.testing;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Layer types for tests of what is around the layers. */
public final class FakeLayers {
  private FakeLayers() {}

  /** A {@code @ReLU} that only reports. */
  public static LayerType relu(BiConsumer<LayerDeclaration, Report> onConfigure) {
    return new LayerType() {
      @Override
      public String annotation() {
        return "ReLU";
      }

      @Override
      public StateView view() {
        return StateView.LAYER;
      }

      @Override
      public List<Problem> problems() {
        return List.of();
      }

      @Override
      public Optional<LayerConfig> configure(LayerDeclaration declaration, Report report) {
        onConfigure.accept(declaration, report);
        return Optional.empty();
      }
    };
  }

  /** A {@code @ReLU} that reports this about itself and about the type. */
  public static LayerType reluThatSays(Problem ofLayer, Problem ofType) {
    return relu(
        (layer, report) -> {
          report.add(ofLayer, layer.attributes().ref(), layer.subject() + ": said.", "");
          report.add(ofType, SourceRef.OF_TYPE, "The network: said.", "");
        });
  }
}
