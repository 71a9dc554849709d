package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.Member;
import dev.tenon.processor.declaration.OutputDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.StateView;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * Reads a network's methods: which of them are layers, and whether they can be. Blocks are read
 * where they are used, so that a network is a list of layers, whose names are paths.
 */
final class LayerReader {
  /**
   * The most layers of a network. A class file has room for some more; what is above this is a slip
   * in {@code repeat}, for which nobody wants to wait.
   */
  static final int MOST_LAYERS = 2000;

  private static final Pattern PATH = Pattern.compile("\\w+(\\.\\w+)*");

  private final Elements elements;
  private final AttributeReader attributes;
  private final Unresolved unresolved;
  private final GeneratedApi generated;
  private final Map<String, StateView> layers;

  LayerReader(
      Elements elements,
      AttributeReader attributes,
      Unresolved unresolved,
      GeneratedApi generated,
      Map<String, StateView> layers) {
    this.elements = elements;
    this.attributes = attributes;
    this.unresolved = unresolved;
    this.generated = generated;
    this.layers = new TreeMap<>(layers);
  }

  /**
   * What was read of a network's methods.
   *
   * @param layers in source order, those of blocks in the places of their uses
   * @param inputs what the network's own methods declare as inputs
   * @param outputs what they mark as outputs
   * @param members what the network's own methods show
   * @param methods the methods that places refer to: the network's own, then those of blocks
   */
  record Read(
      List<LayerDeclaration> layers,
      List<InputDeclaration> inputs,
      List<OutputDeclaration> outputs,
      List<Member> members,
      List<ExecutableElement> methods) {}

  /**
   * Reads the layers in source order. One that cannot be told keeps its place, {@link
   * LayerDeclaration#unreadable}.
   */
  Read read(TypeElement type, List<ExecutableElement> members, Report report) {
    Reading reading = new Reading(report, members, packageOf(type));
    List<Member> read =
        new OneType(reading, type, members, i -> i, "", List.of(), List.of(), type, noInput())
            .read();
    return new Read(reading.layers(), reading.inputs, reading.outputs, read, reading.methods);
  }

  private static Input noInput() {
    return new Input(Optional.empty(), () -> LayerDeclaration.INPUT);
  }

  private String packageOf(TypeElement type) {
    return elements.getPackageOf(type).getQualifiedName().toString();
  }

  /**
   * What flows into a type's layers.
   *
   * @param from the {@code @From} of the first of them, if it does not read the layer above
   * @param name of the layer that gives it, known when all layers are
   */
  private record Input(Optional<Supplier<Attributes>> from, Supplier<String> name) {}

  /** What is gathered while a network and its blocks are read. */
  private static final class Reading {
    private final Report report;
    private final List<ExecutableElement> methods;
    private final String home;
    private final Map<TypeElement, Integer> firstMethods = new HashMap<>();
    private final List<LayerDeclaration> drafts = new ArrayList<>();
    private final List<Supplier<Optional<Attributes>>> reads = new ArrayList<>();
    private final TreeSet<String> names = new TreeSet<>();
    private final List<InputDeclaration> inputs = new ArrayList<>();
    private final List<OutputDeclaration> outputs = new ArrayList<>();

    /** What stands last so far: a layer or an input. */
    private String last = LayerDeclaration.INPUT;

    Reading(Report report, List<ExecutableElement> methods, String home) {
      this.report = report;
      this.methods = new ArrayList<>(methods);
      this.home = home;
    }

    /** Adds a layer; what it reads is asked for when all layers are there. */
    void add(LayerDeclaration layer, Supplier<Optional<Attributes>> from) {
      drafts.add(layer);
      reads.add(from);
      last = layer.name();
    }

    List<LayerDeclaration> layers() {
      List<LayerDeclaration> layers = new ArrayList<>();
      for (int i = 0; i < drafts.size(); i++) {
        layers.add(drafts.get(i).reading(reads.get(i).get()));
      }
      return layers;
    }

