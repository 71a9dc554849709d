package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

class StrayLayersTest {
  @Test
  void layersInATypeThatIsNoNetwork() {
    assertDiagnostics(
        """
        interface Net {
          int first();
          // expect@"@Linear" [LayerWithoutNetwork] @Linear on fc1: a layer belongs to a network,
          //   but Net is none. Put @Network(input = {...}) on Net, with the shape of one sample.
          @Linear(out = 3) Weighted fc1();
          @ReLU Layer relu1();
        }
        """,
        """
        abstract class ClassNet {
          // expect [LayerWithoutNetwork] Put @Network(input = {...}) on ClassNet
          @ReLU abstract Layer relu1();
        }
        """,
        """
        // expect@"@ReLU" [LayerWithoutNetwork] @ReLU on OnType
        @ReLU class OnType {}
        """);
  }
}
