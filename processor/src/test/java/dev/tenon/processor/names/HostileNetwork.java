package dev.tenon.processor.names;

import dev.tenon.processor.declaration.UsedTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A network with everything that has a name, drawn at random: what it is made of depends on the
 * seed alone, and what it is called on the seed and on whether the names are to be plain.
 */
final class HostileNetwork {
  /**
   * Types and annotations that the sources name: they are written by the simple name or in full.
   */
  private static final Set<String> IMPORTED =
      Set.of(
          "Network",
          "Linear",
          "ReLU",
          "Conv2d",
          "BatchNorm2d",
          "MaxPool2d",
          "Flatten",
          "Use",
          "Block",
          "Elementwise",
          "From",
          "Concat",
          "Input",
          "IndexInput",
          "Embedding",
          "Output",
          "Name",
          "Precision",
          "Size",
          "Weighted",
          "Layer",
          "BatchNorm",
          "State",
          "Tensor",
          "List",
          "Deprecated",
          "Serializable",
          "Add",
          "Dropout");

  private static final Map<String, String> HOMES =
      Map.of(
          "Weighted", "dev.tenon.runtime.layer",
          "Layer", "dev.tenon.runtime.layer",
          "BatchNorm", "dev.tenon.runtime.layer",
          "State", "dev.tenon.runtime.state",
          "Tensor", "dev.tenon.runtime",
          "List", "java.util",
          "Deprecated", "java.lang",
          "Serializable", "java.io");

  /** The other package of a twin, with the number of the network behind it. */
  static final String PLAIN_ABROAD = "far.f";

  private final SplittableRandom structure;
  private final HostileNames names;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final String home;

  /** Another package, for some of what the network uses. */
  private final String abroad;

  /** Simple names of types in the other package. */
  private final Set<String> foreign = new TreeSet<>();

  /** Simple names of types in the package. */
  private final Set<String> neighbours = new TreeSet<>();

  /** Whether types may be called like the beginning of a package, and none like what is in one. */
  private final boolean rootsHidden;

  /** Whether a type may hide the network's own package, and then none is called like a used one. */
  private final boolean homeHidden;

  /** Whether the sources can name what is in the other package. */
  private final boolean canBeNamed;

  /** Paths with dots and digits, each of which one layer may have. */
  private final List<String> paths =
      new ArrayList<>(List.of("a.b", "a.b_c", "a_b.c", "int.1", "2", "_1.x", "while"));

  private String modelName;
  private boolean deprecated;
  private boolean several;

  private HostileNetwork(long seed, String home, String abroad, boolean plain) {
    this.structure = new SplittableRandom(seed);
    this.names = new HostileNames(new SplittableRandom(~seed), plain);
    this.home = plain ? "plain.n" + seed : home;
    this.abroad = plain ? PLAIN_ABROAD + seed : abroad;
    // In full, a name in the package Math would mean a member of java.lang.Math.
    this.rootsHidden = structure.nextInt(100) < 25 || home.startsWith("Math.");
    this.canBeNamed = rootsHidden || !isOfJavaLang(first(abroad));
    this.homeHidden = structure.nextBoolean() || home.isEmpty() || isType(first(home));
    List.of("a", "a_b", "_1").forEach(name -> names.take("methods", name));
  }

  /**
   * Draws one.
   *
   * @param home its package, empty for the unnamed one; a twin has one of its own
   * @param abroad another package
   * @param plain whether it is the twin
   */
  static HostileNetwork draw(long seed, String home, String abroad, boolean plain) {
    HostileNetwork network = new HostileNetwork(seed, home, abroad, plain);
    network.draw();
    return network;
  }

  /** The sources by their paths. */
  Map<String, String> files() {
    return files;
  }

  /** The model's qualified name. */
  String modelName() {
    return modelName;
  }

  private boolean chance(int percent) {
    return structure.nextInt(100) < percent;
  }