    /** Whether there are more layers than a network may have; nothing else is read then. */
    boolean isFull() {
      return drafts.size() > MOST_LAYERS;
    }

    /** A layer of this name, or one whose state could have names of this one's. */
    Optional<String> clash(String path) {
      for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
        if (names.contains(path.substring(0, dot))) {
          return Optional.of(path.substring(0, dot));
        }
      }
      return names.contains(path)
          ? Optional.of(path)
          : Optional.ofNullable(names.ceiling(path + "."))
              .filter(name -> name.startsWith(path + "."));
    }

    void add(InputDeclaration input) {
      inputs.add(input);
      last = input.name();
    }

    /** The layer or input that stands last so far, or the network's only input. */
    String last() {
      return last;
    }

    /** The number of the first method of a block whose source is there. */
    int firstMethod(TypeElement block, List<ExecutableElement> ofBlock) {
      return firstMethods.computeIfAbsent(
          block,
          b -> {
            methods.addAll(ofBlock);
            return methods.size() - ofBlock.size();
          });
    }
  }

  /** The methods of one network or of one use of a block, and the names that are taken in it. */
  private final class OneType {
    private final Reading reading;
    private final TypeElement type;
    private final List<ExecutableElement> members;
    private final IntUnaryOperator places;
    private final String prefix;
    private final List<Integer> sizes;
    private final List<TypeElement> within;
    private final TypeElement network;
    private final Input input;
    private final Report report;
    private final Set<String> taken = new HashSet<>();
    private final List<Member> shown = new ArrayList<>();

    /** The layer that gives what a method stands for, by the method's name. */
    private final Map<String, String> outputs = new HashMap<>();

    private boolean isFirst = true;

    /**
     * Prepares to read.
     *
     * @param places the number of a method among all of the network's
     * @param prefix of the names of layers
     * @param sizes what the use gives
     * @param within the blocks around it
     */
    OneType(
        Reading reading,
        TypeElement type,
        List<ExecutableElement> members,
        IntUnaryOperator places,
        String prefix,
        List<Integer> sizes,
        List<TypeElement> within,
        TypeElement network,
        Input input) {
      this.reading = reading;
      this.type = type;
      this.members = members;
      this.places = places;
      this.prefix = prefix;
      this.sizes = sizes;
      this.within = within;
      this.network = network;
      this.input = input;
      this.report = reading.report;
      members.forEach(member -> taken.add(member.getSimpleName().toString()));
    }

    List<Member> read() {
      for (int i = 0; i < members.size() && !reading.isFull(); i++) {
        read(i);
        if (reading.isFull() && within.isEmpty()) {
          reportTooMany(i);
        }
      }
      return shown;
    }

    private void read(int member) {
      ExecutableElement method = members.get(member);
      List<AnnotationMirror> mirrors = Mirrors.layers(method);
      Optional<AnnotationMirror> use = Mirrors.named(method, Mirrors.USE);
      Optional<AnnotationMirror> end = Mirrors.input(method);
      if (end.isPresent()) {
        readInput(member, method, end.get());
        return;
      }
      if (mirrors.isEmpty() && use.isEmpty()) {
        if (!method.getModifiers().contains(Modifier.ABSTRACT)
            || generated.isImplementedByObject(method)) {
          Mirrors.ours(method).stream().findFirst().ifPresent(m -> reportAlone(member, m));
          return;
        }
        if (!unresolved.hasAnnotation(method)) {
          reportMissing(member, method);
        }
        addUnreadable(member);
        return;
      }
      String annotation = Mirrors.simpleName(use.orElseGet(() -> mirrors.get(0)));
      checkMethod(member, method, annotation);
      if (use.isPresent() && !mirrors.isEmpty()) {
        String layer = Mirrors.simpleName(mirrors.get(0));
        add(
            ReadProblems.STACKED,
            member,
            layer,
            "one method is one layer or one block, but here is @Use as well.",
            "Move one of them to a method of its own.");
        addUnreadable(member);
      } else if (unresolved.hasAnnotation(method)) {
        addUnreadable(member);
      } else if (use.isPresent()) {
        readUse(member, method, use.get());
      } else if (!isOneLayer(member, mirrors)) {
        addUnreadable(member);
      } else {
        readLayer(member, method, mirrors.get(0));
      }
    }

    // --------------------------------------------------------------------------- inputs, outputs

    private void readInput(int member, ExecutableElement method, AnnotationMirror mirror) {
      String annotation = Mirrors.simpleName(mirror);
      String name = method.getSimpleName().toString();
      checkMethod(member, method, annotation);
      // Whatever else is said about an input: it stays one, so that those who read it find it.
      Optional<AnnotationMirror> other =
          Mirrors.ours(method).stream()
              .filter(m -> !Mirrors.simpleName(m).equals(annotation))
              .findFirst();
      if (!within.isEmpty()) {
        add(
            ReadProblems.BLOCK_ENDS,
            member,
            annotation,
            "a block has one input, which its first layer reads.",
            "Remove it; other layers of the block read its input as Block.INPUT.");
        addUnreadable(member);
        return;
      }
      if (other.isPresent()) {
        add(
            ReadProblems.STACKED,
            member,
            Mirrors.simpleName(other.get()),
            "an input is no layer, and @" + annotation + " is all that is said about it.",
            "Move one of them to a method of its own, or remove it.");
      }
      checkFree(member, method, name);
      outputs.put(name, name);
      isFirst = false;
      shown.add(new Member.InputMember(name, name));
      reading.add(
          new InputDeclaration(
              places.applyAsInt(member),
              name,
              attributes(member, mirror)
                  .orElseGet(
                      () ->
                          new Attributes(
                              annotation,
                              new SourceRef(places.applyAsInt(member), annotation, ""),
                              Map.of(),
                              List.of())),
              name(method.getReturnType()),
              reading.drafts.size()));
    }

    /** Notes that the layer read last is an output, if this method says so. */
    private void readOutput(int member, ExecutableElement method) {
      if (Mirrors.named(method, Mirrors.OUTPUT).isEmpty()) {
        return;
      }
      if (within.isEmpty()) {
        reading.outputs.add(
            new OutputDeclaration(method.getSimpleName().toString(), reading.last()));
      } else {
        add(
            ReadProblems.BLOCK_ENDS,
            member,
            Mirrors.OUTPUT,
            "a block has one output, its last layer.",
            "Remove @Output; a network may put it on the @Use of the block.");
      }
    }

    private void reportTooMany(int member) {
      ExecutableElement method = members.get(member);
      Optional<AnnotationMirror> use = Mirrors.named(method, Mirrors.USE);
      String annotation =
          use.or(() -> Mirrors.layers(method).stream().findFirst())
              .map(Mirrors::simpleName)
              .orElse("");
      report.add(
          ReadProblems.TOO_MANY,
          new SourceRef(places.applyAsInt(member), annotation, use.isPresent() ? "repeat" : ""),
          (annotation.isEmpty() ? "" : "@" + annotation + " on ")
              + method.getSimpleName()
              + ": with it the network has more than "
              + MOST_LAYERS
              + " layers, which is the most.",
          use.isPresent() ? "Repeat fewer blocks." : "");
      addUnreadable(member);
    }

    private void addUnreadable(int member) {
      ExecutableElement method = members.get(member);
      String name = prefix + method.getSimpleName();
      add(method, LayerDeclaration.unreadable(places.applyAsInt(member), name), Optional.empty());
    }

    private void readLayer(int member, ExecutableElement method, AnnotationMirror mirror) {
      Optional<Attributes> values = attributes(member, mirror);
      Optional<AnnotationMirror> written = Mirrors.named(method, Mirrors.FROM);
      Optional<Attributes> from = written.flatMap(m -> attributes(member, m));
      // What cannot be read, javac reports.
      if (values.isEmpty() || (written.isPresent() && from.isEmpty())) {
        addUnreadable(member);
        return;
      }
      String name = method.getSimpleName().toString();
      String path = prefix + stateName(member, method);
      checkFree(member, method, path);
      shown.add(new Member.LayerMember(name, path));
      add(
          method,
          new LayerDeclaration(
              places.applyAsInt(member),
              path,
              values.get(),
              name(method.getReturnType()),
              Optional.empty(),
              name),
          from);
      readOutput(member, method);
    }

    /** Adds a layer of this type; the first one reads what flows in. */
    private void add(ExecutableElement method, LayerDeclaration layer, Optional<Attributes> from) {
      boolean first = isFirst;
      isFirst = false;
      outputs.put(method.getSimpleName().toString(), layer.name());
      reading.add(
          layer,
          () ->
              from.isPresent() || !first
                  ? from.map(this::resolved)
                  : input.from().map(Supplier::get));
    }

    /** A {@code @From} with the names of layers in the place of those of methods. */
    private Attributes resolved(Attributes from) {
      List<String> names = from.texts("value").stream().map(this::layerOf).toList();
      return new Attributes(from.annotation(), from.ref(), Map.of("value", names), from.written());
    }

    private String layerOf(String method) {
      return method.equals(LayerDeclaration.INPUT)
          ? input.name().get()
          : outputs.getOrDefault(method, prefix + method);
    }

    /** The values of an annotation, with numbers in the place of sizes. */
    private Optional<Attributes> attributes(int member, AnnotationMirror mirror) {
      return attributes
          .read(mirror, places.applyAsInt(member), network)
          .flatMap(
              values -> {
                List<BlockSizes.Wrong> wrong = new ArrayList<>();
                boolean block = Mirrors.named(type, Mirrors.BLOCK).isPresent();
                Attributes resolved = BlockSizes.resolve(values, sizes, block, wrong);
                wrong.forEach(one -> reportSize(member, values, one));
                return wrong.isEmpty() ? Optional.of(resolved) : Optional.empty();
              });
    }

    private void reportSize(int member, Attributes values, BlockSizes.Wrong wrong) {
      String attribute = wrong.attribute();
      if (wrong.number().isPresent()) {
        report.add(
            ReadProblems.SIZE,
            values.at(attribute),
            "@"
                + values.annotation()
                + " on "
                + members.get(member).getSimpleName()
                + ": "
                + attribute
                + " comes to "
                + wrong.number().getAsLong()
                + " with the sizes that a use gives, but can be at most "
                + Integer.MAX_VALUE
                + ".",
            "");
        return;
      }
      List<String> names = BlockSizes.namesOf(type);
      boolean block = Mirrors.named(type, Mirrors.BLOCK).isPresent();
      report.add(
          ReadProblems.SIZE,
          values.at(attribute),
          "@"
              + values.annotation()
              + " on "
              + members.get(member).getSimpleName()
              + ": "
              + attribute
              + (block
                  ? " is made of a size that "
                      + type.getSimpleName()
                      + " does not have, or in a way that cannot be told."
                  : " is made of a block's size, but " + type.getSimpleName() + " is a network."),
          block
              ? "Use one of its sizes ("
                  + (names.isEmpty() ? "there is none" : String.join(", ", names))
                  + "), times or divided by a small number, or with a small number added."
              : "Write the number.");
    }

    // ------------------------------------------------------------------------------- names

    /** The name in the state dictionary: that of the method, or what {@code @Name} says. */
    private String stateName(int member, ExecutableElement method) {
      String name = method.getSimpleName().toString();
      Optional<String> written =
          Mirrors.named(method, Mirrors.NAME)
              .flatMap(mirror -> attributes.read(mirror, places.applyAsInt(member), network))
              .map(values -> values.text("value"));
      if (written.isEmpty() || PATH.matcher(written.get()).matches()) {
        return written.orElse(name);
      }
      report.add(
          ReadProblems.PATH,
          new SourceRef(places.applyAsInt(member), Mirrors.NAME, "value"),
          "@Name on "
              + name
              + ": \""
              + written.get()
              + "\" is no name: it has parts of letters, digits and underscores with dots between"
              + " them.",
          "Write \"layer1.0\", for example.");
      return name;
    }

    private void checkFree(int member, ExecutableElement method, String path) {
      // Methods of one name have been reported as such.
      Optional<String> other = reading.clash(path);
      reading.names.add(path);
      if (other.isPresent() && method.getParameters().isEmpty()) {
        boolean named = Mirrors.named(method, Mirrors.NAME).isPresent();
        report.add(
            ReadProblems.PATH_TAKEN,
            new SourceRef(
                places.applyAsInt(member), named ? Mirrors.NAME : "", named ? "value" : ""),
            (named ? "@Name on " : "The layer ")
                + method.getSimpleName()
                + (other.get().equals(path)
                    ? ": there are two layers called " + path + "."
                    : ": "
                        + path
                        + " and "
                        + other.get()
                        + " cannot both be layers, as one holds the other."),
            "Give one of them another name with @Name.");
      }
    }

    // -------------------------------------------------------------------------------- blocks

    private void readUse(int member, ExecutableElement method, AnnotationMirror mirror) {
      Optional<Attributes> values = attributes(member, mirror);
      Optional<TypeElement> block =
          values
              .map(v -> elements.getTypeElement(v.type("value").name()))
              .filter(found -> isBlock(member, found));
      if (block.isEmpty() || !isRightUse(member, method, block.get(), values.get())) {
        addUnreadable(member);
        return;
      }
      boolean isList = isList(method.getReturnType());
      String path = prefix + stateName(member, method);
      int repeat = values.get().integer("repeat");
      List<List<Member>> instances = new ArrayList<>();
      Optional<Attributes> from =
          Mirrors.named(method, Mirrors.FROM).flatMap(m -> attributes(member, m));
      for (int i = 0; i < repeat && !reading.isFull(); i++) {
        instances.add(
            place(
                member,
                block.get(),
                (isList ? numbered(path, i) : path) + ".",
                values.get().integers("sizes"),
                i == 0 ? inputOf(from) : above()));
      }
      isFirst = false;
      outputs.put(method.getSimpleName().toString(), reading.last());
      shown.add(
          new Member.BlockMember(
              method.getSimpleName().toString(),
              block.get().getQualifiedName().toString(),
              packageOf(block.get()),
              isList,
              instances));
      readOutput(member, method);
    }

    /** What the first layer of a use reads. */
    private Input inputOf(Optional<Attributes> from) {
      if (from.isPresent()) {
        return new Input(
            Optional.of(() -> resolved(from.get())),
            () -> layerOf(from.get().texts("value").get(0)));
      }
      return isFirst ? input : above();
    }

    private Input above() {
      String name = reading.last();
      return new Input(Optional.empty(), () -> name);
    }

    private List<Member> place(
        int member, TypeElement block, String path, List<Integer> given, Input flowsIn) {
      List<ExecutableElement> methods = ElementFilter.methodsIn(block.getEnclosedElements());
      int use = places.applyAsInt(member);
      boolean hasSource = unresolved.hasSource(block);
      int first = hasSource ? reading.firstMethod(block, methods) : use;
      List<TypeElement> around = new ArrayList<>(within);
      around.add(block);
      int before = reading.drafts.size();
      List<Member> members =
          new OneType(
                  reading,
                  block,
                  methods,
                  // A block that comes compiled has no places to point at.
                  i -> hasSource ? first + i : use,
                  path,
                  given,
                  around,
                  network,
                  flowsIn)
              .read();
      if (reading.drafts.size() == before) {
        add(
            ReadProblems.USE_VALUE,
            member,
            Mirrors.USE,
            block.getSimpleName() + " has no layers.",
            "Declare them in the block.");
        addUnreadable(member);
      }
      return members;
    }

    /** {@code layer1.0, layer1.1} of layer1; {@code layer2.1, layer2.2} of layer2.1. */
    private static String numbered(String path, int index) {
      int dot = path.lastIndexOf('.');
      String last = path.substring(dot + 1);
      return dot >= 0 && last.chars().allMatch(c -> c >= '0' && c <= '9')
          ? path.substring(0, dot + 1) + new BigInteger(last).add(BigInteger.valueOf(index))
          : path + "." + index;
    }

    private boolean isBlock(int member, TypeElement found) {
      String simple = found.getSimpleName().toString();
      String wrong = "";
      String remedy = "";
      List<String> inherited =
          ElementFilter.methodsIn(elements.getAllMembers(found)).stream()
              .filter(method -> method.getModifiers().contains(Modifier.ABSTRACT))
              .filter(method -> !method.getEnclosingElement().equals(found))
              .filter(method -> !generated.isImplementedByObject(method))
              .map(method -> method.getSimpleName() + "()")
              .toList();
      if (Mirrors.named(found, Mirrors.BLOCK).isEmpty()) {
        wrong = simple + " is no block.";
        remedy = "Put @Block on " + simple + ".";
      } else if (found.getKind() != ElementKind.INTERFACE) {
        wrong = "a block is an interface, but " + simple + " is a class.";
        remedy = "Write `interface " + simple + "`.";
      } else if (!found.getTypeParameters().isEmpty()) {
        wrong = "a block has no type parameters, but " + simple + " has.";
        remedy = "Remove them.";
      } else if (!inherited.isEmpty()) {
        wrong =
            "a block declares all its layers itself, but "
                + simple
                + " inherits "
                + String.join(", ", inherited)
                + ".";
        remedy = "Declare them in " + simple + ".";
      } else if (!isVisible(found)) {
        wrong = "the generated model cannot see " + simple + ", which is not public.";
        remedy = "Make it public, with all types around it, or move it into the network's package.";
      } else if (within.contains(found)) {
        wrong =
            "a block cannot use itself: "
                + Stream.concat(within.stream(), Stream.of(found))
                    .skip(within.indexOf(found))
                    .map(t -> t.getSimpleName().toString())
                    .collect(Collectors.joining(" -> "))
                + ".";
        add(ReadProblems.BLOCK_CYCLE, member, Mirrors.USE, wrong, "Use another block here.");
        return false;
      }
      if (!wrong.isEmpty()) {
        add(ReadProblems.USE_VALUE, member, Mirrors.USE, wrong, remedy);
      }
      return wrong.isEmpty();
    }

    private boolean isVisible(TypeElement block) {
      boolean open = true;
      for (Element e = block; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
        if (e.getModifiers().contains(Modifier.PRIVATE)) {
          return false;
        }
        open &= e.getModifiers().contains(Modifier.PUBLIC);
      }
      return open || packageOf(block).equals(reading.home);
    }

    private boolean isRightUse(
        int member, ExecutableElement method, TypeElement block, Attributes values) {
      long before = report.errorCount();
      String simple = block.getSimpleName().toString();
      List<String> names = BlockSizes.namesOf(block);
      List<Integer> given = values.integers("sizes");
      if (names.size() != given.size()) {
        report.add(
            ReadProblems.USE_SIZES,
            values.at("sizes"),
            "@Use on "
                + method.getSimpleName()
                + ": "
                + simple
                + (names.isEmpty()
                    ? " has no sizes, but here "
                    : " has "
                        + (names.size() == 1 ? "one size (" : names.size() + " sizes (")
                        + String.join(", ", names)
                        + "), but here ")
                + (given.size() == 1 ? "is 1." : "are " + given.size() + "."),
            names.isEmpty() ? "Remove sizes." : "Write a number for each, in this order.");
      }
      int repeat = values.integer("repeat");
      if (repeat < 1) {
        report.add(
            ReadProblems.USE_REPEAT,
            values.at("repeat"),
            "@Use on "
                + method.getSimpleName()
                + ": repeat must be at least 1, but is "
                + repeat
                + ".",
            "");
      }
      TypeMirror returned = method.getReturnType();
      if (returned.getKind() != TypeKind.ERROR) {
        boolean one = name(returned).equals(block.getQualifiedName().toString());
        boolean many =
            isList(returned)
                && ((DeclaredType) returned)
                    .getTypeArguments().stream()
                        .allMatch(t -> name(t).equals(block.getQualifiedName().toString()));
        if (!many && (!one || repeat > 1)) {
          report.add(
              ReadProblems.USE_RETURN,
              new SourceRef(places.applyAsInt(member), "", ""),
              "@Use on "
                  + method.getSimpleName()
                  + ": returns "
                  + simpleText(returned)
                  + ", but "
                  + (repeat > 1 ? repeat + " blocks are shown as " : "the block is shown as ")
                  + (repeat > 1 ? "List<" + simple + ">." : simple + "."),
              "Write `"
                  + (repeat > 1 ? "List<" + simple + ">" : simple)
                  + " "
                  + method.getSimpleName()
                  + "();`.");
        }
      }
      return report.errorCount() == before;
    }

    private static boolean isList(TypeMirror type) {
      return type instanceof DeclaredType declared
          && declared.getTypeArguments().size() == 1
          && name(type).equals("java.util.List");
    }

    private static String simpleText(TypeMirror type) {
      return type.toString().replaceAll("[a-z_0-9]+\\.(?=[A-Za-z])", "");
    }

    private void reportAlone(int member, AnnotationMirror mirror) {
      add(
          ReadProblems.ALONE,
          member,
          Mirrors.simpleName(mirror),
          "says something about a layer, but here is none.",
          "Put it on an abstract method with a layer's annotation, or remove it.");
    }

    private void reportMissing(int member, ExecutableElement method) {
      String view = name(method.getReturnType());
      List<String> fitting =
          layers.entrySet().stream()
              .filter(layer -> layer.getValue().qualifiedName().equals(view))
              .map(layer -> "@" + layer.getKey())
              .toList();
      List<String> proposed =
          fitting.isEmpty() ? layers.keySet().stream().map(name -> "@" + name).toList() : fitting;
      report.add(
          ReadProblems.MISSING,
          new SourceRef(places.applyAsInt(member), "", ""),
          (within.isEmpty() ? "@Network on " : "@Block on ")
              + type.getSimpleName()
              + ": "
              + Mirrors.signature(method)
              + " is abstract and no layer, so the generated model cannot implement it.",
          "Say which layer it is (" + String.join(", ", proposed) + "), or give it a body.");
    }

    private boolean isOneLayer(int member, List<AnnotationMirror> mirrors) {
      boolean known = true;
      for (AnnotationMirror mirror : mirrors) {
        String annotation = Mirrors.simpleName(mirror);
        if (!layers.containsKey(annotation)) {
          known = false;
          add(
              ReadProblems.UNKNOWN,
              member,
              annotation,
              "this processor has no such layer.",
              "Use tenon-annotations and tenon-processor of the same version.");
        }
      }
      if (!known || mirrors.size() == 1) {
        return known;
      }
      String first = Mirrors.simpleName(mirrors.get(0));
      String second = Mirrors.simpleName(mirrors.get(1));
      String all =
          mirrors.stream()
              .map(mirror -> "@" + Mirrors.simpleName(mirror))
              .collect(Collectors.joining(", "));
      add(
          ReadProblems.STACKED,
          member,
          second,
          "one method is one layer, but here are " + mirrors.size() + " (" + all + ").",
          "Leave @"
              + first
              + " and move @"
              + second
              + " to a method of its own, such as `"
              + layers.get(second).simpleName()
              + " "
              + free(stem(second))
              + "();`.");
      return false;
    }

    private void checkMethod(int member, ExecutableElement method, String annotation) {
      String name = method.getSimpleName().toString();
      if (!method.getModifiers().contains(Modifier.ABSTRACT)) {
        add(
            ReadProblems.NOT_ABSTRACT,
            member,
            annotation,
            "a layer's method is abstract, but " + Mirrors.signature(method) + " has a body.",
            "Remove the body, and `default` or `static` with it.");
      }
      if (!method.getParameters().isEmpty()) {
        boolean overload =
            members.stream().filter(other -> other.getSimpleName().contentEquals(name)).count() > 1;
        if (overload) {
          add(
              ReadProblems.OVERLOADED,
              member,
              annotation,
              "a layer's name is its method's name, but " + name + " stands here twice.",
              "Write `" + free(name) + "()`.");
        } else {
          add(
              ReadProblems.PARAMETERS,
              member,
              annotation,
              "a layer's method has no parameters, but "
                  + Mirrors.signature(method)
                  + " has "
                  + method.getParameters().size()
                  + ".",
              "Write `" + name + "()`; sizes stand in the annotation.");
        }
      }
      if (!method.getTypeParameters().isEmpty()) {
        add(
            ReadProblems.METHOD_GENERIC,
            member,
            annotation,
            "a layer's method has no type parameters, but here is "
                + method.getTypeParameters().stream()
                    .map(parameter -> parameter.getSimpleName().toString())
                    .collect(Collectors.joining(", ", "<", ">"))
                + ".",
            "Remove them.");
      }
      if (!method.getThrownTypes().isEmpty()) {
        add(
            ReadProblems.THROWS,
            member,
            annotation,
            "a layer's method throws nothing, but here is throws "
                + method.getThrownTypes().stream()
                    .map(TypeMirror::toString)
                    .collect(Collectors.joining(", "))
                + ".",
            "Remove it.");
      }
      if (within.isEmpty() ? generated.isReserved(name, network) : generated.isOfObject(name)) {
        report.add(
            ReadProblems.NAME,
            new SourceRef(places.applyAsInt(member), "", ""),
            "@"
                + annotation
                + " on "
                + name
                + ": the generated model has a method "
                + name
                + "() of its own.",
            "Call the layer " + free(name) + ", for example.");
      }
    }

    /** Reports at the annotation. */
    private void add(Problem problem, int member, String annotation, String what, String remedy) {
      report.add(
          problem,
          new SourceRef(places.applyAsInt(member), annotation, ""),
          "@" + annotation + " on " + members.get(member).getSimpleName() + ": " + what,
          remedy);
    }

    /** The name, with the first number behind it that makes it free. */
    private String free(String stem) {
      int number = 1;
      while (taken.contains(stem + number)) {
        number++;
      }
      return stem + number;
    }
  }

  /** What one would call a layer: {@code conv} for {@code Conv2d}, {@code bn} for BatchNorm2d. */
  private static String stem(String annotation) {
    String kind = annotation.replaceAll("[1-3]d$", "");
    if (kind.endsWith("Pool")) {
      return "pool";
    }
    return (kind.endsWith("Norm") ? kind.replaceAll("[^A-Z]", "") : kind).toLowerCase(Locale.ROOT);
  }

  /** The qualified name of a type; empty for one that does not exist, which javac reports. */
  private static String name(TypeMirror type) {
    if (type.getKind() == TypeKind.ERROR) {
      return "";
    }
    return type instanceof DeclaredType declared
        ? ((TypeElement) declared.asElement()).getQualifiedName().toString()
        : type.toString();
  }
}
