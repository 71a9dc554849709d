package dev.tenon.processor.ir;

import static dev.tenon.processor.ir.ElementType.DOUBLE;
import static dev.tenon.processor.ir.ElementType.FLOAT;
import static dev.tenon.processor.ir.ElementType.INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.processor.ir.Expr.AccumulatorValue;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Expr.Scalar;
import dev.tenon.processor.ir.Tensor.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One broken nest for every rule. That whole networks keep the rules is held where they run. */
final class NestVerifierTest {
  private static final Axis N = Axis.batch();
  private static final Axis C = new Axis("c", 3);
  private static final Axis X = new Axis("x", 5);
  private static final Tensor INPUT = value("input", Axis.BATCH, 3, 5);
  private static final Tensor OUTPUT = value("output", Axis.BATCH, 3, 5);
  private static final Tensor MEAN = value("mean", 3);
  private static final Expr ONE = Expr.constant(FLOAT, 1);
  private static final Expr SUM = new AccumulatorValue("sum", FLOAT);

  @Test
  void aRightNestHasNoViolations() {
    assertThat(violations(nest().over(N, C, X).store(copy(INPUT, OUTPUT)))).isEmpty();
    assertThat(
            violations(
                nest()
                    .over(C)
                    .reduce(N, X)
                    .sum("sum", ONE, load(INPUT, N, C, X))
                    .store(Store.set(MEAN, SUM, Affine.of(C)))))
        .isEmpty();
  }

  @Test
  void whatRepairsAreSumsAndNothingElse() {
    Store repair = new Store(MEAN, List.of(Affine.of(C)), SUM, Store.Mode.REPAIR);
    Tensor other = value("other", 3);
    Nest.Builder sums = nest().over(C).reduce(X).sum("sum", ONE, ONE).store(repair);
    assertThat(violations(sums)).isEmpty();
    String violation =
        "fc.forward: what repairs are sums, and stores that repair are among themselves";
    assertThat(violations(sums.store(set(other, SUM, C)))).containsExactly(violation);
    assertThat(
            violations(
                nest()
                    .over(C)
                    .store(new Store(MEAN, List.of(Affine.of(C)), ONE, Store.Mode.REPAIR))))
        .containsExactly(violation);
  }

  @Test
  void whatIsRepairedHasBeenWritten() {
    Nest repair =
        Nest.of("fc", "again", "")
            .over(C)
            .reduce(X)
            .sum("sum", ONE, ONE)
            .store(new Store(MEAN, List.of(Affine.of(C)), SUM, Store.Mode.REPAIR))
            .build();
    Step copy = Nest.of("fc", "f", "").over(N, C, X).store(copy(INPUT, OUTPUT)).build();
    assertThatThrownBy(() -> NestVerifier.verify(program(List.of(copy, repair))))
        .hasMessageContaining("fc.again: mean[3] is repaired before it is written");
    Step ones = Nest.of("fc", "ones", "").over(C).store(set(MEAN, ONE, C)).build();
    NestVerifier.verify(program(List.of(copy, ones, repair)));
  }

  @Test
  void namesAreUnique() {
    assertThat(violations(nest().over(C, new Axis("c", 2)).store(set(MEAN, ONE, C))))
        .contains("fc.forward: two axes are named c");
    assertThat(
            violations(
                nest()
                    .over(C)
                    .reduce(X)
                    .sum("sum", ONE, ONE)
                    .sum("sum", ONE, ONE)
                    .store(set(MEAN, SUM, C))))
        .containsExactly("fc.forward: two accumulators are named sum");
  }

  @Test
  void indicesAreInside() {
    Store store = Store.set(OUTPUT, ONE, Affine.of(N), Affine.of(C), Affine.of(X).plus(1));
    assertThat(violations(nest().over(N, C, X).store(store)))
        .containsExactly(
            "fc.forward: store into output[N, 3, 5] reaches from 1 to 5 in dimension 2");
    Expr load = Expr.load(INPUT, Affine.of(N), Affine.of(C), Affine.of(X).times(-1));
    assertThat(violations(nest().over(N, C, X).store(set(OUTPUT, load, N, C, X))))
        .containsExactly("fc.forward: load of input[N, 3, 5] reaches from -4 to 0 in dimension 2");
  }

  @Test
  void paddedLoadsMayReachOutside() {
    Expr load = Expr.padded(INPUT, Outside.ZERO, Affine.of(N), Affine.of(C), Affine.of(X).plus(-2));
    assertThat(violations(nest().over(N, C, X).store(set(OUTPUT, load, N, C, X)))).isEmpty();
  }