  // ------------------------------------------------------------------------------- drawing

  private void draw() {
    boolean isInterface = chance(70);
    boolean nested = chance(25);
    boolean typed = chance(35);
    several = !typed && chance(30);
    boolean images = !typed && !several && chance(30);
    deprecated = chance(15);
    boolean withSuper = chance(35);
    boolean isDouble = chance(15);

    String outer = nested ? neighbour() : "";
    String network = nested ? inside(outer) : neighbour();
    if (network.equals(outer)) {
      network += "1";
    }
    names.take("package", network);
    String prefix = nested ? outer + "_" + network : network;
    names.network(prefix);
    for (String suffix :
        List.of(
            "Model",
            "PlainProgram",
            "VectorProgram",
            "Kernels",
            "VectorKernels",
            "Ends",
            "Calls")) {
      names.take("package", prefix + suffix);
    }
    modelName = qualified(prefix + "Model");
    for (String own : List.of(network, outer)) {
      names.take("members", own);
    }

    // What the package holds besides.
    int others = structure.nextInt(6);
    for (int i = 0; i < others; i++) {
      String name = neighbour();
      file(name, "class " + name + " {}\n");
    }
    String block = chance(35) ? typeOfUser() : "";
    String functions = chance(35) ? typeOfUser() : "";
    String features = typed ? typeOfUser() : "";
    // What a record holds has to be public where the record is.
    boolean isForeign = foreign.contains(features);
    String inner = typed && chance(60) ? isForeign ? stranger() : typeOfUser() : "";
    String choice = typed && chance(60) ? isForeign ? stranger() : typeOfUser() : "";
    String labels = typed ? typeOfUser() : "";
    // What stands in the network and in what it extends.
    StringBuilder body = new StringBuilder();
    StringBuilder above = new StringBuilder();
    String parent = withSuper ? neighbour() : "";
    names.take("members", parent);
    int constants = structure.nextInt(9);
    for (int i = 0; i < constants; i++) {
      String name = names.variable("fields");
      StringBuilder into = withSuper && chance(40) ? above : body;
      into.append("  ")
          .append(isInterface || into == above ? "" : chance(50) ? "static " : "")
          .append("int ")
          .append(name)
          .append(" = 1;\n");
    }
    int types = structure.nextInt(6);
    for (int i = 0; i < types; i++) {
      String name = member();
      String kind = List.of("interface", "class", "enum", "record").get(structure.nextInt(4));
      (withSuper && chance(40) ? above : body)
          .append("  ")
          .append(kind)
          .append(" ")
          .append(name)
          .append(kind.equals("record") ? "()" : "")
          .append(" {}\n");
    }

    String attributes = several ? "" : images ? "input = {2, 4, 4}" : "input = 4";
    if (typed) {
      attributes = addEnds(features, inner, choice, labels);
    }
    if (isDouble) {
      attributes +=
          (attributes.isEmpty() ? "" : ", ") + "precision = " + type("Precision") + ".FLOAT64";
    }
    if (several) {
      addSeveral(body, isInterface);
    } else {
      addLayers(body, isInterface, images, block, functions, labels.isEmpty() ? 2 : 3);
    }
    if (!several && chance(40)) {
      addMethods(body, isInterface);
    }
    if (!parent.isEmpty()) {
      file(parent, "interface " + parent + " {\n" + above + "}\n");
    }
    String head =
        (deprecated ? "@" + type("Deprecated") + " " : "")
            + "@"
            + type("Network")
            + (attributes.isEmpty() ? "" : "(" + attributes + ")")
            + "\n"
            + (nested && !isInterface ? "static " : "")
            + (isInterface ? "interface " : "abstract class ")
            + network
            + (parent.isEmpty() ? "" : (isInterface ? " extends " : " implements ") + parent);
    String text = head + " {\n" + body + "}\n";
    if (nested) {
      file(outer, "class " + outer + " {\n" + text + "}\n");
    } else {
      file(network, text);
    }
  }

