package dev.tenon.processor.render;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.Member;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.layer.StateSpec.Kind;
import dev.tenon.processor.plan.NetworkPlan;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Count;
import dev.tenon.processor.plan.backend.BackEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * The model class, which users see: state, views of the layers, and the checks around each call.
 * What a call computes is its program's.
 */
final class ModelRenderer {
  private static final String EVALUATION = "evaluation";
  private static final String INPUTS = "inputs";
  private static final String OUTPUT_GRADIENTS = "outputGradients";
  private static final String INPUT_GRADIENTS = "inputGradients";
  private static final String TO_INPUTS = "toInputs";
  private static final String ONE = "one";
  private static final String SEVERAL = "several";

  /** A constant of a class file has up to 65,535 bytes, and a character up to three. */
  private static final int CONSTANT_LENGTH = 16_000;

  private static final ArrayTypeName TENSORS = ArrayTypeName.of(GeneratedNames.TENSOR);

  private final NetworkPlan plan;
  private final Network network;
  private final NetworkDeclaration declaration;
  private final ModelNames names;
  private final ClassName name;
  private final ViewRenderer views;
  private final BlockRenderer blocks;
  private final EndsRenderer ends;
  private final TypedEndsRenderer types;

  ModelRenderer(Network network, NetworkPlan plan) {
    this.plan = plan;
    this.network = network;
    this.declaration = network.declaration();
    this.names = new ModelNames(network);
    this.name = names.model();
    this.views = new ViewRenderer(network, names);
    this.blocks = new BlockRenderer(network, names);
    this.ends = new EndsRenderer(network, names);
    this.types = new TypedEndsRenderer(declaration);
  }

