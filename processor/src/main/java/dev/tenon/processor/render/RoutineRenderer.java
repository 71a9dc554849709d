package dev.tenon.processor.render;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.Plan.PlannedKernel;
import dev.tenon.processor.plan.Plan.Run;
import dev.tenon.processor.plan.Routine;
import dev.tenon.processor.plan.Routine.Array;
import dev.tenon.processor.plan.Routine.Step;
import dev.tenon.processor.render.plain.PlainMethods;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * The class of a routine: the loops of a layer, what they work on, and their order.
 *
 * <pre>
 *     static final class BatchNorm2dOf16x32x32 implements Work {
 *       private final CifarNetPlainProgram program;
 *       private final int weightOffset;
 *       private float[][] input;
 *
 *       void useForTraining(float[][] input, ...) { ... }
 *       void forward() {
 *         program.workers.run(this, NORMALISE, program.batch, 1, 5200);
 *       }
 *       public void run(int step, int from, int to) {
 *         switch (step) {
 *           case NORMALISE -&gt; normalise(output, input, ..., from, to);
 *         }
 *       }
 *       static void normalise(float[][] output, float[][] input, ..., int from, int to) { ... }
 *     }
 * </pre>
 */
final class RoutineRenderer {
  /** Layers that a comment names; in a deep network there are hundreds. */
  private static final int MOST_LAYERS_TOLD = 12;

  private static final CodeBlock FROM = CodeBlock.of("from");
  private static final CodeBlock TO = CodeBlock.of("to");

  private final Plan plan;
  private final ClassName program;
  private final KernelsRenderer kernels;
  private final UserCalls users;
  private final Routine routine;
  private final TypeSpec.Builder type;

  RoutineRenderer(
      Network network, Plan plan, KernelsRenderer kernels, UserCalls users, Routine routine) {
    this.plan = plan;
    this.program = GeneratedNames.program(network.declaration(), plan.backEnd());
    this.kernels = kernels;
    this.users = users;
    this.routine = routine;
    this.type = TypeSpec.classBuilder(routine.name()).addModifiers(Modifier.STATIC, Modifier.FINAL);
  }

  TypeSpec render() {
    type.addJavadoc(description());
    for (int i = 0; i < routine.steps().size(); i++) {
      type.addField(
          FieldSpec.builder(
                  TypeName.INT, routine.steps().get(i).name(), Modifier.STATIC, Modifier.FINAL)
              .initializer("$L", i)
              .build());
    }
    type.addField(program, Arguments.PROGRAM, Modifier.PRIVATE, Modifier.FINAL);
    routine
        .numbers()
        .forEach(number -> type.addField(TypeName.INT, number, Modifier.PRIVATE, Modifier.FINAL));
    routine
        .arrays()
        .forEach(array -> type.addField(arrayType(array), array.name(), Modifier.PRIVATE));
    type.addMethod(constructor());
    if (!routine.state().isEmpty()) {
      type.addMethod(StateRenderer.declaration(routine));
    }
    addUse(false);
    addUse(true);
    routine.sections().forEach(this::addSection);
    if (!routine.steps().isEmpty()) {
      type.addSuperinterface(GeneratedNames.WORK);
      addRun();
    }
    Set<String> names = names();
    for (PlannedKernel kernel : routine.kernels()) {
      for (Method method : kernel.methods()) {
        boolean first = method.equals(kernel.methods().get(0));
        type.addMethod(
            PlainMethods.render(
                users.direct(method, names), first ? kernels.comment(kernel, routine) : List.of()));
      }
    }
    return type.build();
  }

  /** What a simple name inside the class may mean before it means a class of the user's. */
  private Set<String> names() {
    Set<String> names = new HashSet<>(Set.of(Arguments.PROGRAM));
    names.addAll(routine.numbers());
    routine.arrays().forEach(array -> names.add(array.name()));
    routine.steps().forEach(step -> names.add(step.name()));
    names.addAll(kernels.typeNames());
    return names;
  }

  /** The declaration, the layers that have it, and what they compute. */
  private CodeBlock description() {
    CodeBlock.Builder text = CodeBlock.builder();
    Network.Node node = kernels.node(routine.layers().get(0));
    text.add("{@literal $L}\n", escaped(node.declarationAndShapes()));
    text.add("of $L.\n", names(routine.layers()));
    List<String> formulas = formulas();
    if (!formulas.isEmpty()) {
      text.add("\n<pre>\n");
      formulas.forEach(line -> text.add("{@literal $L}\n", escaped(line)));
      text.add("</pre>\n");
    }
    return text.build();
  }