  private void addLayers(
      StringBuilder body,
      boolean isInterface,
      boolean images,
      String block,
      String functions,
      int outputs) {
    if (images) {
      layer(
          body,
          isInterface,
          "Conv2d",
          "out = 3, kernel = 3, padding = 1, bias = false",
          "Weighted");
      layer(body, isInterface, "BatchNorm2d", "", "BatchNorm");
      layer(body, isInterface, "ReLU", "", "Layer");
      layer(body, isInterface, "MaxPool2d", "kernel = 2", "Layer");
      layer(body, isInterface, "Flatten", "", "Layer");
    }
    layer(body, isInterface, "Linear", "out = 5", "Weighted");
    layer(body, isInterface, "ReLU", "", "Layer");
    if (!block.isEmpty()) {
      StringBuilder inside = new StringBuilder();
      inside.append("  int ").append(names.variable("block fields")).append(" = 1;\n");
      int layers = 2 + 2 * structure.nextInt(2);
      for (int i = 0; i < layers; i++) {
        String method = names.method("block methods");
        inside
            .append("  @")
            .append(i % 2 == 0 ? type("Linear") + "(out = 5) " : type("ReLU") + " ")
            .append(type(i % 2 == 0 ? "Weighted" : "Layer"))
            .append(" ")
            .append(method)
            .append("();\n");
      }
      file(block, "@" + type("Block") + "\ninterface " + block + " {\n" + inside + "}\n");
      boolean list = chance(50);
      String name = names.method("methods");
      String reference = reference(block);
      body.append("  @")
          .append(type("Use"))
          .append("(value = ")
          .append(reference)
          .append(".class")
          .append(list ? ", repeat = 2" : "")
          .append(") ")
          .append(isInterface ? "" : "abstract ")
          .append(list ? type("List") + "<" + reference + ">" : reference)
          .append(" ")
          .append(name)
          .append("();\n");
    }
    if (!functions.isEmpty()) {
      layer(body, isInterface, "Linear", "out = 5", "Weighted");
      String function = names.variable("functions");
      String derivative = names.variable("functions");
      file(
          functions,
          "class "
              + functions
              + " {\n  public static double "
              + function
              + "(double x) { return x * x; }\n  public static double "
              + derivative
              + "(double x) { return 2 * x; }\n"
              + (chance(50)
                  ? "  public static float " + function + "(float x) { return x * x; }\n"
                  : "")
              + "}\n");
      layer(
          body,
          isInterface,
          "Elementwise",
          "type = "
              + reference(functions)
              + ".class, function = \""
              + function
              + "\", derivative = \""
              + derivative
              + "\"",
          "Layer");
    }
    int more = structure.nextInt(4);
    for (int i = 0; i < more; i++) {
      layer(body, isInterface, "Linear", "out = 5", "Weighted");
      layer(body, isInterface, "ReLU", "", "Layer");
    }
    layer(body, isInterface, "Linear", "out = " + outputs, "Weighted");
  }

  private void layer(
      StringBuilder body, boolean isInterface, String annotation, String attributes, String view) {
    body.append("  ");
    if (chance(25) && !paths.isEmpty()) {
      String path = paths.remove(structure.nextInt(paths.size()));
      body.append("@").append(type("Name")).append("(\"").append(path).append("\") ");
    }
    if (deprecated && chance(30)) {
      body.append("@").append(type("Deprecated")).append(" ");
    }
    body.append("@")
        .append(type(annotation))
        .append(attributes.isEmpty() ? "" : "(" + attributes + ")")
        .append(" ")
        .append(isInterface ? "" : "abstract ")
        .append(type(view))
        .append(" ")
        .append(names.method("methods"))
        .append("();\n");
  }