  @Test
  void intsHaveNoPadding() {
    Tensor choice = new Tensor("", "choice", INT, Role.VALUE, List.of(5));
    Tensor shifted = new Tensor("", "shifted", INT, Role.VALUE, List.of(5));
    Expr load = Expr.padded(choice, Outside.ZERO, Affine.of(X).plus(1));
    assertThat(violations(nest().over(X).store(set(shifted, load, X))))
        .containsExactly("fc.forward: load of choice[5] of INT has no padding");
  }

  @Test
  void theBatchAxisStaysInFront() {
    Expr sample = Expr.load(INPUT, Affine.of(N).plus(1), Affine.of(C), Affine.of(X));
    assertThat(violations(nest().over(N, C, X).store(set(OUTPUT, sample, N, C, X))))
        .containsExactly("fc.forward: load of input[N, 3, 5] at sample n + 1");
    assertThat(violations(nest().over(N).store(set(MEAN, ONE, N))))
        .containsExactly("fc.forward: store into mean[3] uses the batch axis in dimension 0");
    Expr first = Expr.load(INPUT, Affine.ZERO, Affine.of(C), Affine.ZERO);
    assertThat(violations(nest().over(C).store(set(MEAN, first, C)))).isEmpty();
  }

  @Test
  void everyElementIsWrittenOnce() {
    assertThat(violations(nest().over(C, X).store(set(MEAN, ONE, C))))
        .containsExactly("fc.forward: store into mean[3] does not depend on axis x<5");
    Axis half = new Axis("h", 2);
    assertThat(violations(nest().over(half).store(set(MEAN, ONE, half))))
        .containsExactly("fc.forward: store into mean[3] writes 2 of 3 elements");
    Tensor eight = value("eight", 8);
    Affine overlapping = Affine.of(X).plus(half, 3);
    assertThat(violations(nest().over(half, X).store(Store.set(eight, ONE, overlapping))))
        .containsExactly("fc.forward: store into eight[8] may meet an element twice at 3*h + x");
    Tensor ten = value("ten", 10);
    Affine digits = Affine.of(X).plus(half, 5);
    assertThat(violations(nest().over(half, X).store(Store.set(ten, ONE, digits)))).isEmpty();
  }

  @Test
  void storesBehindAccumulatorsUseParallelAxes() {
    assertThat(
            violations(
                nest().over(C).reduce(X).sum("sum", ONE, ONE).store(set(value("row", 5), SUM, X))))
        .containsExactly("fc.forward: store into row[5] uses axis x<5, which has no value there");
  }

  @Test
  void initialValuesKnowParallelAxesOnly() {
    Tensor row = value("row", 5);
    assertThat(
            violations(
                nest().over(C).reduce(X).sum("sum", load(row, X), ONE).store(set(MEAN, SUM, C))))
        .containsExactly("fc.forward: load of row[5] uses axis x<5, which has no value there");
  }

  @Test
  void sumsDoNotReadAccumulators() {
    assertThat(violations(nest().over(C).reduce(X).sum("sum", ONE, SUM).store(set(MEAN, SUM, C))))
        .containsExactly("fc.forward: accumulator sum is read where it has no value yet");
    assertThat(
            violations(
                nest()
                    .over(C)
                    .reduce(X)
                    .fold("sum", ONE, Expr.max(SUM, ONE))
                    .store(set(MEAN, SUM, C))))
        .isEmpty();
  }

  @Test
  void typesAgree() {
    assertThat(violations(nest().over(C).store(set(MEAN, Expr.constant(DOUBLE, 1), C))))
        .containsExactly("fc.forward: store of DOUBLE into mean[3] of FLOAT");
    assertThat(
            violations(
                nest()
                    .over(C)
                    .reduce(X)
                    .sum("sum", ONE, Expr.constant(DOUBLE, 1))
                    .store(set(MEAN, SUM, C))))
        .containsExactly("fc.forward: accumulator sum of FLOAT gathers DOUBLE");
    Expr key = new Scalar(new HostScalar(HostScalar.Kind.RANDOM_KEY, "fc"));
    assertThat(violations(nest().over(C).store(set(MEAN, Expr.cast(FLOAT, key), C))))
        .containsExactly("fc.forward: a random key is read as a number");
  }

  @Test
  void whatIsReplacedIsReadInPlaceOnly() {
    Tensor reversed = value("reversed", 3);
    Expr other = Expr.load(reversed, Affine.of(C).times(-1).plus(2));
    assertThat(violations(nest().over(C).store(set(reversed, other, C))))
        .containsExactly("fc.forward: reversed[3] is replaced and read at another element");
    Store add = Store.add(MEAN, load(MEAN, C), Affine.of(C));
    assertThat(violations(nest().over(C).store(add)))
        .containsExactly("fc.forward: mean[3] is read and added to");
  }