  /** What the kernels that training calls say of themselves, where that is a formula. */
  private List<String> formulas() {
    Set<String> lines = new LinkedHashSet<>();
    for (Routine.Section section : routine.sections()) {
      section.calls().forEach(call -> addFormulas(call, lines));
    }
    routine.steps().forEach(step -> addFormulas(step.run(), lines));
    return List.copyOf(lines);
  }

  private void addFormulas(Call call, Set<String> lines) {
    if (call instanceof Run run) {
      List<String> comment = plan.kernels().get(run.kernel()).methods().get(0).comment();
      comment.stream()
          .filter(line -> line.contains(" = ") || line.contains(" += "))
          .forEach(lines::add);
    }
  }

  /** Text inside a comment, which must not end it. Braces are balanced in a declaration. */
  private static String escaped(String text) {
    return text.replace("*/", "* /");
  }

  static String names(List<String> layers) {
    int others = layers.size() - MOST_LAYERS_TOLD;
    return others <= 1
        ? String.join(", ", layers)
        : String.join(", ", layers.subList(0, MOST_LAYERS_TOLD)) + " and " + others + " others";
  }

  // ---------------------------------------------------------------------------------- fields

  private MethodSpec constructor() {
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addParameter(program, Arguments.PROGRAM)
            .addStatement("this.$N = $N", Arguments.PROGRAM, Arguments.PROGRAM);
    for (String number : routine.numbers()) {
      constructor.addParameter(TypeName.INT, number).addStatement("this.$N = $N", number, number);
    }
    return constructor.build();
  }

  private void addUse(boolean predict) {
    List<Array> given =
        routine.arrays().stream().filter(a -> a.predict() == predict && !a.isOwn()).toList();
    List<Array> own =
        routine.arrays().stream().filter(a -> a.predict() == predict && a.isOwn()).toList();
    if (given.isEmpty() && own.isEmpty()) {
      return;
    }
    String base = useMethod(predict);
    int parts = Math.max(1, Parts.of(given).size());
    for (int i = 0; i < parts; i++) {
      MethodSpec.Builder method = MethodSpec.methodBuilder(Parts.name(base, i));
      for (Array array : given.isEmpty() ? given : Parts.of(given).get(i)) {
        method
            .addParameter(arrayType(array), array.name())
            .addStatement("this.$N = $N", array.name(), array.name());
      }
      if (i == 0) {
        if (needsSamples(routine, predict)) {
          method.addParameter(TypeName.INT, "samples");
        }
        own.forEach(
            array -> method.addStatement("$N = $L", array.name(), Allocation.of(array.shape())));
      }
      type.addMethod(method.build());
    }
  }

  /** The method that gives an instance its working memory. */
  static String useMethod(boolean predict) {
    return predict ? "useForPredict" : "useForTraining";
  }

  /** Whether the size of what an instance makes itself depends on the number of samples. */
  static boolean needsSamples(Routine routine, boolean predict) {
    return routine.arrays().stream()
        .anyMatch(a -> a.isOwn() && a.predict() == predict && !a.shape().hasFixedSize());
  }

  private static TypeName arrayType(Array array) {
    TypeName row = ArrayTypeName.of(Allocation.typeName(array.shape().type()));
    return array.shape().isFlat() ? row : ArrayTypeName.of(row);
  }

  // --------------------------------------------------------------------------------- methods

  private void addSection(Routine.Section section) {
    List<List<Call>> parts = Parts.of(section.calls());
    MethodSpec.Builder method = MethodSpec.methodBuilder(section.name());
    if (parts.size() == 1) {
      addCalls(method, section.calls());
    }
    for (int i = 0; i < parts.size() && parts.size() > 1; i++) {
      String part = section.name() + "Part" + (i + 1);
      method.addStatement("$N()", part);
      MethodSpec.Builder own = MethodSpec.methodBuilder(part).addModifiers(Modifier.PRIVATE);
      addCalls(own, parts.get(i));
      type.addMethod(own.build());
    }
    type.addMethod(method.build());
  }

  /** Under what a call runs; neighbours under the same guard share one {@code if}. */
  private record Guard(boolean onlyForInput, boolean leads, Condition when) {
    static final Guard NONE = new Guard(false, false, Condition.ALWAYS);

    static Guard of(Call call) {
      boolean spare = call instanceof Run run && run.onlyForInput();
      boolean leads = call instanceof Plan.Count || (call instanceof Run r && r.measures());
      return new Guard(spare, leads, call.condition());
    }
  }

  private void addCalls(MethodSpec.Builder method, List<Call> calls) {
    Guard open = Guard.NONE;
    for (Call call : calls) {
      Guard guard = Guard.of(call);
      if (!guard.equals(open)) {
        if (!open.equals(Guard.NONE)) {
          method.endControlFlow();
        }
        if (!guard.equals(Guard.NONE)) {
          method.beginControlFlow("if ($L)", condition(guard));
        }
        open = guard;
      }
      method.addStatement(statement(call));
    }
    if (!open.equals(Guard.NONE)) {
      method.endControlFlow();
    }
  }

