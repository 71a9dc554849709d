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
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Kind;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Argument;
import dev.tenon.processor.plan.Plan.Buffer;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.StateOffsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.lang.model.element.Modifier;

/** The model class: state, working memory, and the order in which the kernels run. */
final class ModelRenderer {
  /** Calls in one method; each takes some 30 bytes of bytecode. */
  private static final int MOST_CALLS = 60;

  /** Buffers of fixed size that the constructor makes; each takes some 10 bytes of bytecode. */
  private static final int MOST_FIXED = 200;

  private final Plan plan;
  private final Network network;
  private final NetworkDeclaration declaration;
  private final KernelsRenderer kernels;
  private final ClassName name;
  private final boolean single;

  ModelRenderer(Plan plan, KernelsRenderer kernels) {
    this.plan = plan;
    this.network = plan.network();
    this.declaration = network.declaration();
    this.kernels = kernels;
    this.name = GeneratedNames.model(declaration);
    this.single = network.real() == ElementType.FLOAT;
  }

  /**
   * Renders the model:
   *
   * <pre>
   *     public final class CifarNetModel implements CifarNet, Model {
   *       public static CifarNetModel create(long seed) { ... }
   *       public BatchNorm bn1() { ... }
   *       public Tensor forward(Tensor input) { ... }
   *       public void backward(Tensor outputGradient) { ... }
   *       public Tensor predict(Tensor input) { ... }
   *     }
   * </pre>
   */
  JavaFile file() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.FINAL)
            .addAnnotation(KernelsRenderer.generated(declaration))
            .addJavadoc(classComment());
    if (declaration.isPublic()) {
      type.addModifiers(Modifier.PUBLIC);
    }
    ClassName declared = GeneratedNames.network(declaration);
    if (declaration.isInterface()) {
      type.addSuperinterface(declared);
    } else {
      type.superclass(declared);
    }
    type.addSuperinterface(GeneratedNames.MODEL);
    addFields(type);
    type.addMethod(constructor(type));
    type.addMethod(pieceConstructor(type));
    type.addMethod(create());
    type.addMethod(
        override("piece", GeneratedNames.MODEL)
            .addParameter(GeneratedNames.PIECE_EXCHANGE, "exchange")
            .addStatement("return new $T(this, exchange)", name)
            .build());
    network.nodes().forEach(node -> type.addMethod(view(node)));
    addDescription(type);
    type.addMethod(
        override("forward", GeneratedNames.TENSOR)
            .addParameter(GeneratedNames.TENSOR, "input")
            .addStatement("return forward(input, false)")
            .build());
    type.addMethod(
        override("forwardEvaluation", GeneratedNames.TENSOR)
            .addParameter(GeneratedNames.TENSOR, "input")
            .addStatement("return forward(input, true)")
            .build());
    type.addMethod(forward());
    type.addMethod(
        override("backward", TypeName.VOID)
            .addParameter(GeneratedNames.TENSOR, "outputGradient")
            .addStatement("backward(outputGradient, false)")
            .build());
    type.addMethod(backwardToInput());
    type.addMethod(backward());
    type.addMethod(predict());
    addSteps(type, "forward", plan.forward(), false);
    addSteps(type, "backward", plan.backward(), true);
    addSteps(type, "predict", plan.predict(), false);
    addReserve(type, "reserveTraining", ModelFields.TRAINING_CAPACITY, false);
    addReserve(type, "reservePredict", ModelFields.PREDICT_CAPACITY, true);
    return KernelsRenderer.file(declaration, name, type);
  }

  private CodeBlock classComment() {
    CodeBlock.Builder comment = CodeBlock.builder();
    comment.add(
        "The network {@link $T}, compiled. {@link #forward} and {@link #backward} train it, {@link"
            + "\n#predict} evaluates it; there is no mode to switch.\n\n<pre>\n",
        GeneratedNames.network(declaration));
    comment.add("input   $L\n", network.input());
    int width = network.nodes().stream().mapToInt(n -> n.name().length()).max().orElse(0);
    for (Node node : network.nodes()) {
      comment.add(
          "$L   {@literal $L} $L\n",
          node.name() + " ".repeat(Math.max(0, Math.max(5, width) - node.name().length())),
          node.declaration().attributes() + "  ->",
          node.layer().output());
    }
    comment.add("</pre>\n\nOne model serves one thread at a time.\n");
    return comment.build();
  }

  // --------------------------------------------------------------------------------- fields

  private TypeName real() {
    return single ? TypeName.FLOAT : TypeName.DOUBLE;
  }

  private void addFields(TypeSpec.Builder type) {
    type.addField(finalField(GeneratedNames.STATE, ModelFields.STATE));
    type.addField(finalField(GeneratedNames.CALL_BOUNDARY, ModelFields.BOUNDARY));
    type.addField(finalField(GeneratedNames.BATCH_PIECE, ModelFields.PIECE));
    TypeName array = ArrayTypeName.of(real());
    for (StateArray state : stateArrays()) {
      type.addField(
          finalField(
              state == StateArray.COUNTERS ? ArrayTypeName.of(TypeName.LONG) : array, state.field));
    }
    if (drawsRandomNumbers()) {
      type.addField(finalField(TypeName.LONG, ModelFields.SEED));
      type.addField(FieldSpec.builder(TypeName.LONG, ModelFields.STEP, Modifier.PRIVATE).build());
      type.addField(
          FieldSpec.builder(TypeName.BOOLEAN, ModelFields.EVALUATION, Modifier.PRIVATE)
              .addJavadoc("Whether the last forward was an evaluation.\n")
              .build());
    }
    for (Node node : network.nodes()) {
      FieldSpec.Builder view =
          FieldSpec.builder(viewType(node.view()), ModelFields.view(node.name()), Modifier.PRIVATE);
      type.addField(hasManyLayers() ? view.build() : view.addModifiers(Modifier.FINAL).build());
    }
    for (Node node : network.nodes()) {
      if (node.layer().canFreezeStatistics()) {
        type.addField(
            FieldSpec.builder(TypeName.BOOLEAN, ModelFields.frozen(node.name()), Modifier.PRIVATE)
                .addJavadoc("Whether $L was frozen in the last forward.\n", node.name())
                .build());
      }
    }
    ParameterizedTypeName layers =
        ParameterizedTypeName.get(ClassName.get(List.class), GeneratedNames.LAYER);
    type.addField(finalField(layers, ModelFields.LAYERS));
    addBuffers(type, false, ModelFields.TRAINING_CAPACITY);
    addBuffers(type, true, ModelFields.PREDICT_CAPACITY);
  }

  private void addBuffers(TypeSpec.Builder type, boolean predict, String capacity) {
    type.addField(
        FieldSpec.builder(TypeName.INT, capacity, Modifier.PRIVATE)
            .addJavadoc(
                predict
                    ? "Samples that the working memory of evaluation holds.\n"
                    : "Samples that the working memory of training holds.\n")
            .build());
    for (Buffer buffer : plan.buffers()) {
      if (buffer.predict() != predict) {
        continue;
      }
      TypeName element =
          switch (buffer.type()) {
            case FLOAT -> TypeName.FLOAT;
            case DOUBLE -> TypeName.DOUBLE;
            case INT -> TypeName.INT;
          };
      TypeName arrayType = ArrayTypeName.of(element);
      FieldSpec.Builder field =
          FieldSpec.builder(
              buffer.isFlat() ? arrayType : ArrayTypeName.of(arrayType),
              buffer.name(),
              Modifier.PRIVATE);
      if (buffer.tenants().size() > 1) {
        field.addJavadoc("$L.\n", String.join(", then ", buffer.tenants()));
      }
      if (isMadeAtOnce(buffer)) {
        field.addModifiers(Modifier.FINAL).initializer(allocation(buffer, CodeBlock.of("0")));
      }
      type.addField(field.build());
    }
  }

  /** The others are made by the first call: their sizes depend on the batch, or they are many. */
  private boolean isMadeAtOnce(Buffer buffer) {
    return buffer.rowsPerSample() == 0
        && plan.buffers().stream().filter(b -> b.rowsPerSample() == 0).count() <= MOST_FIXED;
  }

  private static CodeBlock allocation(Buffer buffer, CodeBlock rows) {
    String element = buffer.type().keyword();
    if (buffer.isFlat()) {
      return CodeBlock.of("new $L[$L]", element, buffer.length());
    }
    CodeBlock count = buffer.rowsPerSample() == 0 ? CodeBlock.of("$L", buffer.rows()) : rows;
    return CodeBlock.of("new $L[$L][$L]", element, count, buffer.length());
  }

  private static FieldSpec finalField(TypeName type, String name) {
    return FieldSpec.builder(type, name, Modifier.PRIVATE, Modifier.FINAL).build();
  }

  private static ClassName viewType(StateView view) {
    return ClassName.get(view.packageName(), view.simpleName());
  }

  private enum StateArray {
    PARAMETERS(ModelFields.PARAMETERS, "Parameters"),
    GRADIENTS(ModelFields.GRADIENTS, "Gradients"),
    RUNNING_STATS(ModelFields.RUNNING_STATS, "RunningStats"),
    COUNTERS(ModelFields.COUNTERS, "");

    private final String field;
    private final String accessor;

    StateArray(String field, String accessor) {
      this.field = field;
      this.accessor = accessor;
    }
  }

  /** The state arrays that this network has. */
  private List<StateArray> stateArrays() {
    List<StateArray> arrays = new ArrayList<>();
    if (has(Kind.PARAMETER)) {
      arrays.add(StateArray.PARAMETERS);
      arrays.add(StateArray.GRADIENTS);
    }
    if (has(Kind.RUNNING_STAT)) {
      arrays.add(StateArray.RUNNING_STATS);
    }
    if (has(Kind.COUNTER)) {
      arrays.add(StateArray.COUNTERS);
    }
    return arrays;
  }

  private boolean has(Kind kind) {
    return plan.state().entries().stream().anyMatch(e -> e.spec().kind() == kind);
  }

  private boolean drawsRandomNumbers() {
    return plan.forward().stream()
        .filter(Plan.Run.class::isInstance)
        .flatMap(call -> ((Plan.Run) call).arguments().stream())
        .anyMatch(Plan.RandomKeyArgument.class::isInstance);
  }

  // --------------------------------------------------------------------------- construction

  private MethodSpec constructor(TypeSpec.Builder type) {
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addModifiers(Modifier.PRIVATE)
            .addParameter(TypeName.LONG, "seed");
    addState(type, constructor);
    constructor.addStatement("$N = new $T()", ModelFields.PIECE, GeneratedNames.BATCH_PIECE);
    if (drawsRandomNumbers()) {
      constructor.addStatement("this.$N = seed", ModelFields.SEED);
    }
    addBoundaryAndArrays(constructor);
    addViews(type, constructor);
    constructor.addStatement(
        "$N = $T.of($L)",
        ModelFields.LAYERS,
        List.class,
        network.nodes().stream()
            .map(node -> CodeBlock.of("$N", ModelFields.view(node.name())))
            .collect(CodeBlock.joining(", ")));
    return constructor.build();
  }

  /** A model that shares the state of another one and works on a piece of each of its batches. */
  private MethodSpec pieceConstructor(TypeSpec.Builder type) {
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addModifiers(Modifier.PRIVATE)
            .addParameter(name, "whole")
            .addParameter(GeneratedNames.PIECE_EXCHANGE, "exchange")
            .addStatement("$N = whole.$N.sharing()", ModelFields.STATE, ModelFields.STATE)
            .addStatement("$N = new $T(exchange)", ModelFields.PIECE, GeneratedNames.BATCH_PIECE);
    if (drawsRandomNumbers()) {
      constructor.addStatement("$N = whole.$N", ModelFields.SEED, ModelFields.SEED);
      constructor.addStatement("$N = whole.$N", ModelFields.STEP, ModelFields.STEP);
    }
    addBoundaryAndArrays(constructor);
    int part = 0;
    for (List<Node> some : chunks(network.nodes())) {
      MethodSpec.Builder method = constructor;
      if (hasManyLayers()) {
        String copy = "copyViews" + ++part;
        constructor.addStatement("$N(whole)", copy);
        method =
            MethodSpec.methodBuilder(copy)
                .addModifiers(Modifier.PRIVATE)
                .addParameter(name, "whole");
      }
      for (Node node : some) {
        String view = ModelFields.view(node.name());
        method.addStatement("$N = whole.$N", view, view);
      }
      if (hasManyLayers()) {
        type.addMethod(method.build());
      }
    }
    return constructor
        .addStatement("$N = whole.$N", ModelFields.LAYERS, ModelFields.LAYERS)
        .build();
  }

  private void addBoundaryAndArrays(MethodSpec.Builder constructor) {
    constructor.addStatement(
        "$N = new $T($S, $T.$L, inputShape(), outputShape())",
        ModelFields.BOUNDARY,
        GeneratedNames.CALL_BOUNDARY,
        declaration.typeName(),
        GeneratedNames.DTYPE,
        single ? "FLOAT32" : "FLOAT64");
    for (StateArray array : stateArrays()) {
      String accessor =
          array == StateArray.COUNTERS
              ? array.field
              : (single ? "float" : "double") + array.accessor;
      constructor.addStatement("$N = $N.$L()", array.field, ModelFields.STATE, accessor);
    }
  }

  /** One chain of calls, or a method for each of its parts. */
  private void addState(TypeSpec.Builder type, MethodSpec.Builder constructor) {
    CodeBlock builder =
        CodeBlock.of(
            "$T.builder($T.$L)",
            GeneratedNames.STATE,
            GeneratedNames.DTYPE,
            single ? "FLOAT32" : "FLOAT64");
    List<StateOffsets.Entry> entries = plan.state().entries();
    if (entries.size() <= MOST_CALLS) {
      CodeBlock.Builder chain = CodeBlock.builder().add("$N = $L", ModelFields.STATE, builder);
      entries.forEach(entry -> chain.add("\n    ").add(declare(entry)));
      constructor.addStatement(chain.add("\n    .build(seed)").build());
      return;
    }
    ClassName builderType = GeneratedNames.STATE.nestedClass("Builder");
    constructor.addStatement("$T builder = $L", builderType, builder);
    int part = 0;
    for (List<StateOffsets.Entry> some : chunks(entries)) {
      String method = "declareState" + ++part;
      constructor.addStatement("$N(builder)", method);
      CodeBlock.Builder chain = CodeBlock.builder().add("builder");
      some.forEach(entry -> chain.add("\n    ").add(declare(entry)));
      type.addMethod(
          MethodSpec.methodBuilder(method)
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
              .addParameter(builderType, "builder")
              .addStatement(chain.build())
              .build());
    }
    constructor.addStatement("$N = builder.build(seed)", ModelFields.STATE);
  }

  private boolean hasManyLayers() {
    return network.nodes().size() > MOST_CALLS;
  }

  private void addViews(TypeSpec.Builder type, MethodSpec.Builder constructor) {
    if (!hasManyLayers()) {
      network.nodes().forEach(node -> addView(constructor, node));
      return;
    }
    int part = 0;
    for (List<Node> some : chunks(network.nodes())) {
      String name = "createViews" + ++part;
      // The parameter sets it apart from the method of a layer of that name.
      constructor.addStatement("$N($N)", name, ModelFields.STATE);
      MethodSpec.Builder method =
          MethodSpec.methodBuilder(name)
              .addModifiers(Modifier.PRIVATE)
              .addParameter(GeneratedNames.STATE, ModelFields.STATE);
      some.forEach(node -> addView(method, node));
      type.addMethod(method.build());
    }
  }

  private void addView(MethodSpec.Builder method, Node node) {
    method.addStatement("$N = $L", ModelFields.view(node.name()), newView(node));
    if (node.layer().startsFrozen()) {
      method.addStatement("$N.freeze()", ModelFields.view(node.name()));
    }
  }

  private CodeBlock declare(StateOffsets.Entry entry) {
    StateSpec spec = entry.spec();
    CodeBlock dims =
        spec.dims().stream().map(d -> CodeBlock.of("$L", d)).collect(CodeBlock.joining(", "));
    return switch (spec.kind()) {
      case PARAMETER ->
          CodeBlock.of(
              ".parameter($S, $T.$L($L), $L)",
              entry.name(),
              GeneratedNames.INITIALIZER,
              spec.init().uniform() ? "uniform" : "constant",
              spec.init().value(),
              dims);
      case RUNNING_STAT ->
          CodeBlock.of(".runningStat($S, $L, $L)", entry.name(), spec.init().value(), dims);
      case COUNTER -> CodeBlock.of(".counter($S)", entry.name());
    };
  }

  private CodeBlock newView(Node node) {
    CodeBlock.Builder arguments =
        CodeBlock.builder().add("$S, $S", node.name(), node.declaration().annotation());
    if (node.view() != StateView.LAYER) {
      addEntry(arguments, node, "weight", "parameter");
      addEntry(arguments, node, "bias", "parameter");
    }
    if (node.view().showsRunningStats()) {
      addEntry(arguments, node, "running_mean", "runningStat");
      addEntry(arguments, node, "running_var", "runningStat");
      addEntry(arguments, node, "num_batches_tracked", "counter");
    }
    return CodeBlock.of("new $T($L)", viewType(node.view()), arguments.build());
  }

  private static void addEntry(
      CodeBlock.Builder arguments, Node node, String entry, String accessor) {
    if (node.layer().state().stream().anyMatch(spec -> spec.name().equals(entry))) {
      arguments.add(", $N.$L($S)", ModelFields.STATE, accessor, node.name() + "." + entry);
    } else {
      arguments.add(", null");
    }
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

  private MethodSpec view(Node node) {
    return override(node.name(), viewType(node.view()))
        .addStatement("return $N", ModelFields.view(node.name()))
        .build();
  }

  private static MethodSpec.Builder override(String method, TypeName returns) {
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
    boolean needsTwo =
        network.nodes().stream().anyMatch(n -> n.layer().valuesPerSampleForStatistics() == 1);
    type.addMethod(
        override("minimumTrainingBatch", TypeName.INT)
            .addStatement("return $L", needsTwo ? 2 : 1)
            .build());
    type.addMethod(shape("inputShape", network.input().toArray()));
    type.addMethod(shape("outputShape", network.output().toArray()));
    type.addMethod(
        override(
                "layers",
                ParameterizedTypeName.get(ClassName.get(List.class), GeneratedNames.LAYER))
            .addStatement("return $N", ModelFields.LAYERS)
            .build());
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

  // ------------------------------------------------------------------------------- calls

  private MethodSpec forward() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("forward")
            .addModifiers(Modifier.PRIVATE)
            .returns(GeneratedNames.TENSOR)
            .addParameter(GeneratedNames.TENSOR, "input")
            .addParameter(TypeName.BOOLEAN, ModelFields.EVALUATION)
            .addStatement("int batch = $N.input(input)", ModelFields.BOUNDARY)
            .addStatement("int total = $N.announce(batch)", ModelFields.PIECE);
    for (Node node : network.nodes()) {
      boolean canFreeze = node.layer().canFreezeStatistics();
      if (node.layer().valuesPerSampleForStatistics() == 1) {
        if (canFreeze) {
          method.beginControlFlow(
              "if (!($N || $N.areStatisticsFrozen()))",
              ModelFields.EVALUATION,
              ModelFields.view(node.name()));
        }
        method.addStatement(
            "$N.requireMoreThanOneValue($S, $S, 1, total)",
            ModelFields.BOUNDARY,
            node.name(),
            node.declaration().attributes().toString());
        if (canFreeze) {
          method.endControlFlow();
        }
      }
    }
    method.addStatement("$N.begin()", ModelFields.PIECE);
    for (Node node : network.nodes()) {
      if (node.layer().canFreezeStatistics()) {
        method.addStatement(
            "$N = $N || $N.areStatisticsFrozen()",
            ModelFields.frozen(node.name()),
            ModelFields.EVALUATION,
            ModelFields.view(node.name()));
      }
    }
    if (drawsRandomNumbers()) {
      method.addStatement("this.$N = $N", ModelFields.EVALUATION, ModelFields.EVALUATION);
      method.addStatement("$N++", ModelFields.STEP);
    }
    method.beginControlFlow("if (total > 0)");
    method.addStatement("reserveTraining($T.max(batch, 1))", Math.class);
    method.addStatement(load("input", plan.input()));
    addStepCalls(method, "forward", plan.forward(), false);
    List<Plan.Count> counts =
        plan.forward().stream()
            .filter(Plan.Count.class::isInstance)
            .map(Plan.Count.class::cast)
            .toList();
    if (counts.isEmpty()) {
      method.endControlFlow();
    } else {
      method.nextControlFlow("else if ($N.leads())", ModelFields.PIECE);
      method.addComment("An empty batch changes nothing, but counts.");
      for (Plan.Count count : counts) {
        boolean conditional = count.condition() == Condition.NOT_FROZEN;
        if (conditional) {
          method.beginControlFlow("if (!$N)", ModelFields.frozen(count.layer()));
        }
        method.addStatement("$N[$L]++", ModelFields.COUNTERS, count.counter());
        if (conditional) {
          method.endControlFlow();
        }
      }
      method.endControlFlow();
    }
    return method
        .addStatement("$T output = $N.output(batch)", GeneratedNames.TENSOR, ModelFields.BOUNDARY)
        .addStatement(store(plan.output(), "output"))
        .addStatement("$N.forwardDone(batch)", ModelFields.BOUNDARY)
        .addStatement("return output")
        .build();
  }

  private MethodSpec backwardToInput() {
    return override("backwardToInput", GeneratedNames.TENSOR)
        .addParameter(GeneratedNames.TENSOR, "outputGradient")
        .addStatement("int batch = backward(outputGradient, true)")
        .addStatement(
            "$T inputGradient = $N.inputGradient(batch)",
            GeneratedNames.TENSOR,
            ModelFields.BOUNDARY)
        .addStatement(store(plan.inputGradient(), "inputGradient"))
        .addStatement("return inputGradient")
        .build();
  }

  private MethodSpec backward() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("backward")
            .addModifiers(Modifier.PRIVATE)
            .returns(TypeName.INT)
            .addParameter(GeneratedNames.TENSOR, "outputGradient")
            .addParameter(TypeName.BOOLEAN, "withInput")
            .addStatement("int batch = $N.backward(outputGradient)", ModelFields.BOUNDARY)
            .beginControlFlow("if ($N.totalBatch() > 0)", ModelFields.PIECE)
            .addStatement(load("outputGradient", plan.outputGradient()));
    addStepCalls(method, "backward", plan.backward(), true);
    if (has(Kind.PARAMETER)) {
      method
          .nextControlFlow("else")
          .addStatement("$T.fill($N, 0)", Arrays.class, ModelFields.GRADIENTS);
    }
    return method.endControlFlow().addStatement("return batch").build();
  }

  private MethodSpec predict() {
    MethodSpec.Builder method =
        override("predict", GeneratedNames.TENSOR)
            .addParameter(GeneratedNames.TENSOR, "input")
            .addStatement("int batch = $N.input(input)", ModelFields.BOUNDARY);
    for (Node node : network.nodes()) {
      if (node.layer().predictsByBatchStatistics()
          && node.layer().valuesPerSampleForStatistics() == 1) {
        method.addStatement(
            "$N.requireMoreThanOneValue($S, $S, 1, batch)",
            ModelFields.BOUNDARY,
            node.name(),
            node.declaration().attributes().toString());
      }
    }
    method.beginControlFlow("if (batch > 0)");
    method.addStatement("reservePredict(batch)");
    method.addStatement(load("input", plan.predictInput()));
    addStepCalls(method, "predict", plan.predict(), false);
    return method
        .endControlFlow()
        .addStatement(
            "$T output = $N.prediction(batch)", GeneratedNames.TENSOR, ModelFields.BOUNDARY)
        .addStatement(store(plan.predictOutput(), "output"))
        .addStatement("return output")
        .build();
  }

  private static CodeBlock load(String tensor, Buffer buffer) {
    return CodeBlock.of(
        "$T.load($N, this.$N, batch * $L)",
        GeneratedNames.ROWS,
        tensor,
        buffer.name(),
        buffer.rowsPerSample());
  }

  private static CodeBlock store(Buffer buffer, String tensor) {
    return CodeBlock.of(
        "$T.store(this.$N, batch * $L, $N)",
        GeneratedNames.ROWS,
        buffer.name(),
        buffer.rowsPerSample(),
        tensor);
  }

  // -------------------------------------------------------------------------------- steps

  private static <T> List<List<T>> chunks(List<T> all) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += MOST_CALLS) {
      chunks.add(all.subList(from, Math.min(from + MOST_CALLS, all.size())));
    }
    return chunks;
  }

  private static String stepMethod(String phase, int number) {
    return phase + "Layers" + (number == 0 ? "" : number + 1);
  }

  private static void addStepCalls(
      MethodSpec.Builder method, String phase, List<Call> calls, boolean withInput) {
    for (int i = 0; i < chunks(calls).size(); i++) {
      method.addStatement(withInput ? "$N(batch, withInput)" : "$N(batch)", stepMethod(phase, i));
    }
  }

  private void addSteps(TypeSpec.Builder type, String phase, List<Call> calls, boolean withInput) {
    List<List<Call>> chunks = chunks(calls);
    for (int i = 0; i < chunks.size(); i++) {
      MethodSpec.Builder method =
          MethodSpec.methodBuilder(stepMethod(phase, i))
              .addModifiers(Modifier.PRIVATE)
              .addParameter(TypeName.INT, "batch");
      if (withInput) {
        method.addParameter(TypeName.BOOLEAN, "withInput");
      }
      String layer = "";
      Guard open = Guard.NONE;
      for (Call call : chunks.get(i)) {
        Guard guard = Guard.of(call);
        if (!guard.equals(open) && !open.equals(Guard.NONE)) {
          method.endControlFlow();
          open = Guard.NONE;
        }
        if (!call.layer().equals(layer)) {
          layer = call.layer();
          method.addComment("$L", heading(layer));
        }
        if (!guard.equals(open)) {
          method.beginControlFlow("if ($L)", guard.condition());
          open = guard;
        }
        method.addStatement(call(call));
      }
      if (!open.equals(Guard.NONE)) {
        method.endControlFlow();
      }
      type.addMethod(method.build());
    }
  }

  /** Under what a call runs; neighbours under the same guard share one {@code if}. */
  private record Guard(boolean onlyForInput, boolean leads, Condition when, String layer) {
    static final Guard NONE = new Guard(false, false, Condition.ALWAYS, "");

    static Guard of(Call call) {
      boolean spare = call instanceof Plan.Run run && run.onlyForInput();
      boolean leads = call instanceof Plan.Count || (call instanceof Plan.Run r && r.measures());
      String layer = call.condition() == Condition.ALWAYS ? "" : call.layer();
      return new Guard(spare, leads, call.condition(), layer);
    }

    CodeBlock condition() {
      List<CodeBlock> parts = new ArrayList<>();
      if (onlyForInput) {
        parts.add(CodeBlock.of("withInput"));
      }
      if (when != Condition.ALWAYS) {
        String not = when == Condition.NOT_FROZEN ? "!" : "";
        parts.add(CodeBlock.of("$L$N", not, ModelFields.frozen(layer)));
      }
      if (leads) {
        parts.add(CodeBlock.of("$N.leads()", ModelFields.PIECE));
      }
      return CodeBlock.join(parts, " && ");
    }
  }

  private String heading(String layer) {
    return network.nodes().stream()
        .filter(node -> node.name().equals(layer))
        .findFirst()
        .map(Node::heading)
        .orElse(layer);
  }

  private CodeBlock call(Call call) {
    if (call instanceof Plan.Count count) {
      return CodeBlock.of("$N[$L]++", ModelFields.COUNTERS, count.counter());
    }
    if (call instanceof Plan.Join join) {
      CodeBlock fields =
          join.fields().stream().map(f -> CodeBlock.of("$N", f)).collect(CodeBlock.joining(", "));
      return switch (join.how()) {
        case MOMENTS ->
            CodeBlock.of(
                "$N.joinMoments($L, $L)", ModelFields.PIECE, fields, join.valuesPerSample());
        case SUMS -> CodeBlock.of("$N.joinSums($L)", ModelFields.PIECE, fields);
      };
    }
    Plan.Run run = (Plan.Run) call;
    return CodeBlock.of(
        "$T.$N($L)",
        kernels.classOf(run.method()),
        run.method(),
        run.arguments().stream().map(this::argument).collect(CodeBlock.joining(", ")));
  }

  private CodeBlock argument(Argument argument) {
    if (argument instanceof Plan.BufferArgument buffer) {
      return CodeBlock.of("$N", buffer.field());
    }
    if (argument instanceof Plan.StateArgument state) {
      return CodeBlock.of("$N", state.array());
    }
    if (argument instanceof Plan.OffsetArgument offset) {
      return CodeBlock.of("$L", offset.offset());
    }
    if (argument instanceof Plan.BatchArgument) {
      return CodeBlock.of("batch");
    }
    if (argument instanceof Plan.TotalBatchArgument) {
      return CodeBlock.of("$N.totalBatch()", ModelFields.PIECE);
    }
    if (argument instanceof Plan.FirstSampleArgument) {
      return CodeBlock.of("$N.firstSample()", ModelFields.PIECE);
    }
    if (argument instanceof Plan.RandomKeyArgument key) {
      return CodeBlock.of(
          "$T.key($N, $N, $L)",
          GeneratedNames.RANDOMS,
          ModelFields.SEED,
          ModelFields.STEP,
          key.layerIndex());
    }
    if (argument instanceof Plan.DropProbabilityArgument drop) {
      return CodeBlock.of("$N ? 0 : $L", ModelFields.EVALUATION, drop.probability());
    }
    Plan.AverageFactorArgument factor = (Plan.AverageFactorArgument) argument;
    return factor.counter() < 0
        ? CodeBlock.of("$L", factor.momentum())
        : CodeBlock.of("1.0 / $N[$L]", ModelFields.COUNTERS, factor.counter());
  }

  // ------------------------------------------------------------------------ working memory

  private void addReserve(
      TypeSpec.Builder type, String methodName, String capacity, boolean predict) {
    List<Buffer> growing =
        plan.buffers().stream()
            .filter(buffer -> buffer.predict() == predict && !isMadeAtOnce(buffer))
            .toList();
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(methodName)
            .addModifiers(Modifier.PRIVATE)
            .addParameter(TypeName.INT, "batch")
            .beginControlFlow("if (batch <= $N)", capacity)
            .addStatement("return")
            .endControlFlow();
    int parts = (growing.size() + MOST_CALLS - 1) / MOST_CALLS;
    for (int part = 0; part < parts; part++) {
      List<Buffer> some =
          growing.subList(part * MOST_CALLS, Math.min((part + 1) * MOST_CALLS, growing.size()));
      MethodSpec.Builder allocate = method;
      if (parts > 1) {
        String partName = methodName + (part + 1);
        method.addStatement("$N(batch)", partName);
        allocate =
            MethodSpec.methodBuilder(partName)
                .addModifiers(Modifier.PRIVATE)
                .addParameter(TypeName.INT, "batch");
      }
      for (Buffer buffer : some) {
        allocate.addStatement(
            "$N = $L",
            buffer.name(),
            allocation(buffer, CodeBlock.of("batch * $L", buffer.rowsPerSample())));
      }
      if (parts > 1) {
        type.addMethod(allocate.build());
      }
    }
    type.addMethod(method.addStatement("$N = batch", capacity).build());
  }
}
