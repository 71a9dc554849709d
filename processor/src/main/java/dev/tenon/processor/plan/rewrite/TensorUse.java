package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which tensors a step reads and writes, by name. */
final class TensorUse {
  private TensorUse() {}

  static Set<String> reads(Step step) {
    if (step.bare() instanceof Step.Join join) {
      return names(join);
    }
    return step.nest().stream()
        .flatMap(nest -> nest.loads().stream())
        .map(load -> load.tensor().name())
        .collect(Collectors.toSet());
  }

  static Set<String> writes(Step step) {
    if (step.bare() instanceof Step.Join join) {
      return names(join);
    }
    return step.nest().stream()
        .flatMap(nest -> nest.stores().stream())
        .map(store -> store.tensor().name())
        .collect(Collectors.toSet());
  }

  private static Set<String> names(Step.Join join) {
    return join.tensors().stream().map(Tensor::name).collect(Collectors.toSet());
  }

  static List<Load> loadsOf(Nest nest, String tensor) {
    return nest.loads().stream().filter(load -> load.tensor().name().equals(tensor)).toList();
  }

  static List<Store> storesTo(Nest nest, String tensor) {
    return nest.stores().stream().filter(s -> s.tensor().name().equals(tensor)).toList();
  }
}
