package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** Components of the features that layers read by name, and what is wrong about them. */
final class FeatureComponentsTest {
  private static final String RECORD =
      """

          enum Port { HAMBURG, ROTTERDAM, ANTWERP }
          record Ship(float length, Port home) {}
          record Call(float draught, Port port, Ship ship) {}
        }
      """;

  @Test
  void namedComponentsAreInputsOfTheirOwn() {
    assertDiagnostics(
        """
        @Network(features = Net.Call.class, labels = boolean.class, normalize = true)
        interface Net {
          @From("port") @Embedding(dim = 2) Weighted portCode();
          @From("ship.home") @Embedding(num = 3, dim = 2) Weighted homeCode();
          @From("ship") @Linear(in = 1, out = 2) Weighted shipCode();
          @From({Network.INPUT, "portCode", "homeCode", "shipCode"}) @Concat Layer all();
          @Linear(in = 7, out = 1) Weighted head();
        """
            + RECORD);
  }

  @Test
  void aLayerOfThatNameGoesFirst() {
    assertDiagnostics(
        """
        @Network(features = Net.Call.class)
        interface Net {
          @Linear(in = 8, out = 2) Weighted port();
          @From("port") @ReLU Layer relu();
        """
            + RECORD);
  }

  @Test
  void aBlockReadsAComponentToo() {
    assertDiagnostics(
        """
        @Network(features = Net.Call.class)
        interface Net {
          @From("ship") @Use(Inner.class) Inner inner();
          @From({"inner", Network.INPUT}) @Concat Layer all();
          @Block
          interface Inner {
            @Linear(in = 4, out = 2) Weighted fc();
            @ReLU Layer relu();
          }
        """
            + RECORD);
  }

  @Test
  void anEmbeddingHasARowForEachConstant() {
    assertDiagnostics(
        """
        @Network(features = Net.Call.class)
        interface Net {
          // expect@"4" [FeaturesConstants] @Embedding on portCode: num = 4, but Port, the type of port of Call, has
          //   3 constants. Set num = 3 here, or leave it out.
          @From("port") @Embedding(num = 4, dim = 2) Weighted portCode();
          // expect@"2" [FeaturesConstants] @Embedding on homeCode: num = 2, but Port, the type of ship.home of Call,
          //   has 3 constants.
          @From("ship.home") @Embedding(num = 2, dim = 2) Weighted homeCode();
          @From({Network.INPUT, "portCode", "homeCode"}) @Concat Layer all();
        """
            + RECORD);
  }

  @Test
  void numbersAndConstantsAreReadByOtherLayers() {
    assertDiagnostics(
        """
        @Network(features = Net.Call.class)
        interface Net {
          // expect@"@Linear" [LayerIndices] @Linear on portCode: works on real numbers, but port gives indices. Put an
          //   @Embedding between them, or do not name port: in Network.INPUT an enum has a value for each constant.
          @From("port") @Linear(out = 2) Weighted portCode();
          // expect@"@Embedding" [LayerIndices] @Embedding on code: looks up indices, but draught gives real numbers. Let it
          //   read a component that is an enum.
          @From("draught") @Embedding(num = 3, dim = 2) Weighted code();
          @From({Network.INPUT, "portCode", "code"}) @Concat Layer all();
        """
            + RECORD);
  }

  @Test
  void theOthersAreReadToo() {
    assertDiagnostics(
        """
        // expect [InputUnread] @Network on Net: layers read components of its features by name, but none
        //   reads the others. Read it as Network.INPUT, or leave components out with @Ignore.
        @Network(features = Net.Call.class)
        interface Net {
          @From("port") @Embedding(dim = 2) Weighted portCode();
          @Linear(out = 2) Weighted head();
        """
            + RECORD);
  }

  @Test
  void whereAllAreNamedNothingIsLeft() {
    assertDiagnostics(
        """
        @Network(features = Net.Call.class)
        interface Net {
          // expect@"@ReLU" [FromUnknown] @ReLU on relu: reads what stands above it, but nothing does. Name in @From
          //   what it reads: port, ship, draught.
          @ReLU Layer relu();
          @From("port") @Embedding(dim = 2) Weighted portCode();
          @From("ship") @Linear(out = 2) Weighted shipCode();
          @From("draught") @Linear(out = 2) Weighted draughtCode();
          // expect@".INPUT" [FromUnknown] @Concat on all: @From names Network.INPUT, but layers read every component of
          //   the features by its name, so that nothing is left. Name one of them: port, ship, draught.
          @From({Network.INPUT, "portCode", "shipCode", "draughtCode"}) @Concat Layer all();
        """
            + RECORD);
  }

  @Test
  void aNameThatNoComponentHas() {
    assertDiagnostics(
        """
        @Network(features = Net.Call.class)
        interface Net {
          // expect@""prot"" [FromUnknown] @Embedding on portCode: @From names prot, but there is no such layer. Did you
          //   mean port?
          @From("prot") @Embedding(dim = 2) Weighted portCode();
          @From({Network.INPUT, "portCode"}) @Concat Layer all();
        """
            + RECORD);
  }

  @Test
  void whatFollowsFromAnEnumIsWrittenElsewhere() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @IndexInput Layer port();
          // expect@"@Embedding" [EmbeddingSize] @Embedding on portCode: num is left out, which goes only where it reads an
          //   enum of the features.
          //   port scalar
          //   > portCode @Embedding(dim = 2)
          //   Write how many categories there are, such as num = 300.
          @Embedding(dim = 2) Weighted portCode();
        }
        """);
  }
}
