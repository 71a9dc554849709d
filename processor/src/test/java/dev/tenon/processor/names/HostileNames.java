package dev.tenon.processor.names;

import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.typed.TypedInput;
import dev.tenon.runtime.typed.TypedModel;
import dev.tenon.runtime.typed.TypedOutput;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Draws names that Java allows, of which most mean something in generated code. */
final class HostileNames {
  /** No type can be called like these. */
  private static final Set<String> NO_TYPES =
      Set.of("var", "yield", "record", "sealed", "permits", "_");

  /** Methods that generated models have anyway: the processor refuses layers of these names. */
  static final Set<String> OF_MODELS = new TreeSet<>(Set.of("create"));

  /** No component of a record can be called like these. */
  private static final Set<String> OF_OBJECTS = new TreeSet<>();

  /** Fields, parameters, locals and methods of generated classes. */
  private static final List<String> GENERATED =
      List.of(
          ("state boundary layers pass program batch total inputs outputs input output evaluation"
                  + " seed whole exchange count counters counter parameters gradients runningStats"
                  + " workers samples step from to withInput trainingCapacity predictCapacity other"
                  + " otherWorkers inputGradient inputGradients outputGradient outputGradients n c k p"
                  + " x y i end e builder LANES SPECIES INPUTS OUTPUTS HEAD_FORWARD featureType"
                  + " labelType features value row columns columns2 lanes constant exp tanh run run1"
                  + " forwardLayers reserveTraining declareState1 createViews createViews1 copyViews"
                  + " checkTrainingBatch countEmptyBatch all total0 product totalBatch firstSample"
                  + " blocks blockSize randomKey dropProbability averageFactor weight bias mean"
                  + " Outputs InputGradients Builder Choice ones describeFeatures writeFeatures")
              .split(" "));

  /** Names that are odd for Java, for a file system, or for whoever changes their letters. */
  private static final List<String> ODD =
      List.of(
          ("var yield record sealed permits module open with requires exports when to uses _1 __ $"
                  + " $$ $1 a$b a_b aB A a a$bLayer a$ _a a1 Int Long Float Double Class New Enum"
                  + " Switch If For net NET Net nEt main Main this$0 lambda$0 \u5c42 \u7f51\u7edc"
                  + " \u00df \u0149 \u0390 \ufb01 \u0131 \u0130 \u01c6 \u01c5 \u03c2 \u0100"
                  + " \ud835\udcb3 \ud801\udc28 \ud801\udc00 \u00e9t\u00e9 \u00c9T\u00c9 \u0e01"
                  + " \u20ac \u203f x\u0301 Vector NetVector Plain Comparable Record Iterable Thread"
                  + " Integer Runnable Deprecated FunctionalInterface Number Void Character Process"
                  + " annotations runtime tenon kernel parallel incubator util lang")
              .split(" "));

  static {
    for (Class<?> type :
        List.of(
            SingleModel.class,
            Model.class,
            TypedInput.class,
            TypedModel.class,
            TypedOutput.class,
            Object.class)) {
      for (Method method : type.getDeclaredMethods()) {
        OF_MODELS.add(method.getName());
      }
    }
    for (Method method : Object.class.getDeclaredMethods()) {
      OF_OBJECTS.add(method.getName());
    }
  }

  private final SplittableRandom random;
  private final boolean plain;
  private final List<String> pool = new ArrayList<>();
  private final Map<String, Set<String>> taken = new HashMap<>();
  private int number;

  /**
   * Prepares to draw.
   *
   * @param plain gives harmless names in the same order, for a twin
   */
  HostileNames(SplittableRandom random, boolean plain) {
    this.random = random;
    this.plain = plain;
    pool.addAll(UsedTypes.names());
    pool.addAll(GENERATED);
    pool.addAll(ODD);
  }

  /** Adds what is generated for a network of this name. */
  void network(String prefix) {
    Stream.of("Model", "PlainProgram", "VectorProgram", "Kernels", "VectorKernels", "Ends", "Calls")
        .forEach(suffix -> pool.add(prefix + suffix));
    pool.add(prefix);
  }

  /** A name for a type. */
  String type(String scope) {
    return name(scope, true, Set.of());
  }

  /** A name for a layer, an input or a block. */
  String method(String scope) {
    return name(scope, false, OF_MODELS);
  }

  /** A name for a component of a record. */
  String component(String scope) {
    return name(scope, false, OF_OBJECTS);
  }

  /** A name for a variable, a constant of an enum or a function. */
  String variable(String scope) {
    return name(scope, false, Set.of());
  }

  /** Keeps a name from being drawn in a scope. */
  void take(String scope, String name) {
    taken.computeIfAbsent(scope, s -> new TreeSet<>()).add(name);
  }

  private String name(String scope, boolean type, Set<String> forbidden) {
    Set<String> used = taken.computeIfAbsent(scope, s -> new TreeSet<>());
    if (plain) {
      number++;
      return (type ? "Type" : "name") + number;
    }
    while (true) {
      String name = pool.get(random.nextInt(pool.size()));
      if (random.nextInt(8) == 0) {
        name += pool.get(random.nextInt(pool.size()));
      }
      if (!(type && NO_TYPES.contains(name)) && !forbidden.contains(name) && used.add(name)) {
        return name;
      }
    }
  }
}