  /**
   * Renders the model:
   *
   * <pre>
   *     public final class CifarNetModel implements CifarNet, SingleModel {
   *       public static CifarNetModel create(long seed) { ... }
   *       public BatchNorm bn1() { ... }
   *       public Tensor forward(Tensor input) { ... }
   *       public void backward(Tensor outputGradient) { ... }
   *       public Tensor predict(Tensor input) { ... }
   *     }
   * </pre>
   *
   * With several inputs or outputs it is a {@code Model}, see {@link EndsRenderer}.
   */
  JavaFile file() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(GeneratedNames.model(declaration))
            .addModifiers(Modifier.FINAL)
            .addAnnotation(KernelsRenderer.generated(declaration))
            .addJavadoc(classComment())
            .alwaysQualify(names.qualified());
    KernelsRenderer.suppress(type, declaration);
    if (declaration.isPublic()) {
      type.addModifiers(Modifier.PUBLIC);
    }
    ClassName declared = GeneratedNames.network(declaration);
    if (declaration.isInterface()) {
      type.addSuperinterface(declared);
    } else {
      type.superclass(declared);
    }
    types.modelInterfaces(network.isSingle()).forEach(type::addSuperinterface);
    addFields(type);
    type.addMethod(constructor(type));
    type.addMethod(pieceConstructor(type));
    type.addMethod(create());
    type.addMethod(load());
    type.addMethod(
        override("piece", network.isSingle() ? GeneratedNames.SINGLE_MODEL : GeneratedNames.MODEL)
            .addParameter(GeneratedNames.PIECE_EXCHANGE, "exchange")
            .addStatement("return new $T(this, exchange)", name)
            .build());
    declaration.members().forEach(member -> type.addMethod(view(member)));
    blocks.addRecords(type);
    types.addMembers(type);
    addDescription(type);
    addThreads(type);
    addForward(type);
    addBackward(type);
    addPredict(type);
    ends.addMethods(type);
    return KernelsRenderer.file(declaration, GeneratedNames.model(declaration), type);
  }

  private CodeBlock classComment() {
    CodeBlock.Builder comment = CodeBlock.builder();
    comment.add(
        "The network {@link $T}, compiled. {@link #forward} and {@link #backward} train it, {@link"
            + "\n#predict} evaluates it; there is no mode to switch.\n\n<pre>\n",
        GeneratedNames.network(declaration));
    int width = network.nodes().stream().mapToInt(n -> n.name().length()).max().orElse(0);
    for (Network.Input input : network.inputs()) {
      String indices = input.isIndices() ? ", indices below " + input.limit() : "";
      String shape = declaration.ends().described(input.name(), input.shape().toString());
      comment.add("$L   $L$L\n", input.name(), shape, indices);
    }
    for (Node node : network.nodes()) {
      comment.add(
          "$L   {@literal $L} $L\n",
          node.name() + " ".repeat(Math.max(0, Math.max(5, width) - node.name().length())),
          node.declaration().text() + "  ->",
          node.layer().output());
    }
    comment.add("</pre>\n\nOne model serves one thread at a time, and refuses others meanwhile.\n");
    return comment.build();
  }

  // --------------------------------------------------------------------------- construction

  private void addFields(TypeSpec.Builder type) {
    ends.addConstants(type);
    declaration.inputs().stream()
        .filter(InputDeclaration::hasMethod)
        .forEach(input -> type.addField(ends.view(input)));
    type.addField(finalField(GeneratedNames.STATE, ModelFields.STATE));
    type.addField(finalField(GeneratedNames.PROGRAM, ModelFields.PROGRAM));
    type.addField(finalField(GeneratedNames.PASS, ModelFields.PASS));
    type.addField(finalField(GeneratedNames.CALL_BOUNDARY, ModelFields.BOUNDARY));
    for (Node node : network.nodes()) {
      FieldSpec.Builder view =
          FieldSpec.builder(
              ViewRenderer.viewType(node.view()), names.view(node.name()), Modifier.PRIVATE);
      type.addField(
          views.hasManyLayers() ? view.build() : view.addModifiers(Modifier.FINAL).build());
    }
    ParameterizedTypeName layers =
        ParameterizedTypeName.get(ClassName.get(List.class), GeneratedNames.LAYER);
    type.addField(finalField(layers, ModelFields.LAYERS));
  }

  private static FieldSpec finalField(TypeName type, String name) {
    return FieldSpec.builder(type, name, Modifier.PRIVATE, Modifier.FINAL).build();
  }

  private MethodSpec constructor(TypeSpec.Builder type) {
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addModifiers(Modifier.PRIVATE)
            .addParameter(TypeName.LONG, "seed");
    addStateAndProgram(constructor);
    constructor.addStatement(
        "$N = new $T($N, $L, seed)",
        ModelFields.PASS,
        GeneratedNames.PASS,
        ModelFields.STATE,
        network.nodes().size());
    addBoundary(constructor);
    views.addViews(type, constructor);
    constructor.addStatement(
        "$N = $L",
        ModelFields.LAYERS,
        names.listOf(
            network.nodes().stream()
                .map(node -> CodeBlock.of("$N", names.view(node.name())))
                .collect(CodeBlock.joining(", "))));
    return constructor.build();
  }

  /** The program is chosen first: it knows how the state is to lie. */
  private void addStateAndProgram(MethodSpec.Builder constructor) {
    List<BackEnd.Code> backEnds = plan.plans().stream().map(Plan::backEnd).toList();
    BackEnd.Code anywhere = backEnds.get(0);
    boolean first = true;
    for (int i = backEnds.size() - 1; i > 0; i--) {
      CodeBlock isChosen = isChosen(backEnds.get(i));
      if (first) {
        constructor.beginControlFlow("if ($L)", isChosen);
      } else {
        constructor.nextControlFlow("else if ($L)", isChosen);
      }
      first = false;
      addStateAndProgram(constructor, GeneratedNames.program(declaration, backEnds.get(i)));
    }
    if (first) {
      addStateAndProgram(constructor, GeneratedNames.program(declaration, anywhere));
      return;
    }
    constructor.nextControlFlow("else");
    addStateAndProgram(constructor, GeneratedNames.program(declaration, anywhere));
    constructor.endControlFlow();
  }

  /** Whether this JVM runs the vectors of a back end. */
  private CodeBlock isChosen(BackEnd.Code backEnd) {
    return CodeBlock.of(
        "$L.vector()",
        names.choose(
            declaration.typeName(),
            CodeBlock.of(
                "() -> $T.$N()",
                GeneratedNames.kernels(declaration, backEnd, 0),
                VectorConstants.PROBE)));
  }

  private void addStateAndProgram(MethodSpec.Builder constructor, ClassName program) {
    constructor
        .addStatement("$N = $T.state(seed)", ModelFields.STATE, program)
        .addStatement(
            "$N = new $T($N, $L)",
            ModelFields.PROGRAM,
            program,
            ModelFields.STATE,
            names.sharedWorkers());
  }

  /** A model that shares the state of another one and works on a piece of each of its batches. */
  private MethodSpec pieceConstructor(TypeSpec.Builder type) {
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addModifiers(Modifier.PRIVATE)
            .addParameter(name, "whole")
            .addParameter(GeneratedNames.PIECE_EXCHANGE, "exchange")
            .addStatement("$N = whole.$N.sharing()", ModelFields.STATE, ModelFields.STATE);
    constructor.addStatement(
        "$N = whole.$N.on($N, whole.$N.workers())",
        ModelFields.PROGRAM,
        ModelFields.PROGRAM,
        ModelFields.STATE,
        ModelFields.PROGRAM);
    constructor.addStatement(
        "$N = whole.$N.inPieces($N, new $T(exchange))",
        ModelFields.PASS,
        ModelFields.PASS,
        ModelFields.STATE,
        GeneratedNames.BATCH_PIECE);
    addBoundary(constructor);
    views.copyViews(type, constructor, name);
    return constructor
        .addStatement("$N = whole.$N", ModelFields.LAYERS, ModelFields.LAYERS)
        .build();
  }

  private void addBoundary(MethodSpec.Builder constructor) {
    constructor.addStatement(
        "$N = new $T($S, $N, $N, $N)",
        ModelFields.BOUNDARY,
        GeneratedNames.CALL_BOUNDARY,
        declaration.typeName(),
        ModelFields.INPUTS,
        ModelFields.OUTPUTS,
        ModelFields.STATE);
  }

  private MethodSpec create() {
    MethodSpec.Builder create =
        MethodSpec.methodBuilder("create")
            .addModifiers(Modifier.STATIC)
            .returns(name)
            .addParameter(TypeName.LONG, "seed")
            .addJavadoc(
                """
                Makes a model with initial values.

                @param seed the same seed gives the same bits on every platform
                @return a new model
                """)
            .addStatement("return new $T(seed)", name);
    if (declaration.isPublic()) {
      create.addModifiers(Modifier.PUBLIC);
    }
    return create.build();
  }

  /** Public whatever the network is, so that it may hide one of the network that is. */
  private MethodSpec load() {
    return MethodSpec.methodBuilder("load")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .returns(name)
        .addParameter(Path.class, "path")
        .addException(IOException.class)
        .addJavadoc(
            """
                Makes a model of a file.

                @param path what {@link #save} wrote, or weights of PyTorch under the same names
                @return a new model
                @throws IllegalArgumentException if the file does not fit the network; the message
                    lists every problem
                @throws IOException if the file cannot be read or is damaged
                """)
        .addStatement(
            "return new $T().load(path, $N -> new $T($N))",
            GeneratedNames.MODEL_FILES,
            "seed",
            name,
            "seed")
        .build();
  }

  // ---------------------------------------------------------------------------- description

  private MethodSpec view(Member member) {
    return override(member.method(), blocks.type(member))
        .addStatement("return $L", blocks.value(member))
        .build();
  }

  static MethodSpec.Builder override(String method, TypeName returns) {
    return MethodSpec.methodBuilder(method)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(returns);
  }

  private void addDescription(TypeSpec.Builder type) {
    type.addMethod(
        override("name", ClassName.get(String.class))
            .addStatement("return $S", declaration.typeName())
            .build());
    type.addMethod(
        override("state", GeneratedNames.STATE)
            .addStatement("return $N", ModelFields.STATE)
            .build());
    type.addMethod(
        override("save", TypeName.VOID)
            .addParameter(Path.class, "path")
            .addException(IOException.class)
            .addStatement("new $T().save(this, path)", GeneratedNames.MODEL_FILES)
            .build());
    type.addMethod(minimumTrainingBatch());
    type.addMethod(
        override("hasFiniteGradients", TypeName.BOOLEAN)
            .addStatement(
                "return $N.arrays().areGradientsFinite($N)", ModelFields.STATE, ModelFields.PROGRAM)
            .build());
    if (network.isSingle()) {
      type.addMethod(shape("inputShape", network.input().toArray()));
      type.addMethod(shape("outputShape", network.output().toArray()));
    }
    type.addMethod(ends.specs("inputs", ModelFields.INPUTS));
    type.addMethod(ends.specs("outputs", ModelFields.OUTPUTS));
    type.addMethod(
        override(
                "layers",
                ParameterizedTypeName.get(ClassName.get(List.class), GeneratedNames.LAYER))
            .addStatement("return $N", ModelFields.LAYERS)
            .build());
    if (!declaration.hasText()) {
      type.addMethod(
          override("toString", ClassName.get(String.class))
              .addStatement("return $N.describe($L)", ModelFields.BOUNDARY, text())
              .build());
    }
  }

  /** The inputs and layers, a line each, in as many constants as a class file needs for them. */
  private CodeBlock text() {
    int width =
        Stream.concat(
                network.inputs().stream().map(Network.Input::name),
                network.nodes().stream().map(Node::name))
            .mapToInt(String::length)
            .max()
            .orElse(0);
    String text = String.join("", lines(width));
    List<CodeBlock> constants = new ArrayList<>();
    for (int from = 0; from < text.length(); from += CONSTANT_LENGTH) {
      int to = Math.min(from + CONSTANT_LENGTH, text.length());
      constants.add(CodeBlock.of("$S", text.substring(from, to)));
    }
    return CodeBlock.join(constants, ",$W");
  }

  private List<String> lines(int width) {
    List<String> lines = new ArrayList<>();
    for (Network.Input input : network.inputs()) {
      String indices = input.isIndices() ? ", indices below " + input.limit() : "";
      String shape = declaration.ends().described(input.name(), input.shape().toString());
      lines.add(line(input.name(), width, shape + indices));
    }
    for (Node node : network.nodes()) {
      lines.add(
          line(node.name(), width, node.declaration().text() + " -> " + node.layer().output()));
    }
    return lines;
  }

  private static String line(String name, int width, String text) {
    return "\n  " + name + " ".repeat(width - name.length()) + "  " + text;
  }

  /** A layer that is frozen takes no statistics of the batch. */
  private MethodSpec minimumTrainingBatch() {
    MethodSpec.Builder method = override("minimumTrainingBatch", TypeName.INT);
    List<Node> single =
        network.nodes().stream()
            .filter(n -> n.layer().valuesPerSampleForStatistics() == 1)
            .toList();
    if (single.stream().anyMatch(n -> !n.layer().canFreezeStatistics())) {
      return method.addStatement("return 2").build();
    }
    for (Node node : single) {
      method
          .beginControlFlow("if (!$N.areStatisticsFrozen())", names.view(node.name()))
          .addStatement("return 2")
          .endControlFlow();
    }
    return method.addStatement("return 1").build();
  }

  private void addThreads(TypeSpec.Builder type) {
    MethodSpec.Builder threads =
        override("threads", TypeName.VOID).addParameter(TypeName.INT, "count");
    addBegin(threads, CodeBlock.of("$S", "threads"));
    threads.addStatement(
        "$N.runOn($L.limitedTo(count))", ModelFields.PROGRAM, names.sharedWorkers());
    type.addMethod(addEnd(threads).build());
    type.addMethod(
        override("threads", TypeName.INT)
            .addStatement("return $N.workers().threads()", ModelFields.PROGRAM)
            .build());
    MethodSpec.Builder trim = override("trim", TypeName.VOID);
    addBegin(trim, CodeBlock.of("$S", "trim"));
    trim.addStatement("$N.trim()", ModelFields.BOUNDARY)
        .addStatement("$N.trim()", ModelFields.PROGRAM);
    type.addMethod(addEnd(trim).build());
  }

  /** Between this and {@link #addEnd} no other thread can call. */
  private static void addBegin(MethodSpec.Builder method, CodeBlock call) {
    method
        .addStatement("$T outer = $N.begin($L)", String.class, ModelFields.BOUNDARY, call)
        .beginControlFlow("try");
  }

  private static MethodSpec.Builder addEnd(MethodSpec.Builder method) {
    return method
        .nextControlFlow("finally")
        .addStatement("$N.end(outer)", ModelFields.BOUNDARY)
        .endControlFlow();
  }

  private static MethodSpec shape(String method, int[] sizes) {
    CodeBlock values =
        IntStream.of(sizes)
            .mapToObj(size -> CodeBlock.of("$L", size))
            .collect(CodeBlock.joining(", "));
    return override(method, ArrayTypeName.of(TypeName.INT))
        .addStatement("return new int[] {$L}", values)
        .build();
  }

  // ------------------------------------------------------------------------------- forward

  private void addForward(TypeSpec.Builder type) {
    type.addMethod(
        override("forward", TENSORS)
            .addParameter(TENSORS, INPUTS)
            .addStatement("return $N($L, false)", names.method("forward"), arrayOnly(INPUTS))
            .build());
    type.addMethod(
        override("forwardEvaluation", TENSORS)
            .addParameter(TENSORS, INPUTS)
            .addStatement("return $N($L, true)", names.method("forward"), arrayOnly(INPUTS))
            .build());
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(names.method("forward"))
            .addModifiers(Modifier.PRIVATE)
            .returns(TENSORS);
    addTensors(method, INPUTS);
    method.addParameter(TypeName.BOOLEAN, EVALUATION);
    addBegin(method, CodeBlock.of("$N ? $S : $S", EVALUATION, "forwardEvaluation", "forward"));
    addArray(method, INPUTS);
    method
        .addStatement("int batch = $N.inputs($N)", ModelFields.BOUNDARY, INPUTS)
        .addStatement("$N.requireRoom(batch, true)", ModelFields.PROGRAM)
        .addStatement("int total = $N.piece().announce(batch)", ModelFields.PASS);
    Parts.add(
        type,
        method,
        names.method("checkTrainingBatch"),
        CodeBlock.of("total, $N", EVALUATION),
        () ->
            MethodSpec.methodBuilder(names.method("checkTrainingBatch"))
                .addModifiers(Modifier.PRIVATE)
                .addParameter(TypeName.INT, "total")
                .addParameter(TypeName.BOOLEAN, EVALUATION),
        network.nodes().stream()
            .filter(node -> node.layer().valuesPerSampleForStatistics() == 1)
            .toList(),
        this::addTrainingCheck);
    method
        .addStatement("$T outputs = $N.outputs(batch)", TENSORS, ModelFields.BOUNDARY)
        .addStatement("$N.forwardBegins()", ModelFields.BOUNDARY)
        .beginControlFlow("try")
        .addStatement("$N.begin(batch, $N, $N)", ModelFields.PASS, EVALUATION, ModelFields.LAYERS)
        .beginControlFlow("if (total > 0)")
        .addStatement(
            "$N.forward($L, outputs, $N)", ModelFields.PROGRAM, apart(INPUTS), ModelFields.PASS);
    if (!plan.counts().isEmpty()) {
      method.nextControlFlow("else if ($N.piece().leads())", ModelFields.PASS);
      method.addComment("An empty batch changes nothing, but counts.");
      method.addStatement("long[] counters = $N.arrays().counters()", ModelFields.STATE);
      Parts.add(
          type,
          method,
          names.method("countEmptyBatch"),
          CodeBlock.of("counters"),
          () ->
              MethodSpec.methodBuilder("countEmptyBatch")
                  .addModifiers(Modifier.PRIVATE)
                  .addParameter(ArrayTypeName.of(TypeName.LONG), "counters"),
          plan.counts(),
          this::addCount);
    }
    method
        .endControlFlow()
        .nextControlFlow("catch ($T e)", Throwable.class)
        .addStatement("$N.undo()", ModelFields.PASS)
        .addStatement("throw e")
        .endControlFlow()
        .addStatement("$N.forwardDone(batch)", ModelFields.BOUNDARY)
        .addStatement("return outputs");
    type.addMethod(addEnd(method).build());
    MethodSpec.Builder undo = override("undoForward", TypeName.VOID);
    addBegin(undo, CodeBlock.of("$S", "undoForward"));
    undo.addStatement("$N.undo()", ModelFields.PASS)
        .addStatement("$N.forwardUndone()", ModelFields.BOUNDARY);
    type.addMethod(addEnd(undo).build());
    type.addMethod(
        override("randomPosition", TypeName.LONG)
            .addStatement("return $N.position()", ModelFields.PASS)
            .build());
    MethodSpec.Builder goTo =
        override("randomPosition", TypeName.VOID).addParameter(TypeName.LONG, "position");
    addBegin(goTo, CodeBlock.of("$S", "randomPosition"));
    goTo.addStatement("$N.position(position)", ModelFields.PASS);
    type.addMethod(addEnd(goTo).build());
  }

  /** The tensors as a program may work on them where they are. */
  private static CodeBlock apart(String tensors) {
    return CodeBlock.of("$N.apart($N, $N)", ModelFields.BOUNDARY, tensors, ModelFields.STATE);
  }

  private void addTrainingCheck(MethodSpec.Builder method, Node node) {
    boolean canFreeze = node.layer().canFreezeStatistics();
    if (canFreeze) {
      method.beginControlFlow(
          "if (!($N || $N.areStatisticsFrozen()))", EVALUATION, names.view(node.name()));
    }
    addCheck(method, node, "total");
    if (canFreeze) {
      method.endControlFlow();
    }
  }

  private static void addCheck(MethodSpec.Builder method, Node node, String batch) {
    method.addStatement(
        "$N.requireMoreThanOneValue($S, $S, 1, $N)",
        ModelFields.BOUNDARY,
        node.name(),
        node.declaration().attributes().toString(),
        batch);
  }

  private void addCount(MethodSpec.Builder method, Count count) {
    boolean conditional = count.condition() == Condition.NOT_FROZEN;
    if (conditional) {
      method.beginControlFlow(
          "if (!$N.isFrozen($L))", ModelFields.PASS, network.numberOf(count.layer()));
    }
    method.addStatement("counters[$L]++", count.counter());
    if (conditional) {
      method.endControlFlow();
    }
  }

  // --------------------------------------------------------------------- backward, predict

  private void addBackward(TypeSpec.Builder type) {
    type.addMethod(
        override("backward", TypeName.VOID)
            .addParameter(TENSORS, OUTPUT_GRADIENTS)
            .addStatement("$N($L, false)", names.method("backward"), arrayOnly(OUTPUT_GRADIENTS))
            .build());
    type.addMethod(
        override("backwardToInputs", TENSORS)
            .addParameter(TENSORS, OUTPUT_GRADIENTS)
            .addStatement(
                "return $N($L, true)", names.method("backward"), arrayOnly(OUTPUT_GRADIENTS))
            .build());
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(names.method("backward"))
            .addModifiers(Modifier.PRIVATE)
            .returns(TENSORS);
    addTensors(method, OUTPUT_GRADIENTS);
    method.addParameter(TypeName.BOOLEAN, TO_INPUTS);
    addBegin(method, CodeBlock.of("$N ? $S : $S", TO_INPUTS, "backwardToInputs", "backward"));
    addArray(method, OUTPUT_GRADIENTS);
    method
        .addStatement("int batch = $N.backward($N)", ModelFields.BOUNDARY, OUTPUT_GRADIENTS)
        .addStatement(
            "$T $N = $N ? $N.inputGradients(batch) : null",
            TENSORS,
            INPUT_GRADIENTS,
            TO_INPUTS,
            ModelFields.BOUNDARY)
        .addStatement("$N.backwardBegins()", ModelFields.BOUNDARY)
        .beginControlFlow("if ($N.piece().totalBatch() > 0)", ModelFields.PASS)
        .addStatement(
            "$N.backward($L, $N, $N)",
            ModelFields.PROGRAM,
            apart(OUTPUT_GRADIENTS),
            INPUT_GRADIENTS,
            ModelFields.PASS);
    if (plan.state().entries().stream().anyMatch(e -> e.spec().kind() == Kind.PARAMETER)) {
      method
          .nextControlFlow("else")
          .addStatement(
              names.clear(
                  CodeBlock.of(
                      "$N.arrays().$L()",
                      ModelFields.STATE,
                      network.real() == ElementType.FLOAT ? "floatGradients" : "doubleGradients")));
    }
    method
        .endControlFlow()
        .addStatement("$N.backwardDone()", ModelFields.BOUNDARY)
        .addStatement("return $N", INPUT_GRADIENTS);
    type.addMethod(addEnd(method).build());
  }

  /**
   * The parameters of a call that is given tensors: an array, and where the network has one of
   * them, that one in the place of the array. The boundary makes an array of it, without
   * allocating, but not before other threads are kept out.
   */
  private void addTensors(MethodSpec.Builder method, String array) {
    if (network.isSingle()) {
      method.addParameter(GeneratedNames.TENSOR, ONE);
      method.addParameter(TENSORS, SEVERAL);
    } else {
      method.addParameter(TENSORS, array);
    }
  }

  private void addArray(MethodSpec.Builder method, String array) {
    if (network.isSingle()) {
      method.addStatement(
          "$T $N = $N == null ? $N.one($N) : $N",
          TENSORS,
          array,
          SEVERAL,
          ModelFields.BOUNDARY,
          ONE,
          SEVERAL);
    }
  }

  /** What such a call is given when there is an array. */
  private CodeBlock arrayOnly(String array) {
    return network.isSingle() ? CodeBlock.of("null, $N", array) : CodeBlock.of("$N", array);
  }

  private void addPredict(TypeSpec.Builder type) {
    MethodSpec.Builder method;
    if (network.isSingle()) {
      type.addMethod(
          override("predict", TENSORS)
              .addParameter(TENSORS, INPUTS)
              .addStatement("return $N($L)", names.method("predict"), arrayOnly(INPUTS))
              .build());
      method =
          MethodSpec.methodBuilder(names.method("predict"))
              .addModifiers(Modifier.PRIVATE)
              .returns(TENSORS);
    } else {
      method = override("predict", TENSORS);
    }
    addTensors(method, INPUTS);
    addBegin(method, CodeBlock.of("$S", "predict"));
    addArray(method, INPUTS);
    method.addStatement("int batch = $N.inputs($N)", ModelFields.BOUNDARY, INPUTS);
    Parts.add(
        type,
        method,
        names.method("checkPredictBatch"),
        CodeBlock.of("batch"),
        () ->
            MethodSpec.methodBuilder("checkPredictBatch")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(TypeName.INT, "batch"),
        network.nodes().stream()
            .filter(node -> node.layer().predictsByBatchStatistics())
            .filter(node -> node.layer().valuesPerSampleForStatistics() == 1)
            .toList(),
        (check, node) -> addCheck(check, node, "batch"));
    method
        .addStatement("$N.requireRoom(batch, false)", ModelFields.PROGRAM)
        .addStatement("$T outputs = $N.predictions(batch)", TENSORS, ModelFields.BOUNDARY)
        .beginControlFlow("if (batch > 0)")
        .addStatement("$N.predict($L, outputs)", ModelFields.PROGRAM, apart(INPUTS))
        .endControlFlow()
        .addStatement("return outputs");
    type.addMethod(addEnd(method).build());
  }
}
