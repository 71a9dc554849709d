package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.Member;
import dev.tenon.processor.declaration.OutputDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.StateView;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * Reads a network's methods: which of them are layers, inputs and outputs. Blocks are read where
 * they are used, so that a network is a list of layers, whose names are paths.
 */
final class LayerReader {
  /**
   * The most layers of a network. A class file has room for some more; what is above this is a slip
   * in {@code repeat}, for which nobody wants to wait.
   */
  static final int MOST_LAYERS = 2000;

  private final Elements elements;
  private final SizedAttributeReader sized;
  private final Unresolved unresolved;
  private final GeneratedApi generated;
  private final MethodChecks methodChecks;
  private final UseChecks useChecks;

  LayerReader(
      Elements elements,
      AttributeReader attributes,
      AttributeChecks checks,
      Unresolved unresolved,
      GeneratedApi generated,
      Map<String, StateView> layers) {
    this.elements = elements;
    this.sized = new SizedAttributeReader(attributes, checks);
    this.unresolved = unresolved;
    this.generated = generated;
    this.methodChecks = new MethodChecks(generated, layers);
    this.useChecks = new UseChecks(elements, generated);
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
    LayersSoFar soFar = new LayersSoFar(members);
    DeclaringType network =
        new DeclaringType(type, members, i -> i, "", List.of(), List.of(), type, report);
    Input noInput = new Input(Optional.empty(), () -> LayerDeclaration.INPUT);
    List<Member> read = new Methods(network, noInput, soFar, new StateNames(sized)).read();
    return new Read(soFar.layers(), soFar.inputs(), soFar.outputs(), read, soFar.methods());
  }

  /**
   * What flows into a type's layers.
   *
   * @param from the {@code @From} of the first of them, if it does not read the layer above
   * @param name of the layer that gives it, known when all layers are
   */
  private record Input(Optional<Supplier<Attributes>> from, Supplier<String> name) {}

  /** Reads the methods of one network or of one use of a block. */
  private final class Methods {
    private final DeclaringType in;
    private final Input input;
    private final LayersSoFar soFar;
    private final StateNames names;
    private final List<Member> shown = new ArrayList<>();

    /** The layer that gives what a method stands for, by the method's name. */
    private final Map<String, String> outputs = new HashMap<>();

    private boolean isFirst = true;

    Methods(DeclaringType in, Input input, LayersSoFar soFar, StateNames names) {
      this.in = in;
      this.input = input;
      this.soFar = soFar;
      this.names = names;
    }

    List<Member> read() {
      for (int i = 0; i < in.methods().size() && !soFar.isFull(); i++) {
        read(i);
        if (soFar.isFull() && !in.isBlock()) {
          reportTooMany(i);
        }
      }
      return shown;
    }

    private void read(int member) {
      ExecutableElement method = in.method(member);
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
          Mirrors.ours(method).stream()
              .findFirst()
              .ifPresent(m -> MethodChecks.reportAlone(in, member, m));
          return;
        }
        if (unresolved.hasAnnotation(method)) {
          unresolved
              .missingAnnotations(method)
              .forEach(name -> methodChecks.reportMisspelt(in, member, name));
        } else {
          methodChecks.reportMissing(in, member);
        }
        addUnreadable(member);
        return;
      }
      String annotation = Mirrors.simpleName(use.orElseGet(() -> mirrors.get(0)));
      methodChecks.check(in, member, annotation);
      if (use.isPresent() && !mirrors.isEmpty()) {
        String layer = Mirrors.simpleName(mirrors.get(0));
        in.report(
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
      } else if (!methodChecks.isOneLayer(in, member, mirrors)) {
        addUnreadable(member);
      } else {
        readLayer(member, method, mirrors.get(0));
      }
    }

    // --------------------------------------------------------------------------- inputs, outputs

    private void readInput(int member, ExecutableElement method, AnnotationMirror mirror) {
      String annotation = Mirrors.simpleName(mirror);
      String name = method.getSimpleName().toString();
      methodChecks.check(in, member, annotation);
      // Whatever else is said about an input: it stays one, so that those who read it find it.
      Optional<AnnotationMirror> other =
          Mirrors.ours(method).stream()
              .filter(m -> !Mirrors.simpleName(m).equals(annotation))
              .findFirst();
      if (in.isBlock()) {
        in.report(
            ReadProblems.BLOCK_ENDS,
            member,
            annotation,
            "a block has one input, which its first layer reads.",
            "Remove it; other layers of the block read its input as Block.INPUT.");
        addUnreadable(member);
        return;
      }
      if (other.isPresent()) {
        in.report(
            ReadProblems.STACKED,
            member,
            Mirrors.simpleName(other.get()),
            "an input is no layer, and @" + annotation + " is all that is said about it.",
            "Move one of them to a method of its own, or remove it.");
      }
      names.take(in, member, name);
      outputs.put(name, name);
      isFirst = false;
      shown.add(new Member.InputMember(name, name));
      soFar.add(
          new InputDeclaration(
              in.place(member),
              name,
              name,
              sized
                  .read(in, member, mirror)
                  .orElseGet(
                      () ->
                          new Attributes(
                              annotation,
                              new SourceRef(in.place(member), annotation, ""),
                              Map.of(),
                              List.of())),
              TypeNames.qualified(method.getReturnType()),
              soFar.count()));
    }

