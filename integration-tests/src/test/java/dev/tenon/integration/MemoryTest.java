package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a model keeps, and what it lets go of. */
@Timeout(300)
class MemoryTest {
  private static final List<String> LAYERS =
      List.of(
          "@Conv2d(out = 8, kernel = 3, padding = 1, bias = false) Weighted conv();",
          "@BatchNorm2d BatchNorm bn();",
          "@ReLU Layer relu();",
          "@MaxPool2d(kernel = 2) Layer pool();",
          "@Flatten Layer flat();",
          "@Dropout(p = 0.5) Layer drop();",
          "@Linear(out = 64) Weighted fc();",
          "@BatchNorm1d BatchNorm bn2();",
          "@Linear(out = 4) Weighted head();");

  private static final CompiledNetwork NETWORK =
      CompiledNetwork.of("Kept", "input = {1, 12, 12}", LAYERS);

  @Test
  void trimGivesBackWhatALargeBatchTook() throws ReflectiveOperationException {
    SingleModel model = NETWORK.create(1);
    SingleModel twin = NETWORK.create(1);
    long small = elements(model);
    step(model, 64);
    step(twin, 64);
    long large = elements(model);
    assertThat(large).isGreaterThan(64L * 8 * 12 * 12);
    model.trim();
    // What is left does not depend on the batch.
    assertThat(elements(model)).isLessThanOrEqualTo(small).isLessThan(large / 5);
    List<String> bits = Samples.bits(model);
    assertThat(bits).isEqualTo(Samples.bits(twin));

    for (int batch : new int[] {2, 64, 3}) {
      assertThat(step(model, batch)).isEqualTo(step(twin, batch));
      model.trim();
      model.trim();
    }
    // As much as the small batch needs, and no more.
    step(model, 2);
    assertThat(elements(model) - small).isLessThan((large - small) / 10);
  }

  @Test
  void trimForgetsABackwardThatIsDueAndLeavesResultsAlone() {
    for (boolean split : new boolean[] {false, true}) {
      SingleModel model = NETWORK.create(1);
      SingleModel twin = NETWORK.create(1);
      if (split) {
        model = PiecewiseModel.of(model, 2, 1);
        twin = PiecewiseModel.of(twin, 2, 1);
      }
      SingleModel trimmed = model;
      Tensor gradient = Samples.outputGradient(model, 2, 8);
      Tensor prediction = model.predict(Samples.input(model, 4, 8));
      Tensor output = model.forward(Samples.input(model, 1, 8));
      String before = Samples.bits(output) + Samples.bits(prediction);
      model.trim();
      assertThatThrownBy(() -> trimmed.backward(gradient))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("trim gave back the memory")
          .hasMessageContaining("Call forward again first.");
      model.undoForward();
      assertThat(step(model, 8)).isEqualTo(step(twin, 8));
      assertThat(Samples.bits(output) + Samples.bits(prediction)).isEqualTo(before);
    }
  }

  /** A training step without an optimiser, and an evaluation: every bit that can be seen. */
  private static List<String> step(SingleModel model, int batch) {
    List<String> bits = new ArrayList<>();
    bits.add(Samples.bits(model.forward(Samples.input(model, 11, batch))));
    bits.add(Samples.bits(model.backwardToInput(Samples.outputGradient(model, 12, batch))));
    bits.add(Samples.bits(model.predict(Samples.input(model, 13, batch))));
    bits.addAll(Samples.bits(model));
    return bits;
  }

  /** Elements of all arrays of the program, apart from those of the state. */
  private static long elements(SingleModel model) throws ReflectiveOperationException {
    Object program = field(model, "program");
    long sum = 0;
    for (Field field : program.getClass().getDeclaredFields()) {
      field.setAccessible(true);
      Object value = field.get(program);
      if (value != null
          && value.getClass().isArray()
          && !List.of("parameters", "gradients", "runningStats").contains(field.getName())) {
        sum += elementsOf(value);
      }
    }
    return sum;
  }

  private static long elementsOf(Object array) {
    long sum = 0;
    for (int i = 0; i < Array.getLength(array); i++) {
      Object element = Array.get(array, i);
      sum += element != null && element.getClass().isArray() ? elementsOf(element) : 1;
    }
    return sum;
  }

  private static Object field(Object object, String name) throws ReflectiveOperationException {
    Field field = object.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(object);
  }

  @Test
  @SuppressWarnings("BusyWait") // The collector tells nobody when it is done.
  void aModelThatHasTrainedCanBeUnloadedWithItsClasses() throws InterruptedException {
    // So that the pool's threads are started by a class of the loader, with it on the stack.
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("tenon-"))) {
      Thread.sleep(50);
    }
    WeakReference<ClassLoader> loader = train();
    long end = System.nanoTime() + 100_000_000_000L;
    while (loader.get() != null && System.nanoTime() < end) {
      System.gc();
      Thread.sleep(20);
      // Whoever works for others now must not need what it did before.
      step(NETWORK.create(2), 64);
    }
    assertThat(loader.get()).isNull();
  }

  /** Steps on all cores and in pieces, and one that fails, in a thread of the loader's. */
  private static WeakReference<ClassLoader> train() throws InterruptedException {
    CompiledNetwork network = CompiledNetwork.of("Unloaded", "input = {1, 12, 12}", LAYERS);
    SingleModel model = network.create(1);
    ClassLoader loader = model.getClass().getClassLoader();
    Thread caller =
        new Thread(
            () -> {
              step(model, 64);
              step(PiecewiseModel.of(model, 2, 2), 64);
              model.warmUp(64);
            });
    caller.setContextClassLoader(loader);
    caller.start();
    caller.join();
    return new WeakReference<>(loader);
  }
}