  @Test
  void programsWriteBeforeTheyReadAndAllThatTheyOwe() {
    Tensor gradient = value("outputGradient", Axis.BATCH, 3, 5);
    Tensor inputGradient = value("inputGradient", Axis.BATCH, 3, 5);
    Tensor predictInput = value("predictInput", Axis.BATCH, 3, 5);
    Tensor predictOutput = value("predictOutput", Axis.BATCH, 3, 5);
    Tensor weight = new Tensor("", "weight", FLOAT, Role.PARAMETER, List.of(3));
    Nest forward =
        nest()
            .over(N, C, X)
            .store(set(OUTPUT, Expr.multiply(load(INPUT, N, C, X), load(weight, C)), N, C, X))
            .build();
    Nest backward =
        Nest.of("fc", "backward", "")
            .over(N, C, X)
            .store(Store.add(inputGradient, load(gradient, N, C, X), at(N, C, X)))
            .build();
    Nest predict =
        Nest.of("fc", "predict", "")
            .over(N, C, X)
            .store(set(predictOutput, load(OUTPUT, N, C, X), N, C, X))
            .build();
    Program program =
        new Program(
            Program.Ends.of(INPUT, OUTPUT, gradient, inputGradient, predictInput, predictOutput),
            List.of(forward),
            List.of(backward),
            List.of(predict));
    assertThatThrownBy(() -> NestVerifier.verify(program))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Broken rules:
            fc.backward: inputGradient[N, 3, 5] is added to before it is written
            the backward does not write the gradient of weight[3]
            fc.predict: output[N, 3, 5] is read before it is written\
            """);
  }

  /** A tensor may be written in slices, which must not meet and must leave nothing out. */
  @Test
  void slicesTileATensor() {
    assertThatThrownBy(() -> NestVerifier.verify(slices(0, 2)))
        .hasMessageContaining("fc.forward: a slice of output[N, 3, 5] is written twice");
    assertThatThrownBy(() -> NestVerifier.verify(slices(1)))
        .hasMessageContaining("the forward does not write output[N, 3, 5]");
    NestVerifier.verify(slices(0, 1, 2));
  }

  /** A network whose forward writes two channels from 0 and one at each of these. */
  private static Program slices(int... channels) {
    List<Step> forward = new ArrayList<>();
    Axis two = new Axis("c", 2);
    boolean whole = channels.length == 3;
    for (int channel : channels) {
      Axis axis = whole || channel != 0 ? new Axis("c", 1) : two;
      Affine at = Affine.of(axis).plus(whole ? channel : Math.min(1, channel));
      forward.add(
          nest()
              .over(N, axis, X)
              .store(
                  Store.set(
                      OUTPUT,
                      Expr.load(INPUT, Affine.of(N), at, Affine.of(X)),
                      Affine.of(N),
                      at,
                      Affine.of(X)))
              .build());
    }
    return program(forward);
  }

  /** A network with this forward. */
  private static Program program(List<Step> forward) {
    Tensor gradient = value("outputGradient", Axis.BATCH, 3, 5);
    Tensor inputGradient = value("inputGradient", Axis.BATCH, 3, 5);
    Tensor predictInput = value("predictInput", Axis.BATCH, 3, 5);
    Tensor predictOutput = value("predictOutput", Axis.BATCH, 3, 5);
    return new Program(
        Program.Ends.of(INPUT, OUTPUT, gradient, inputGradient, predictInput, predictOutput),
        forward,
        List.of(Nest.of("fc", "b", "").over(N, C, X).store(copy(gradient, inputGradient)).build()),
        List.of(
            Nest.of("fc", "p", "").over(N, C, X).store(copy(predictInput, predictOutput)).build()));
  }

  private static List<String> violations(Nest.Builder nest) {
    return NestVerifier.violations(nest.build());
  }

  private static Nest.Builder nest() {
    return Nest.of("fc", "forward", "");
  }

  private static Tensor value(String name, Integer... dims) {
    return new Tensor("", name, FLOAT, Role.VALUE, List.of(dims));
  }

  private static Store copy(Tensor from, Tensor to) {
    return set(to, load(from, N, C, X), N, C, X);
  }

  private static Store set(Tensor tensor, Expr value, Axis... axes) {
    return Store.set(tensor, value, at(axes));
  }

  private static Expr load(Tensor tensor, Axis... axes) {
    return Expr.load(tensor, at(axes));
  }

  private static Affine[] at(Axis... axes) {
    return Arrays.stream(axes).map(Affine::of).toArray(Affine[]::new);
  }
}