  /** Two inputs, one of them of indices, and two outputs. */
  private void addSeveral(StringBuilder body, boolean isInterface) {
    String mark = isInterface ? "" : "abstract ";
    String numbers = names.method("methods");
    String kinds = names.method("methods");
    String code = names.method("methods");
    String both = names.method("methods");
    String one = names.method("methods");
    String two = names.method("methods");
    body.append("  @" + type("Input") + "(4) " + mark + type("Layer") + " " + numbers + "();\n");
    body.append("  @" + type("IndexInput") + " " + mark + type("Layer") + " " + kinds + "();\n");
    body.append(
        "  @"
            + type("Embedding")
            + "(num = 3, dim = 2) "
            + mark
            + type("Weighted")
            + " "
            + code
            + "();\n");
    body.append(
        "  @"
            + type("From")
            + "({\""
            + numbers
            + "\", \""
            + code
            + "\"}) @"
            + type("Concat")
            + " "
            + mark
            + type("Layer")
            + " "
            + both
            + "();\n");
    body.append(
        "  @"
            + type("Output")
            + " @"
            + type("Linear")
            + "(out = 2) "
            + mark
            + type("Weighted")
            + " "
            + one
            + "();\n");
    body.append(
        "  @"
            + type("Output")
            + " @"
            + type("From")
            + "(\""
            + both
            + "\") @"
            + type("Linear")
            + "(out = 3) "
            + mark
            + type("Weighted")
            + " "
            + two
            + "();\n");
  }

  /** A record, perhaps with another in it, and an enum or a record of booleans; the attributes. */
  private String addEnds(String features, String inner, String choice, String labels) {
    String number = names.component("components");
    String flag = names.component("components");
    String array = names.component("components");
    StringBuilder components = new StringBuilder();
    components
        .append("float ")
        .append(number)
        .append(", boolean ")
        .append(flag)
        .append(", @")
        .append(type("Size"))
        .append("(2) float[] ")
        .append(array);
    if (!inner.isEmpty()) {
      file(
          inner,
          "record "
              + inner
              + "(double "
              + names.component("inner")
              + ", int "
              + names.component("inner")
              + ") {}\n");
      component(components, inner);
    }
    if (!choice.isEmpty()) {
      file(choice, "enum " + choice + " { " + constants() + " }\n");
      component(components, choice);
    }
    boolean isEnum = chance(60);
    if (isEnum) {
      file(labels, "enum " + labels + " { " + constants() + " }\n");
    } else {
      file(
          labels,
          "record "
              + labels
              + "(boolean "
              + names.component("flags")
              + ", boolean "
              + names.component("flags")
              + ", boolean "
              + names.component("flags")
              + ") {}\n");
    }
    file(features, "record " + features + "(" + components + ") {}\n");
    return "features = " + reference(features) + ".class, labels = " + reference(labels) + ".class";
  }

  private void component(StringBuilder components, String type) {
    components
        .append(", ")
        .append(reference(type))
        .append(" ")
        .append(names.component("components"));
  }

  private String constants() {
    return names.variable("constants")
        + ", "
        + names.variable("constants")
        + ", "
        + names.variable("constants");
  }

  /** Methods with bodies that are called like those that models have for themselves. */
  private void addMethods(StringBuilder body, boolean isInterface) {
    String mark = isInterface ? "  default " : "  ";
    String tensors = type("Tensor") + "[] a";
    for (String signature :
        List.of(
            "int forward(" + tensors + ", boolean b)",
            "int backward(" + tensors + ", " + type("Tensor") + "[] b)",
            "int checkTrainingBatch(int a, boolean b)",
            "int createViews1(" + type("State") + " a)",
            "int countEmptyBatch(long[] a)",
            "int checkPredictBatch(int a)")) {
      if (chance(50)) {
        body.append(mark).append(signature).append(" { return 1; }\n");
      }
    }
  }

  // --------------------------------------------------------------------------------- names

