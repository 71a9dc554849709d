package dev.tenon.processor.code;

import dev.tenon.processor.ir.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The names of a kernel's tensors, the same in all of its methods and the same for every layer that
 * computes the same thing, so that equal kernels are equal texts and can be shared: a layer's own
 * tensors go by their own name, what it gets from or gives to a neighbour by its role.
 */
final class KernelNames {
  private final String layer;
  private final Map<Tensor, String> names = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();

  KernelNames(String layer) {
    this.layer = layer;
  }

  void reserve(String name) {
    taken.add(name);
  }

  String of(Tensor tensor) {
    return names.computeIfAbsent(tensor, t -> unique(base(t)));
  }

  private String base(Tensor tensor) {
    String name = tensor.name();
    boolean own = name.startsWith(layer + ".");
    String local =
        own ? name.substring(layer.length() + 1) : name.substring(name.lastIndexOf('.') + 1);
    if (local.equals("prediction") || local.equals("output")) {
      return own ? "output" : "input";
    }
    if (local.equals("predictInput")) {
      return "input";
    }
    if (local.equals("outputGradient")) {
      return own ? "outputGradient" : "inputGradient";
    }
    if (local.startsWith("predict") && local.length() > 7) {
      local = Character.toLowerCase(local.charAt(7)) + local.substring(8);
    }
    return CamelCase.of(local);
  }

  private String unique(String base) {
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + i;
    }
    return name;
  }

  /** Hands out names of locals inside one method. */
  Locals locals() {
    return new Locals(new HashSet<>(taken));
  }

  /** Names of one method. */
  static final class Locals {
    private final Set<String> taken;
    private final Map<String, Integer> next = new HashMap<>();

    private Locals(Set<String> taken) {
      this.taken = taken;
    }

    void reserve(String name) {
      taken.add(name);
    }

    /** The base with the next free number behind it, from 0. */
    String numbered(String base) {
      String name;
      do {
        int number = next.merge(base, 1, Integer::sum) - 1;
        name = base + number;
      } while (!taken.add(name));
      return name;
    }

    /** {@code base} if free, else numbered. */
    String named(String base) {
      return taken.add(base) ? base : numbered(base);
    }
  }
}