    /** Notes that the layer read last is an output, if this method says so. */
    private void readOutput(int member, ExecutableElement method) {
      if (Mirrors.named(method, Mirrors.OUTPUT).isEmpty()) {
        return;
      }
      if (!in.isBlock()) {
        soFar.addOutput(method.getSimpleName().toString());
      } else {
        in.report(
            ReadProblems.BLOCK_ENDS,
            member,
            Mirrors.OUTPUT,
            "a block has one output, its last layer.",
            "Remove @Output; a network may put it on the @Use of the block.");
      }
    }

    private void reportTooMany(int member) {
      ExecutableElement method = in.method(member);
      Optional<AnnotationMirror> use = Mirrors.named(method, Mirrors.USE);
      String annotation =
          use.or(() -> Mirrors.layers(method).stream().findFirst())
              .map(Mirrors::simpleName)
              .orElse("");
      in.report()
          .add(
              ReadProblems.TOO_MANY,
              new SourceRef(in.place(member), annotation, use.isPresent() ? "repeat" : ""),
              (annotation.isEmpty() ? "" : "@" + annotation + " on ")
                  + method.getSimpleName()
                  + ": with it the network has more than "
                  + MOST_LAYERS
                  + " layers, which is the most.",
              use.isPresent() ? "Repeat fewer blocks." : "");
      addUnreadable(member);
    }

    private void addUnreadable(int member) {
      ExecutableElement method = in.method(member);
      String name = in.prefix() + method.getSimpleName();
      add(method, LayerDeclaration.unreadable(in.place(member), name), Optional.empty());
    }

    private void readLayer(int member, ExecutableElement method, AnnotationMirror mirror) {
      Optional<Attributes> values = sized.read(in, member, mirror);
      Optional<AnnotationMirror> written = Mirrors.named(method, Mirrors.FROM);
      Optional<Attributes> from = written.flatMap(m -> sized.read(in, member, m));
      // What cannot be read, javac reports.
      if (values.isEmpty() || (written.isPresent() && from.isEmpty())) {
        addUnreadable(member);
        return;
      }
      String name = method.getSimpleName().toString();
      String path = in.prefix() + names.read(in, member);
      names.take(in, member, path);
      shown.add(new Member.LayerMember(name, path));
      add(
          method,
          new LayerDeclaration(
              in.place(member),
              path,
              values.get(),
              TypeNames.qualified(method.getReturnType()),
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
      soFar.add(
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
          : outputs.getOrDefault(method, in.prefix() + method);
    }

    private void readUse(int member, ExecutableElement method, AnnotationMirror mirror) {
      Optional<Attributes> values = sized.read(in, member, mirror);
      Optional<TypeElement> block =
          values
              .map(v -> elements.getTypeElement(v.type("value").name()))
              .filter(found -> useChecks.isBlock(in, member, found));
      if (block.isEmpty() || !useChecks.isRight(in, member, block.get(), values.get())) {
        addUnreadable(member);
        return;
      }
      boolean isList = TypeNames.isList(method.getReturnType());
      String path = in.prefix() + names.read(in, member);
      int repeat = values.get().integer("repeat");
      List<List<Member>> instances = new ArrayList<>();
      Optional<Attributes> from =
          Mirrors.named(method, Mirrors.FROM).flatMap(m -> sized.read(in, member, m));
      for (int i = 0; i < repeat && !soFar.isFull(); i++) {
        instances.add(
            place(
                member,
                block.get(),
                (isList ? numbered(path, i) : path) + ".",
                values.get().integers("sizes"),
                i == 0 ? inputOf(from) : above()));
      }
      isFirst = false;
      outputs.put(method.getSimpleName().toString(), soFar.last());
      shown.add(
          new Member.BlockMember(
              method.getSimpleName().toString(),
              block.get().getQualifiedName().toString(),
              elements.getPackageOf(block.get()).getQualifiedName().toString(),
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
      String name = soFar.last();
      return new Input(Optional.empty(), () -> name);
    }

    private List<Member> place(
        int member, TypeElement block, String path, List<Integer> given, Input flowsIn) {
      List<ExecutableElement> methods = DeclaredOrder.methods(block);
      int use = in.place(member);
      boolean hasSource = unresolved.hasSource(block);
      int first = hasSource ? soFar.firstMethod(block, methods) : use;
      List<TypeElement> around = new ArrayList<>(in.within());
      around.add(block);
      int before = soFar.count();
      List<Member> members =
          new Methods(
                  new DeclaringType(
                      block,
                      methods,
                      // A block that comes compiled has no places to point at.
                      i -> hasSource ? first + i : use,
                      path,
                      given,
                      around,
                      in.network(),
                      in.report()),
                  flowsIn,
                  soFar,
                  names)
              .read();
      if (soFar.count() == before) {
        in.report(
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
  }
}