  private String neighbour() {
    while (true) {
      String name = names.type("package");
      if (mayHide(name)) {
        neighbours.add(name);
        return name;
      }
    }
  }

  /** A network in another type, where it hides what the sources name. */
  private String inside(String outer) {
    while (true) {
      String name = names.type("inside " + outer);
      if (mayHide(name) && !IMPORTED.contains(name)) {
        return name;
      }
    }
  }

  private String member() {
    while (true) {
      String name = names.type("members");
      boolean named = !home.isEmpty() && !rootsHidden;
      boolean own =
          neighbours.contains(name) || foreign.contains(name) || modelName.equals(qualified(name));
      if (mayHide(name) && (named || !own) && !(rootsHidden && isUsed(name) && !isRoot(name))) {
        return name;
      }
    }
  }

  /** A type of the package or, at times, of another one. */
  private String typeOfUser() {
    return chance(25) && canBeNamed ? stranger() : neighbour();
  }

  private String stranger() {
    while (true) {
      String name = names.type("package");
      // A type of a package that cannot be named is imported, and what is called like it is not.
      boolean hides = isRoot(name) || name.equals(first(abroad));
      if (!hides && !(isUsed(name) && (rootsHidden || isType(first(abroad))))) {
        foreign.add(name);
        return name;
      }
    }
  }

  /** A type may hide a package or what is in it, but not both: that is an error of ours. */
  private boolean mayHide(String name) {
    if (name.equals(first(abroad))) {
      return false;
    }
    boolean own = name.equals(first(home));
    if (!rootsHidden) {
      return !own && !isRoot(name);
    }
    if (isRoot(name)) {
      return true;
    }
    if (homeHidden) {
      return !isUsed(name);
    }
    return !own && !IMPORTED.contains(name);
  }

  private static boolean isRoot(String name) {
    return UsedTypes.ROOTS.contains(name);
  }

  private static boolean isUsed(String name) {
    return IMPORTED.contains(name) || UsedTypes.names().contains(name);
  }

  /** Whether a name by itself may mean a type, in sources or in what is generated for them. */
  private static boolean isType(String name) {
    return isUsed(name) || isOfJavaLang(name);
  }

  private static boolean isOfJavaLang(String name) {
    try {
      Class.forName("java.lang." + name);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String first(String name) {
    return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
  }

  /** As the sources write a type of the annotations or of the runtime. */
  private String type(String simple) {
    return rootsHidden
        ? simple
        : HOMES.getOrDefault(simple, "dev.tenon.annotations") + "." + simple;
  }

  private String reference(String neighbour) {
    return rootsHidden || (home.isEmpty() && !foreign.contains(neighbour))
        ? neighbour
        : qualified(neighbour);
  }

  private String qualified(String simple) {
    String in = foreign.contains(simple) ? abroad : home;
    return in.isEmpty() ? simple : in + "." + simple;
  }

  private void file(String simple, String text) {
    boolean isForeign = foreign.contains(simple);
    String in = isForeign ? abroad : home;
    StringBuilder whole = new StringBuilder();
    if (!in.isEmpty()) {
      whole.append("package ").append(in).append(";\n");
    }
    if (rootsHidden) {
      for (String name : new TreeSet<>(IMPORTED)) {
        whole
            .append("import ")
            .append(HOMES.getOrDefault(name, "dev.tenon.annotations"))
            .append(".")
            .append(name)
            .append(";\n");
      }
      foreign.stream()
          .filter(name -> files.containsKey(path(name)))
          .forEach(name -> whole.append("import ").append(qualified(name)).append(";\n"));
    }
    String mark = !isForeign ? "" : text.startsWith("@") ? "" : "public ";
    String visible =
        isForeign && text.startsWith("@") ? text.replaceFirst("\n", "\npublic ") : text;
    files.put(path(simple), whole + mark + visible);
  }

  private String path(String simple) {
    return qualified(simple).replace('.', '/') + ".java";
  }
}
