package dev.tenon.processor.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.code.EmittedKernels.Emitted;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nests that have the same code are found before it is written out. */
class EmittedKernelsTest {
  private static final Axis N = Axis.batch();
  private static final Axis C = new Axis("c", 6);

  private final EmittedKernels kernels =
      new EmittedKernels("kernel", Map.of("a", 0, "b", 1, "c", 2));

  /** {@code layer.output = factor * from.output}. */
  private static ScheduledNest scaled(String layer, String from, double factor, int unroll) {
    Tensor input = tensor(from);
    Expr value =
        new Expr.Binary(
            Expr.BinaryOp.MULTIPLY,
            Expr.constant(ElementType.FLOAT, factor),
            new Expr.Load(input, List.of(Affine.of(N), Affine.of(C)), Expr.Outside.NEVER));
    Nest nest =
        Nest.of(layer, "forward", layer + " scales " + from)
            .over(N, C)
            .store(Store.set(tensor(layer), value, Affine.of(N), Affine.of(C)))
            .build();
    List<Loop> loops = List.of(Loop.plain(N), Loop.unrolled(C, unroll));
    return new ScheduledNest(
        nest, List.of(List.of()), new Schedule(loops, loops.size(), Integer.MAX_VALUE));
  }

  private static Tensor tensor(String layer) {
    return new Tensor(
        layer, "output", ElementType.FLOAT, Tensor.Role.VALUE, List.of(Axis.BATCH, 6));
  }

  @Test
  void layersThatRepeatHaveOneCode() {
    Emitted b = kernels.emit(scaled("b", "a", 2, 1));
    Emitted c = kernels.emit(scaled("c", "b", 2, 1));

    assertThat(c.number()).isEqualTo(b.number());
    assertThat(c.kernel().methods().get(0).body()).isSameAs(b.kernel().methods().get(0).body());
    assertThat(c.longest()).isEqualTo(b.longest()).isPositive();
  }

  @Test
  void eachKeepsItsTensorsAndItsComment() {
    kernels.emit(scaled("b", "a", 2, 1));
    Emitted c = kernels.emit(scaled("c", "b", 2, 1));

    List<String> parameters = new ArrayList<>();
    for (Value.Variable parameter : c.kernel().methods().get(0).parameters()) {
      if (parameter.meaning() instanceof Meaning.OfTensor of) {
        parameters.add(parameter.name() + " is " + c.kernel().tensors().get(of.number()));
      }
    }
    assertThat(parameters)
        .containsExactlyInAnyOrder("output is " + tensor("c"), "input is " + tensor("b"));
    assertThat(c.kernel().methods().get(0).comment()).containsExactly("c scales b");
  }

  @Test
  void whatIsEmittedAgainIsTheSameAsAtFirst() {
    kernels.emit(scaled("b", "a", 2, 1));
    ScheduledNest nest = scaled("c", "b", 2, 1);

    assertThat(kernels.emit(nest).kernel())
        .isEqualTo(KernelEmitter.emit(nest, "kernel", layer -> layer.equals("b")));
  }

  @Test
  void otherNumbersOrLoopsOrNeighboursHaveOtherCode() {
    List<Integer> numbers =
        List.of(
            kernels.emit(scaled("b", "a", 2, 1)).number(),
            kernels.emit(scaled("b", "a", 3, 1)).number(),
            kernels.emit(scaled("b", "a", 2, 2)).number(),
            // What it reads lies behind it, so it has another name.
            kernels.emit(scaled("b", "c", 2, 1)).number());

    assertThat(numbers).doesNotHaveDuplicates();
  }
}
