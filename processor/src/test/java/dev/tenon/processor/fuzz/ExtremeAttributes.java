package dev.tenon.processor.fuzz;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.tenon.annotations.Required;
import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Networks of one layer whose attributes are as small, as large or as odd as their types allow. The
 * layers are those of the list, their attributes are read from the annotations, and what a layer
 * can stand behind is found out: a new layer and a new attribute are tried without another line.
 */
final class ExtremeAttributes {
  private static final JavaClasses ANNOTATIONS =
      new ClassFileImporter().importPackagesOf(Required.class);

  private static final List<String> INTEGERS =
      List.of(
          "Integer.MIN_VALUE",
          "Integer.MIN_VALUE + 1",
          "-1000000000",
          "-3",
          "-2",
          "-1",
          "0",
          "1",
          "2",
          "3",
          "7",
          "46341",
          "65536",
          "1000000",
          "1 << 30",
          "Integer.MAX_VALUE - 1",
          "Integer.MAX_VALUE");

  private static final List<String> NUMBERS =
      List.of(
          "Double.NaN",
          "Double.POSITIVE_INFINITY",
          "Double.NEGATIVE_INFINITY",
          "Double.MAX_VALUE",
          "-Double.MAX_VALUE",
          "1e300",
          "-1e300",
          "3.4028236e38",
          "Float.MAX_VALUE",
          "1e38",
          "1e18",
          "1000.0",
          "1.0",
          "0.5",
          "0.999999999999",
          "0.0",
          "-0.0",
          "-0.5",
          "-1.0",
          "Double.MIN_VALUE",
          "1e-300",
          "1e-46",
          "1e-45",
          "-1e-300");

  /** What a required attribute is where another one is tried; of a string, its own name. */
  private static final Map<Class<?>, String> USUAL =
      Map.of(int.class, "2", int[].class, "2", double.class, "0.5", Class.class, "Odd.class");

  /** Attributes without which, or as usual, their layers are wrong at these places. */
  private static final Map<String, String> NEEDED = Map.of("num", "5", "scale", "2", "value", "-1");

  private static final List<String> INPUTS = List.of("4", "4, 8", "4, 8, 8", "4, 8, 8, 8");

  /** Where a layer may stand; {@code LAYER} is what is on trial. */
  private static final List<String> PLACES =
      List.of(
          "@Network(input = {INPUT}PRECISION) interface NAME { LAYER }",
          "@Network(input = {INPUT}PRECISION) interface NAME {"
              + " @ReLU Layer a(); @Sigmoid Layer b(); @From({\"a\", \"b\"}) LAYER }",
          "@Network(PRECISION) interface NAME { @IndexInput({INPUT}) Layer indices(); LAYER }");

  /** A function and its derivative, for layers that take a class. */
  static final String FUNCTION =
      "final class Odd { static double function(double x) { return x; }"
          + " static double derivative(double x) { return 1; } }";

  /**
   * A network.
   *
   * @param name of its type
   * @param annotation of the layer on trial
   * @param mistakes the most errors that it deserves
   * @param source without package and imports
   */
  record Case(String name, String annotation, int mistakes, String source) {}

  /** A layer at a place where it is right, as long as its attributes are usual. */
  private record Stand(LayerType layer, String place, String input) {}

  private final List<Stand> stands = new ArrayList<>();
  private final SplittableRandom random;
  private int number;

  ExtremeAttributes(long seed) {
    this.random = new SplittableRandom(seed);
    Map<String, Stand> tried = new LinkedHashMap<>();
    List<String> sources = new ArrayList<>(List.of(FUNCTION));
    for (LayerType layer : LayerTypes.all()) {
      for (String place : PLACES) {
        for (String input : INPUTS) {
          Stand stand = new Stand(layer, place, input);
          String name = "Usual" + tried.size();
          tried.put(name, stand);
          sources.add(source(name, stand, Map.of(), ""));
        }
      }
    }
    List<String> right = new ArrayList<>();
    Compiled compiled =
        CompilerHarness.with(
                new TenonProcessor(
                    LayerTypes.all(),
                    (network, report) -> {
                      right.add(network.declaration().typeName());
                      return List.of();
                    }))
            .options("-proc:only")
            .run(sources.toArray(String[]::new));
    if (compiled.messages().contains("[InternalError]")) {
      throw new AssertionError(compiled.messages());
    }
    right.forEach(name -> stands.add(tried.get(name)));
  }

  /** The annotations that are tried. */
  List<String> annotations() {
    return stands.stream().map(stand -> stand.layer().annotation()).distinct().toList();
  }

  /** Every attribute of every layer at each of its extremes, at every place, alone. */
  List<Case> singles() {
    List<Case> cases = new ArrayList<>();
    for (Stand stand : stands) {
      for (Method attribute : attributes(stand.layer())) {
        for (String value : values(attribute)) {
          cases.add(drawn(stand, Map.of(attribute.getName(), value)));
        }
      }
    }
    return cases;
  }

  /** Every two attributes that are numbers, both as large as one another, and all of them. */
  List<Case> together() {
    List<Case> cases = new ArrayList<>();
    for (Stand stand : stands) {
      List<String> whole =
          attributes(stand.layer()).stream()
              .filter(a -> a.getReturnType() == int.class || a.getReturnType() == int[].class)
              .map(Method::getName)
              .toList();
      for (String value : List.of("65536", "1 << 30", "Integer.MAX_VALUE")) {
        for (int i = 0; i < whole.size(); i++) {
          for (int j = i + 1; j < whole.size(); j++) {
            cases.add(drawn(stand, Map.of(whole.get(i), value, whole.get(j), value)));
          }
        }
        if (whole.size() > 2) {
          cases.add(
              drawn(stand, whole.stream().collect(Collectors.toMap(name -> name, n -> value))));
        }
      }
    }
    return cases;
  }

