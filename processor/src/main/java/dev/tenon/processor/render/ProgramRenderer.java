package dev.tenon.processor.render;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.Assembly.Instance;
import dev.tenon.processor.plan.Assembly.Item;
import dev.tenon.processor.plan.Assembly.Together;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Buffer;
import dev.tenon.processor.plan.Plan.Edge;
import dev.tenon.processor.plan.Routine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** A program class: working memory, and the order in which the kernels run. */
final class ProgramRenderer {
  /** What an array holds; the runtime's {@code Room} says so to users. */
  private static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  private static final ArrayTypeName TENSORS = ArrayTypeName.of(GeneratedNames.TENSOR);
  private static final String SAMPLES = "samples";
  private static final String INPUTS = "inputs";
  private static final String OUTPUTS = "outputs";
  private static final String OUTPUT_GRADIENTS = "outputGradients";
  private static final String INPUT_GRADIENTS = "inputGradients";

  /** Tensors of one buffer that its comment names; in a deep network there are hundreds. */
  private static final int MOST_TENANTS_TOLD = 4;

  private final Network network;
  private final Plan plan;
  private final ClassName name;
  private final KernelsRenderer kernels;

  /** The buffers that the program itself holds; the others are the layers' own. */
  private final List<Buffer> buffers;

  ProgramRenderer(Network network, Plan plan, KernelsRenderer kernels) {
    this.network = network;
    this.plan = plan;
    this.name = GeneratedNames.program(network.declaration(), plan.backEnd());
    this.kernels = kernels;
    Set<String> own = new HashSet<>();
    Stream.of(plan.inputs(), plan.outputs(), plan.outputGradients(), plan.inputGradients())
        .flatMap(List::stream)
        .forEach(edge -> own.add(edge.buffer().name()));
    Stream.of(plan.predictInputs(), plan.predictOutputs())
        .flatMap(List::stream)
        .forEach(edge -> own.add(edge.buffer().name()));
    plan.assembly().instances().forEach(instance -> own.addAll(instance.buffers()));
    this.buffers = plan.buffers().stream().filter(b -> own.contains(b.name())).toList();
  }