  private CodeBlock condition(Guard guard) {
    List<CodeBlock> parts = new ArrayList<>();
    if (guard.onlyForInput()) {
      parts.add(Arguments.program(ProgramFields.WITH_INPUT));
    }
    CodeBlock pass = Arguments.program(ProgramFields.PASS);
    if (guard.when() != Condition.ALWAYS) {
      parts.add(
          CodeBlock.of(
              "$L$L.isFrozen($N)",
              guard.when() == Condition.NOT_FROZEN ? "!" : "",
              pass,
              Routine.LAYER));
    }
    if (guard.leads()) {
      parts.add(CodeBlock.of("$L.piece().leads()", pass));
    }
    return CodeBlock.join(parts, " && ");
  }

  private CodeBlock statement(Call call) {
    if (call instanceof Plan.Count count) {
      return CodeBlock.of(
          "$L[$N]++",
          Arguments.program(ProgramFields.COUNTERS),
          routine.numbers().get(count.counter()));
    }
    if (call instanceof Plan.Join join) {
      CodeBlock piece = CodeBlock.of("$L.piece()", Arguments.program(ProgramFields.PASS));
      CodeBlock tensors =
          join.tensors().stream()
              .map(tensor -> CodeBlock.of("$N", tensor.field()))
              .collect(CodeBlock.joining(", "));
      return switch (join.how()) {
        case MOMENTS ->
            CodeBlock.of("$L.joinMoments($L, $L)", piece, tensors, join.valuesPerSample());
        case SUMS -> CodeBlock.of("$L.joinSums($L)", piece, tensors);
      };
    }
    Run run = (Run) call;
    if (run.range().isPresent()) {
      CodeBlock step = CodeBlock.of("$N", routine.steps().get(routine.stepOf(run)).name());
      return Arguments.shared(step, run.range().get());
    }
    return kernelCall(
        run, CodeBlock.of("0"), run.items().map(Arguments::extent).orElse(CodeBlock.of("0")));
  }

  private CodeBlock kernelCall(Run run, CodeBlock from, CodeBlock to) {
    CodeBlock arguments =
        run.arguments().stream()
            .map(argument -> Arguments.of(argument, routine.numbers(), from, to))
            .collect(CodeBlock.joining(",$W"));
    PlannedKernel kernel = plan.kernels().get(run.kernel());
    String method = kernel.methods().get(0).name();
    return routine.kernels().contains(kernel)
        ? CodeBlock.of("$N($L)", method, arguments)
        : CodeBlock.of("$T.$N($L)", kernels.ownerOf(kernel), method, arguments);
  }

  private void addRun() {
    MethodSpec.Builder run =
        rangeMethod("run").addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
    List<List<Step>> parts = Parts.of(routine.steps());
    if (parts.size() == 1) {
      addCases(run, routine.steps());
      type.addMethod(run.build());
      return;
    }
    run.beginControlFlow("switch (step / $L)", Parts.MOST_CALLS);
    for (int i = 0; i < parts.size(); i++) {
      String name = "run" + (i + 1);
      run.addStatement("case $L -> $N(step, from, to)", i, name);
      MethodSpec.Builder part = rangeMethod(name).addModifiers(Modifier.PRIVATE);
      addCases(part, parts.get(i));
      type.addMethod(part.build());
    }
    addDefault(run);
    type.addMethod(run.endControlFlow().build());
  }

  private static MethodSpec.Builder rangeMethod(String name) {
    return MethodSpec.methodBuilder(name)
        .addParameter(TypeName.INT, "step")
        .addParameter(TypeName.INT, "from")
        .addParameter(TypeName.INT, "to");
  }

  private void addCases(MethodSpec.Builder method, List<Step> some) {
    method.beginControlFlow("switch (step)");
    for (Step step : some) {
      CodeBlock call = kernelCall(step.run(), FROM, TO);
      Guard guard = Guard.of(step.run());
      if (step.inStretch() && !guard.equals(Guard.NONE)) {
        // The layers around it in the stretch run whether this one does or not.
        method.beginControlFlow("case $N ->", step.name());
        method.beginControlFlow("if ($L)", condition(guard));
        method.addStatement(call).endControlFlow().endControlFlow();
      } else {
        method.addStatement("case $N -> $L", step.name(), call);
      }
    }
    addDefault(method);
    method.endControlFlow();
  }

  private static void addDefault(MethodSpec.Builder method) {
    method.addStatement(
        "default -> throw new $T($S + step)", IllegalArgumentException.class, "no step ");
  }
}
