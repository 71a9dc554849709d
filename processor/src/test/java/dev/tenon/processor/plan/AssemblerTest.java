package dev.tenon.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.plan.Assembly.Instance;
import dev.tenon.processor.reference.Networks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Layers that do the same, to arrays and parameters of their own, are instances of one routine. */
class AssemblerTest {
  private static Assembly assembly(Set<String> taken, String... layers) {
    Network network = Networks.of("float32", List.of(6), List.of(layers));
    return Planner.plan(network, Lowerings.lower(network), taken, List.of(BackEnds.PLAIN))
        .plans()
        .get(0)
        .assembly();
  }

  private static Map<String, Instance> byLayer(Assembly assembly) {
    return assembly.instances().stream()
        .collect(Collectors.toMap(Instance::layer, Function.identity()));
  }

  @Test
  void layersOfOneDeclarationAndShapeShareARoutine() {
    Assembly assembly =
        assembly(
            Set.of(),
            "@Linear(out = 6) Weighted first();",
            "@BatchNorm1d BatchNorm bn1();",
            "@Linear(out = 6) Weighted second();",
            "@BatchNorm1d BatchNorm bn2();",
            "@Linear(out = 3) Weighted head();");
    Map<String, Instance> instances = byLayer(assembly);
    assertThat(instances.get("bn2").routine()).isEqualTo(instances.get("bn1").routine());
    assertThat(instances.get("bn1").routine().layers()).containsExactly("bn1", "bn2");
    assertThat(assembly.routines())
        .extracting(Routine::name)
        .containsExactly("LinearOf6", "BatchNorm1dOf6", "LinearOf6_2", "LinearOf3");
    // The first one's gradient of the input is asked for only at times.
    assertThat(instances.get("first").routine()).isNotEqualTo(instances.get("second").routine());
  }

  /** The weights are 36 numbers, the biases 6: so the second begins at 42, and the third at 84. */
  @Test
  void whatSetsInstancesApartAreNumbersAndBuffers() {
    Map<String, Instance> instances =
        byLayer(
            assembly(
                Set.of(),
                "@Linear(out = 6) Weighted first();",
                "@Linear(out = 6) Weighted second();",
                "@Linear(out = 6) Weighted third();"));
    Instance second = instances.get("second");
    Instance third = instances.get("third");
    assertThat(third.routine()).isEqualTo(second.routine());
    assertThat(third.buffers()).hasSameSizeAs(second.buffers()).isNotEqualTo(second.buffers());
    int weight = second.routine().numbers().indexOf("weightOffset");
    assertThat(second.numbers().get(weight)).isEqualTo(42);
    assertThat(third.numbers().get(weight)).isEqualTo(84);
  }

  /** Each batch norm's own statistics are of a fixed size, and no other layer looks at them. */
  @Test
  void memoryOfOneLayerAloneIsItsOwn() {
    Assembly assembly = assembly(Set.of(), "@BatchNorm1d BatchNorm bn();");
    Routine routine = assembly.routines().get(0);
    assertThat(routine.arrays())
        .filteredOn(Routine.Array::isOwn)
        .extracting(Routine.Array::name)
        .contains("batchMean", "invstd", "predictScale")
        .doesNotContain("input", "output");
    assertThat(assembly.instances().get(0).buffers()).contains("input", "bnOutput");
  }

  @Test
  void aPhaseOfALayerIsASectionOfThatName() {
    Assembly assembly =
        assembly(Set.of(), "@Linear(out = 3) Weighted fc();", "@BatchNorm1d BatchNorm bn();");
    assertThat(assembly.forward())
        .containsExactly(new Assembly.Item("fc", "forward"), new Assembly.Item("bn", "forward"));
    assertThat(assembly.backward())
        .containsExactly(new Assembly.Item("bn", "backward"), new Assembly.Item("fc", "backward"));
    assertThat(assembly.predict())
        .containsExactly(new Assembly.Item("fc", "predict"), new Assembly.Item("bn", "predict"));
  }

  @Test
  void aNameThatIsTakenGetsANumber() {
    Assembly assembly = assembly(Set.of("fc", "LinearOf3"), "@Linear(out = 3) Weighted fc();");
    assertThat(assembly.instances().get(0).name()).isEqualTo("fc2");
    assertThat(assembly.routines().get(0).name()).isEqualTo("LinearOf3_2");
  }
}