  /**
   * Renders the program:
   *
   * <pre>
   *     final class CifarNetPlainProgram implements Program, Work {
   *       public void forward(Tensor[] inputs, Tensor[] outputs, Pass pass) { ... }
   *       public void backward(Tensor[] outputGradients, Tensor[] inputGradients, Pass pass) {
   *         ...
   *       }
   *       public void predict(Tensor[] inputs, Tensor[] outputs) { ... }
   *       public void run(int step, int from, int to) { ... }
   *     }
   * </pre>
   */
  JavaFile file() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.FINAL)
            .addAnnotation(KernelsRenderer.generated(network.declaration()))
            .addSuperinterface(GeneratedNames.PROGRAM)
            .addJavadoc(
                "How {@link $T} runs "
                    + plan.backEnd().words().how()
                    + ": its working memory, and which loop runs after"
                    + "\nwhich. Threads share the longer loops in ranges of independent items.\n",
                GeneratedNames.model(network.declaration()));
    addFields(type);
    new StateRenderer(network, plan, kernels).addDeclaration(type);
    type.addMethod(constructor());
    addCreateLayers(type);
    type.addMethod(
        override("on", GeneratedNames.PROGRAM)
            .addParameter(GeneratedNames.STATE, "other")
            .addParameter(GeneratedNames.WORKER_POOL, "otherWorkers")
            .addStatement("return new $T(other, otherWorkers)", name)
            .build());
    type.addMethod(
        override("runOn", TypeName.VOID)
            .addParameter(GeneratedNames.WORKER_POOL, ProgramFields.WORKERS)
            .addStatement("this.$N = $N", ProgramFields.WORKERS, ProgramFields.WORKERS)
            .build());
    type.addMethod(
        override("workers", GeneratedNames.WORKER_POOL)
            .addStatement("return $N", ProgramFields.WORKERS)
            .build());
    type.addMethod(requireRoom());
    if (plan.backEnd().lanes() > 1) {
      type.addMethod(
          override(VectorConstants.FINITE, TypeName.BOOLEAN)
              .addParameter(ArrayTypeName.of(TypeName.FLOAT), "values")
              .addParameter(TypeName.INT, "from")
              .addParameter(TypeName.INT, "to")
              .addStatement(
                  "return $T.$N(values, from, to)",
                  GeneratedNames.kernels(network.declaration(), plan.backEnd(), 0),
                  VectorConstants.FINITE)
              .build());
    }
    type.addMethod(forward());
    type.addMethod(backward());
    type.addMethod(predict());
    addLayers(type, "forward", plan.assembly().forward());
    addLayers(type, "backward", plan.assembly().backward());
    addLayers(type, "predict", plan.assembly().predict());
    addReserve(type, "reserveTraining", ProgramFields.TRAINING_CAPACITY, false);
    addReserve(type, "reservePredict", ProgramFields.PREDICT_CAPACITY, true);
    addTrim(type);
    return KernelsRenderer.file(network.declaration(), name, type);
  }

  // --------------------------------------------------------------------------------- fields

  private void addFields(TypeSpec.Builder type) {
    for (String array : stateArrays()) {
      type.addField(
          FieldSpec.builder(
                  ArrayTypeName.of(
                      array.equals(ProgramFields.COUNTERS)
                          ? TypeName.LONG
                          : Allocation.typeName(network.real())),
                  array,
                  Modifier.FINAL)
              .build());
    }
    type.addField(FieldSpec.builder(GeneratedNames.WORKER_POOL, ProgramFields.WORKERS).build());
    type.addField(
        FieldSpec.builder(GeneratedNames.PASS, ProgramFields.PASS)
            .addJavadoc("What the call under way is given; null in an evaluation by predict.\n")
            .build());
    type.addField(
        FieldSpec.builder(TypeName.INT, ProgramFields.BATCH)
            .addJavadoc("Samples of the call under way.\n")
            .build());
    if (asksForInput()) {
      type.addField(
          FieldSpec.builder(TypeName.BOOLEAN, ProgramFields.WITH_INPUT)
              .addJavadoc("Whether the backward under way gives the gradients of the inputs.\n")
              .build());
    }
    addInstanceFields(type);
    addBuffers(type, false, ProgramFields.TRAINING_CAPACITY);
    addBuffers(type, true, ProgramFields.PREDICT_CAPACITY);
  }

  private void addBuffers(TypeSpec.Builder type, boolean predict, String capacity) {
    type.addField(
        FieldSpec.builder(TypeName.INT, capacity, Modifier.PRIVATE)
            .addJavadoc(
                predict
                    ? "Samples that the working memory of evaluation holds.\n"
                    : "Samples that the working memory of training holds.\n")
            .build());
    for (Buffer buffer : buffers) {
      if (buffer.predict() != predict) {
        continue;
      }
      TypeName arrayType = ArrayTypeName.of(Allocation.typeName(buffer.type()));
      FieldSpec.Builder field =
          FieldSpec.builder(
              buffer.isFlat() ? arrayType : ArrayTypeName.of(arrayType), buffer.name());
      if (!buffer.borrowed()) {
        field.addModifiers(Modifier.PRIVATE);
      }
      if (buffer.tenants().size() > 1) {
        field.addJavadoc("$L.\n", tenants(buffer.tenants().stream().map(Tensor::name).toList()));
      }
      type.addField(field.build());
    }
  }

  /** All that live in a buffer one after the other, or the first and the last of many. */
  private static String tenants(List<String> all) {
    if (all.size() <= MOST_TENANTS_TOLD) {
      return String.join(", then ", all);
    }
    int others = all.size() - MOST_TENANTS_TOLD;
    return String.join(", then ", all.subList(0, MOST_TENANTS_TOLD - 1))
        + ", then "
        + others
        + (others == 1 ? " other" : " others")
        + ", at last "
        + all.get(all.size() - 1);
  }

  private boolean asksForInput() {
    return plan.calls().anyMatch(call -> call instanceof Plan.Run run && run.onlyForInput());
  }

  /** The arrays of the state that the kernels are given. */
  private List<String> stateArrays() {
    List<Plan.Argument> arguments =
        plan.calls()
            .filter(Plan.Run.class::isInstance)
            .flatMap(call -> ((Plan.Run) call).arguments().stream())
            .toList();
    List<String> arrays = new ArrayList<>();
    for (String array :
        List.of(ProgramFields.PARAMETERS, ProgramFields.GRADIENTS, ProgramFields.RUNNING_STATS)) {
      if (arguments.contains(new Plan.StateArgument(array))) {
        arrays.add(array);
      }
    }
    if (plan.calls().anyMatch(Plan.Count.class::isInstance)) {
      arrays.add(ProgramFields.COUNTERS);
    }
    return arrays;
  }

  private MethodSpec constructor() {
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addParameter(GeneratedNames.STATE, ProgramFields.STATE)
            .addParameter(GeneratedNames.WORKER_POOL, ProgramFields.WORKERS)
            .addStatement("this.$N = $N", ProgramFields.WORKERS, ProgramFields.WORKERS);
    String prefix = network.real() == ElementType.FLOAT ? "float" : "double";
    for (String array : stateArrays()) {
      String accessor =
          switch (array) {
            case ProgramFields.PARAMETERS -> prefix + "Parameters";
            case ProgramFields.GRADIENTS -> prefix + "Gradients";
            case ProgramFields.RUNNING_STATS -> prefix + "RunningStats";
            default -> array;
          };
      constructor.addStatement("$N = $N.arrays().$N()", array, ProgramFields.STATE, accessor);
    }
    return constructor.addStatement("createLayers()").build();
  }

  // ---------------------------------------------------------------------------------- calls

  private static MethodSpec.Builder override(String method, TypeName returns) {
    return MethodSpec.methodBuilder(method)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(returns);
  }

  /**
   * Renders the check of the batch:
   *
   * <pre>
   *     public void requireRoom(int batch, boolean training) {
   *       Room.require("CifarNet", batch, training ? 8191 : 16383, ...);
   *     }
   * </pre>
   */
  private MethodSpec requireRoom() {
    MethodSpec.Builder method =
        override("requireRoom", TypeName.VOID)
            .addParameter(TypeName.INT, ProgramFields.BATCH)
            .addParameter(TypeName.BOOLEAN, "training");
    method.beginControlFlow("if (training)");
    addRequireRoom(method, false);
    method.nextControlFlow("else");
    addRequireRoom(method, true);
    return method.endControlFlow().build();
  }

  private void addRequireRoom(MethodSpec.Builder method, boolean predict) {
    List<Limit> limits = new ArrayList<>();
    for (Buffer buffer : plan.buffers()) {
      if (buffer.predict() == predict) {
        limits.add(
            new Limit(
                buffer.mostSamples(MOST_VALUES),
                buffer.tenants().get(0).name(),
                buffer.valuesPerSample()));
      }
    }
    // What the user gets lies in one array, also where the kernels have rows.
    List<Edge> results = predict ? plan.predictOutputs() : plan.outputs();
    for (Edge edge : results) {
      long values = edge.buffer().valuesPerSample();
      limits.add(
          new Limit((int) (MOST_VALUES / values), edge.buffer().tenants().get(0).name(), values));
    }
    Limit least =
        limits.stream()
            .min(Comparator.comparingInt(Limit::samples))
            .orElse(new Limit(MOST_VALUES, "output", 1));
    method.addStatement(
        "$T.require($S, $N, $L, $S, $LL)",
        GeneratedNames.ROOM,
        network.declaration().typeName(),
        ProgramFields.BATCH,
        least.samples(),
        least.memory(),
        least.values());
  }

  /** The most samples that something can hold, and the values that it takes for one. */
  private record Limit(int samples, String memory, long values) {}

  private MethodSpec forward() {
    MethodSpec.Builder method =
        override("forward", TypeName.VOID)
            .addParameter(TENSORS, INPUTS)
            .addParameter(TENSORS, OUTPUTS)
            .addParameter(GeneratedNames.PASS, ProgramFields.PASS);
    addBegin(method);
    method.addStatement("reserveTraining($T.max($N, 1))", Math.class, ProgramFields.BATCH);
    addLoads(method, plan.inputs(), INPUTS);
    addResults(method, plan.outputs(), OUTPUTS, "forward", plan.assembly().forward());
    return method.build();
  }

  private static void addLoads(MethodSpec.Builder method, List<Edge> edges, String tensors) {
    for (int i = 0; i < edges.size(); i++) {
      method.addStatement(load(element(tensors, i), edges.get(i)));
    }
  }

  private static CodeBlock element(String tensors, int index) {
    return CodeBlock.of("$N[$L]", tensors, index);
  }

  /** The calls of a phase, which write tensors of the user's, or buffers that are copied there. */
  private static void addResults(
      MethodSpec.Builder method, List<Edge> edges, String tensors, String phase, List<Item> calls) {
    for (int i = 0; i < edges.size(); i++) {
      if (edges.get(i).inPlace()) {
        method.addStatement(load(element(tensors, i), edges.get(i)));
      }
    }
    addCalls(method, phase, calls);
    for (int i = 0; i < edges.size(); i++) {
      if (!edges.get(i).inPlace()) {
        method.addStatement(store(edges.get(i), element(tensors, i)));
      }
    }
  }

  private static void addBegin(MethodSpec.Builder method) {
    method
        .addStatement("this.$N = $N", ProgramFields.PASS, ProgramFields.PASS)
        .addStatement("$N = $N.batch()", ProgramFields.BATCH, ProgramFields.PASS);
  }

  private MethodSpec backward() {
    MethodSpec.Builder method =
        override("backward", TypeName.VOID)
            .addParameter(TENSORS, OUTPUT_GRADIENTS)
            .addParameter(TENSORS, INPUT_GRADIENTS)
            .addParameter(GeneratedNames.PASS, ProgramFields.PASS);
    addBegin(method);
    if (asksForInput()) {
      method.addStatement("$N = $N != null", ProgramFields.WITH_INPUT, INPUT_GRADIENTS);
    }
    addLoads(method, plan.outputGradients(), OUTPUT_GRADIENTS);
    addInputGradients(method, true);
    addCalls(method, "backward", plan.assembly().backward());
    addInputGradients(method, false);
    return method.build();
  }

  /** Takes the tensors that are worked on in place before the steps, copies to others behind. */
  private void addInputGradients(MethodSpec.Builder method, boolean inPlace) {
    List<Integer> real =
        IntStream.range(0, network.inputs().size())
            .filter(i -> !network.inputs().get(i).isIndices())
            .boxed()
            .toList();
    List<CodeBlock> statements = new ArrayList<>();
    for (int i = 0; i < real.size(); i++) {
      Edge edge = plan.inputGradients().get(i);
      CodeBlock tensor = element(INPUT_GRADIENTS, real.get(i));
      if (edge.inPlace() == inPlace) {
        statements.add(inPlace ? load(tensor, edge) : store(edge, tensor));
      }
    }
    if (!statements.isEmpty()) {
      method.beginControlFlow("if ($N != null)", INPUT_GRADIENTS);
      statements.forEach(method::addStatement);
      method.endControlFlow();
    }
  }

  private MethodSpec predict() {
    MethodSpec.Builder method =
        override("predict", TypeName.VOID)
            .addParameter(TENSORS, INPUTS)
            .addParameter(TENSORS, OUTPUTS)
            .addStatement("$N = null", ProgramFields.PASS)
            .addStatement("$N = $N[0].dim(0)", ProgramFields.BATCH, INPUTS)
            .addStatement("reservePredict($N)", ProgramFields.BATCH);
    addLoads(method, plan.predictInputs(), INPUTS);
    addResults(method, plan.predictOutputs(), OUTPUTS, "predict", plan.assembly().predict());
    return method.build();
  }

  private static CodeBlock load(CodeBlock tensor, Edge edge) {
    Buffer buffer = edge.buffer();
    if (edge.inPlace()) {
      return CodeBlock.of(
          "this.$N = $T.$L($L, $L)",
          buffer.name(),
          GeneratedNames.IN_PLACE,
          buffer.type() == ElementType.INT ? "indices" : "values",
          tensor,
          buffer.length());
    }
    return CodeBlock.of(
        "$T.load($L, this.$N, $L)", GeneratedNames.ROWS, tensor, buffer.name(), rows(buffer));
  }

  private static CodeBlock store(Edge edge, CodeBlock tensor) {
    Buffer buffer = edge.buffer();
    return CodeBlock.of(
        "$T.store(this.$N, $L, $L)", GeneratedNames.ROWS, buffer.name(), rows(buffer), tensor);
  }

  private static CodeBlock rows(Buffer buffer) {
    return Allocation.rows(buffer, ProgramFields.BATCH);
  }

  /** Calls the methods that {@link #addLayers} makes for a phase: forward, backward, predict. */
  private static void addCalls(MethodSpec.Builder method, String phase, List<Item> calls) {
    for (int i = 0; i < Parts.of(calls).size(); i++) {
      method.addStatement("$N()", Parts.name(phase + "Layers", i));
    }
  }

  /** Adds the methods of one phase: a line for each layer. */
  private static void addLayers(TypeSpec.Builder type, String phase, List<Item> calls) {
    List<List<Item>> parts = Parts.of(calls);
    for (int i = 0; i < parts.size(); i++) {
      MethodSpec.Builder method =
          MethodSpec.methodBuilder(Parts.name(phase + "Layers", i)).addModifiers(Modifier.PRIVATE);
      parts.get(i).forEach(item -> method.addStatement("$N.$N()", item.field(), item.method()));
      type.addMethod(method.build());
    }
  }

  // ------------------------------------------------------------------------- working memory

  private void addReserve(
      TypeSpec.Builder type, String methodName, String capacity, boolean predict) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(methodName)
            .addModifiers(Modifier.PRIVATE)
            .addParameter(TypeName.INT, SAMPLES)
            .beginControlFlow("if (samples <= $N)", capacity)
            .addStatement("return")
            .endControlFlow()
            // Should there be no memory for all of it, none of it holds.
            .addStatement("$N = 0", capacity);
    List<CodeBlock> statements = new ArrayList<>();
    buffers.stream()
        .filter(buffer -> buffer.predict() == predict && !buffer.borrowed())
        .map(buffer -> CodeBlock.of("$N = $L", buffer.name(), Allocation.of(buffer)))
        .forEach(statements::add);
    plan.assembly().instances().forEach(i -> statements.addAll(use(i, predict)));
    Parts.add(
        type,
        method,
        methodName,
        CodeBlock.of(SAMPLES),
        () ->
            MethodSpec.methodBuilder(methodName)
                .addModifiers(Modifier.PRIVATE)
                .addParameter(TypeName.INT, SAMPLES),
        statements,
        MethodSpec.Builder::addStatement);
    type.addMethod(method.addStatement("$N = samples", capacity).build());
  }

  /** The calls that give a layer its working memory. */
  private static List<CodeBlock> use(Instance instance, boolean predict) {
    Routine routine = instance.routine();
    List<CodeBlock> given = new ArrayList<>();
    int next = 0;
    boolean ownsAny = false;
    for (Routine.Array array : routine.arrays()) {
      if (array.isOwn()) {
        ownsAny |= array.predict() == predict;
        continue;
      }
      if (array.predict() == predict) {
        given.add(CodeBlock.of("$N", instance.buffers().get(next)));
      }
      next++;
    }
    List<CodeBlock> calls = new ArrayList<>();
    if (given.isEmpty() && !ownsAny) {
      return calls;
    }
    String method = RoutineRenderer.useMethod(predict);
    int parts = Math.max(1, Parts.of(given).size());
    for (int i = 0; i < parts; i++) {
      List<CodeBlock> arguments = new ArrayList<>(given.isEmpty() ? given : Parts.of(given).get(i));
      if (i == 0 && RoutineRenderer.needsSamples(routine, predict)) {
        arguments.add(CodeBlock.of(SAMPLES));
      }
      calls.add(
          CodeBlock.of(
              "$N.$N($L)",
              instance.name(),
              Parts.name(method, i),
              CodeBlock.join(arguments, ",$W")));
    }
    return calls;
  }

  /** Forgets all working memory, and what belongs to tensors of the user's. */
  private void addTrim(TypeSpec.Builder type) {
    MethodSpec.Builder method =
        override("trim", TypeName.VOID)
            .addStatement("$N = null", ProgramFields.PASS)
            .addStatement("$N = 0", ProgramFields.TRAINING_CAPACITY)
            .addStatement("$N = 0", ProgramFields.PREDICT_CAPACITY);
    List<CodeBlock> statements = new ArrayList<>();
    buffers.forEach(buffer -> statements.add(CodeBlock.of("$N = null", buffer.name())));
    Parts.add(
        type,
        method,
        "trim",
        CodeBlock.of(""),
        () -> MethodSpec.methodBuilder("trim").addModifiers(Modifier.PRIVATE),
        statements,
        MethodSpec.Builder::addStatement);
    // New layers have no working memory yet.
    type.addMethod(method.addStatement("createLayers()").build());
  }

  // -------------------------------------------------------------------------------- instances

  private void addInstanceFields(TypeSpec.Builder type) {
    plan.assembly()
        .instances()
        .forEach(i -> addInstanceField(type, kernels.classOf(i.routine()), i.name()));
    plan.assembly()
        .together()
        .forEach(t -> addInstanceField(type, kernels.classOf(t.stretch()), t.name()));
  }

  private static void addInstanceField(TypeSpec.Builder type, ClassName of, String field) {
    type.addField(of, field, Modifier.PRIVATE);
  }

  private void addCreateLayers(TypeSpec.Builder type) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("createLayers").addModifiers(Modifier.PRIVATE);
    List<CodeBlock> statements = new ArrayList<>();
    for (Instance instance : plan.assembly().instances()) {
      List<CodeBlock> arguments = new ArrayList<>(List.of(CodeBlock.of("this")));
      for (int i = 0; i < instance.numbers().size(); i++) {
        arguments.add(
            CodeBlock.of(
                "/* $L= */ $L", instance.routine().numbers().get(i), instance.numbers().get(i)));
      }
      statements.add(made(instance.name(), kernels.classOf(instance.routine()), arguments));
    }
    for (Together together : plan.assembly().together()) {
      List<CodeBlock> arguments = new ArrayList<>(List.of(CodeBlock.of("this")));
      together.members().forEach(member -> arguments.add(CodeBlock.of("$N", member)));
      statements.add(made(together.name(), kernels.classOf(together.stretch()), arguments));
    }
    Parts.add(
        type,
        method,
        "createLayers",
        CodeBlock.of(""),
        () -> MethodSpec.methodBuilder("createLayers").addModifiers(Modifier.PRIVATE),
        statements,
        MethodSpec.Builder::addStatement);
    type.addMethod(method.build());
  }

  private static CodeBlock made(String field, ClassName of, List<CodeBlock> arguments) {
    return CodeBlock.of("$N = new $T($L)", field, of, CodeBlock.join(arguments, ",$W"));
  }
}
