package dev.tenon.processor.plan;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.code.EmittedKernels;
import dev.tenon.processor.code.EmittedKernels.Emitted;
import dev.tenon.processor.code.IndexBases;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.code.Statement;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.plan.Plan.PlannedKernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The kernels of a network. Nests whose code is the same share one, whatever their layers; it
 * belongs to the layer of the first, and has a name there.
 */
final class SharedKernels {
  /** Name that kernels are emitted under until it is known whether the same code exists already. */
  static final String PLACEHOLDER = "kernel";

  /** The kernel of each number of {@link EmittedKernels}. */
  private final Map<Integer, Integer> known = new HashMap<>();

  /** The kernel of each code: nests that differ can still have the same. */
  private final Map<List<Method>, Integer> codes = new HashMap<>();

  private final List<PlannedKernel> kernels = new ArrayList<>();

  /** For each layer the names of the methods that it is the first to have. */
  private final Map<String, Set<String>> methodNames = new HashMap<>();

  /**
   * A kernel for a nest.
   *
   * @param number its number among all kernels
   * @param kernel its methods, the one to call first
   * @param isNew whether no nest before had the same code
   */
  record Added(int number, PlannedKernel kernel, boolean isNew) {
    /** As readers know it: {@code conv1.forward}. */
    String name() {
      return kernel.layers().get(0) + "." + kernel.methods().get(0).name();
    }
  }

  /** Adds the code of a nest, emitted under {@link #PLACEHOLDER}. */
  Added add(Emitted emitted, Nest nest) {
    List<Method> methods = emitted.kernel().methods();
    Integer number = known.get(emitted.number());
    if (number == null) {
      List<Method> code =
          methods.stream()
              .map(m -> new Method(m.name(), List.of(), m.parameters(), m.body()))
              .toList();
      number = codes.putIfAbsent(code, kernels.size());
      known.put(emitted.number(), number == null ? kernels.size() : number);
    }
    if (number != null) {
      PlannedKernel kernel = kernels.get(number);
      if (!kernel.layers().contains(nest.layer())) {
        List<String> layers = new ArrayList<>(kernel.layers());
        layers.add(nest.layer());
        kernel = new PlannedKernel(kernel.methods(), layers);
        kernels.set(number, kernel);
      }
      return new Added(number, kernel, false);
    }
    String name = uniqueName(nest, methods);
    PlannedKernel kernel =
        new PlannedKernel(
            methods.stream().map(method -> IndexBases.named(rename(method, name))).toList(),
            List.of(nest.layer()));
    kernels.add(kernel);
    return new Added(kernels.size() - 1, kernel, true);
  }

  /** All kernels in the order in which they were added. */
  List<PlannedKernel> all() {
    return List.copyOf(kernels);
  }

  private String uniqueName(Nest nest, List<Method> methods) {
    Set<String> taken = methodNames.computeIfAbsent(nest.layer(), layer -> new HashSet<>());
    String base = CamelCase.of(nest.name());
    String name = base;
    for (int i = 2; !isFree(name, methods, taken); i++) {
      name = base + i;
    }
    for (Method method : methods) {
      taken.add(renamed(method.name(), name));
    }
    return name;
  }

  private static boolean isFree(String name, List<Method> methods, Set<String> taken) {
    return methods.stream().noneMatch(m -> taken.contains(renamed(m.name(), name)));
  }

  private static String renamed(String method, String name) {
    return name + method.substring(PLACEHOLDER.length());
  }

  private static Method rename(Method method, String name) {
    return new Method(
        renamed(method.name(), name),
        method.comment(),
        method.parameters(),
        rename(method.body(), name));
  }

  private static List<Statement> rename(List<Statement> statements, String name) {
    List<Statement> result = new ArrayList<>();
    for (Statement statement : statements) {
      if (statement instanceof Statement.Invoke invoke) {
        result.add(new Statement.Invoke(renamed(invoke.method(), name), invoke.arguments()));
      } else if (statement instanceof Statement.Loop loop) {
        result.add(
            new Statement.Loop(
                loop.variable(),
                loop.from(),
                loop.to(),
                loop.step(),
                loop.declared(),
                rename(loop.body(), name)));
      } else if (statement instanceof Statement.WhenInside when) {
        result.add(new Statement.WhenInside(when.ranges(), rename(when.body(), name)));
      } else if (statement instanceof Statement.WhenNotFinite when) {
        result.add(new Statement.WhenNotFinite(when.values(), rename(when.body(), name)));
      } else {
        result.add(statement);
      }
    }
    return result;
  }
}
