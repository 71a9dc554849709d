package dev.tenon.processor.code;

import dev.tenon.processor.ir.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The names of a kernel's tensors, the same in all of its methods and the same for every layer that
 * computes the same thing, so that equal kernels are equal texts and can be shared: a layer's own
 * tensors go by their own name, what it gets from or gives to a neighbour by its role. Training and
 * evaluation use the same names.
 */
final class KernelNames {
  /** Marks the planner's copies as rows; behind it stands for which nest. */
  private static final String ROWS = "Rows";

  private static final String OFFSET = "Offset";

  /** Which the small letter may make of a name: {@code int} of {@code Int}. */
  private static final Set<String> KEYWORDS =
      Set.of(
          ("abstract assert boolean break byte case catch char class const continue default do"
                  + " double else enum extends false final finally float for goto if implements"
                  + " import instanceof int interface long native new null package private"
                  + " protected public return short static strictfp super switch synchronized this"
                  + " throw throws transient true try void volatile while")
              .split(" "));

  private final String layer;
  private final Predicate<String> isBefore;
  private final Map<Tensor, String> names = new LinkedHashMap<>();
  private final Map<Tensor, Meaning> meanings = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /**
   * Prepares the names of one kernel.
   *
   * @param layer the layer that the kernel belongs to
   * @param isBefore whether a layer lies before that one: its output is this one's input
   */
  KernelNames(String layer, Predicate<String> isBefore) {
    this.layer = layer;
    this.isBefore = isBefore;
    taken.addAll(KEYWORDS);
  }

  void reserve(String name) {
    taken.add(name);
  }

  /** The array's name, or for a slice of the state that of its offset. */
  String of(Tensor tensor) {
    return names.computeIfAbsent(
        tensor,
        t -> {
          String name = unique(variable(t.isState() ? base(t) + OFFSET : base(t)));
          String called = t.isState() ? withoutOffset(name) : name;
          meanings.put(t, new Meaning.OfTensor(meanings.size(), called));
          return name;
        });
  }

  /** The array, or for a slice of the state its offset; numbers are in the order of the names. */
  Value.Variable variable(Tensor tensor, CodeType type) {
    return new Value.Variable(type, of(tensor), meanings.get(tensor));
  }

  /** Variables begin with a small letter, and so are never taken for the types that code names. */
  static String variable(String base) {
    int initial = base.codePointAt(0);
    return Character.toString(Character.toLowerCase(initial))
        + base.substring(Character.charCount(initial));
  }

  /** What lies at an offset. */
  private static String withoutOffset(String name) {
    return name.endsWith(OFFSET) ? name.substring(0, name.length() - OFFSET.length()) : name;
  }

  private String base(Tensor tensor) {
    String local = tensor.word();
    if (tensor.layer().isEmpty()) {
      // The network's own: input, inputGradient, predictInput, and what users have of them.
      return switch (local) {
        case "predictInput" -> "input";
        case "usersPredictInput" -> "usersInput";
        case "usersPrediction" -> "usersOutput";
        default -> local;
      };
    }
    boolean before = !tensor.layer().equals(layer) && isBefore.test(tensor.layer());
    return switch (local) {
      case "output", "prediction" -> before ? "input" : "output";
      case "outputGradient" -> before ? "inputGradient" : "outputGradient";
      default -> CamelCase.of(withoutNest(local));
    };
  }

  /** {@code predictScale} as {@code scale}, {@code weightRowsForward} as {@code weightRows}. */
  private static String withoutNest(String local) {
    for (String phase : new String[] {"predict", "forward"}) {
      if (local.startsWith(phase) && local.length() > phase.length()) {
        return Character.toLowerCase(local.charAt(phase.length()))
            + local.substring(phase.length() + 1);
      }
    }
    int rows = local.indexOf(ROWS);
    return rows < 0 ? local : local.substring(0, rows + ROWS.length());
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

  /**
   * Names of one method's locals. What is declared while the method grows goes by a placeholder, as
   * only at the end it is known whether there is one such local or several.
   */
  static final class Locals {
    private static final char PLACEHOLDER = '#';

    private final Set<String> taken;
    private final Map<String, Map<String, String>> placeholders = new LinkedHashMap<>();

    private Locals(Set<String> taken) {
      this.taken = taken;
    }

    /**
     * A placeholder.
     *
     * @param base name of the local; with numbers from 0 behind it when there are several
     * @param alone its name when there is one
     */
    String placeholder(String base, String alone) {
      Map<String, String> same = placeholders.computeIfAbsent(base, b -> new LinkedHashMap<>());
      String name = base + PLACEHOLDER + same.size();
      same.put(name, alone);
      return name;
    }

    /** This name, if it is free; else with a number behind it. */
    String exact(String base) {
      return taken.add(base) ? base : numbered(base, 0);
    }

    private String numbered(String base, int from) {
      int number = from;
      while (!taken.add(base + number)) {
        number++;
      }
      return base + number;
    }

    /**
     * The names that the placeholders stand for.
     *
     * @param declared all declared names in the order of their declarations, which numbers follow
     */
    Map<String, String> resolve(List<String> declared) {
      Map<String, String> resolved = new HashMap<>();
      Map<String, Integer> next = new HashMap<>();
      for (String name : declared) {
        int end = name.indexOf(PLACEHOLDER);
        if (end < 0) {
          continue;
        }
        String base = name.substring(0, end);
        Map<String, String> same = placeholders.get(base);
        String alone = same.get(name);
        boolean single = same.size() == 1 && taken.add(alone);
        resolved.put(name, single ? alone : numbered(base, next.merge(base, 1, Integer::sum) - 1));
      }
      return resolved;
    }
  }
}