  /** Two or three attributes of a layer at extremes of their own, on inputs that may be as odd. */
  List<Case> drawn(int count) {
    List<Stand> several =
        stands.stream().filter(stand -> attributes(stand.layer()).size() > 1).toList();
    List<Case> cases = new ArrayList<>();
    while (cases.size() < count) {
      Stand stand = several.get(random.nextInt(several.size()));
      List<Method> attributes = attributes(stand.layer());
      Map<String, String> changed = new TreeMap<>();
      int wanted = 2 + random.nextInt(2);
      for (int i = 0; i < wanted; i++) {
        Method attribute = attributes.get(random.nextInt(attributes.size()));
        List<String> values = values(attribute);
        changed.put(attribute.getName(), values.get(random.nextInt(values.size())));
      }
      String input = random.nextInt(3) == 0 ? oddInput(stand) : stand.input();
      Case one = drawn(new Stand(stand.layer(), stand.place(), input), changed);
      // The input may be one mistake more.
      cases.add(new Case(one.name(), one.annotation(), one.mistakes() + 1, one.source()));
    }
    return cases;
  }

  /** An input of as many axes, with one or a large number in the place of each size. */
  private String oddInput(Stand stand) {
    return Stream.of(stand.input().split(", ", -1))
        .map(size -> List.of("1", "1", size, "46341", "2147483647").get(random.nextInt(5)))
        .collect(Collectors.joining(", "));
  }

  /** The list in another order, so that its beginning is a fair part of it. */
  List<Case> shuffled(List<Case> cases) {
    List<Case> shuffled = new ArrayList<>(cases);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Case swapped = shuffled.set(i, shuffled.get(other));
      shuffled.set(other, swapped);
    }
    return shuffled;
  }

  private Case drawn(Stand stand, Map<String, String> changed) {
    String name = "Extreme" + number;
    // Every third in double precision, where more numbers fit.
    String precision = number++ % 3 == 0 ? "precision = Precision.FLOAT64" : "";
    return new Case(
        name,
        stand.layer().annotation(),
        mistakes(stand, changed),
        source(name, stand, changed, precision));
  }

  /** One for each attribute; a class may lack each of the methods that are looked for in it. */
  private static int mistakes(Stand stand, Map<String, String> changed) {
    return attributes(stand.layer()).stream()
        .filter(attribute -> changed.containsKey(attribute.getName()))
        .mapToInt(attribute -> attribute.getReturnType() == Class.class ? 2 : 1)
        .sum();
  }

  private static String source(
      String name, Stand stand, Map<String, String> changed, String precision) {
    String attributes =
        attributes(stand.layer()).stream()
            .flatMap(attribute -> written(attribute, changed))
            .collect(Collectors.joining(", "));
    String layer =
        "@"
            + stand.layer().annotation()
            + (attributes.isEmpty() ? "" : "(" + attributes + ")")
            + " "
            + stand.layer().view().simpleName()
            + " layer();";
    boolean first = stand.place().contains("(PRECISION)");
    return stand
        .place()
        .replace("INPUT", stand.input())
        .replace("PRECISION", precision.isEmpty() || first ? precision : ", " + precision)
        .replace("NAME", name)
        .replace("LAYER", layer);
  }

  private static Stream<String> written(Method attribute, Map<String, String> changed) {
    String name = attribute.getName();
    if (changed.containsKey(name)) {
      return Stream.of(name + " = " + changed.get(name));
    }
    if (NEEDED.containsKey(name) && !changed.containsKey("size")) {
      return Stream.of(name + " = " + NEEDED.get(name));
    }
    return isRequired(attribute)
        ? Stream.of(
            name
                + " = "
                + USUAL.getOrDefault(attribute.getReturnType(), "\"" + attribute.getName() + "\""))
        : Stream.of();
  }

  /** As its class file says; nothing of it is there at run time. */
  private static boolean isRequired(Method attribute) {
    return ANNOTATIONS
        .get(attribute.getDeclaringClass())
        .getMethod(attribute.getName())
        .isAnnotatedWith(Required.class);
  }

  private static List<Method> attributes(LayerType layer) {
    try {
      Class<?> annotation = Class.forName("dev.tenon.annotations." + layer.annotation());
      return Stream.of(annotation.getDeclaredMethods())
          .sorted(Comparator.comparing(Method::getName))
          .toList();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> values(Method attribute) {
    Class<?> type = attribute.getReturnType();
    if (type == int.class) {
      return INTEGERS;
    }
    if (type == double.class) {
      return NUMBERS;
    }
    if (type == boolean.class) {
      return List.of("true", "false");
    }
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(constant -> type.getCanonicalName() + "." + constant)
          .toList();
    }
    if (type == int[].class) {
      List<String> values = new ArrayList<>(List.of("{}", "{1, 1, 1, 1, 1}"));
      for (String value : INTEGERS) {
        values.add(value);
        values.add("{" + value + ", 1}");
        values.add("{1, " + value + "}");
        values.add("{2, " + value + ", 1}");
      }
      return values;
    }
    if (type == double[].class) {
      List<String> values = new ArrayList<>(List.of("{}", "{1, 1, 1, 1, 1}"));
      for (String value : NUMBERS) {
        values.add(value);
        values.add("{" + value + ", 1}");
        values.add("{2, " + value + ", 1}");
      }
      return values;
    }
    if (type == String.class) {
      return List.of("\"\"", "\" \"", "\"none\"", "\"class\"", "\"\\u0000\"", "\"a.b\"");
    }
    if (type == Class.class) {
      return List.of("Odd.class", "void.class", "int.class", "Object.class", "String[].class");
    }
    throw new AssertionError("No extremes of " + type);
  }
}
