package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.plan.Routine;
import dev.tenon.processor.plan.Routine.MemberCall;
import dev.tenon.processor.plan.Routine.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/**
 * The class of a stretch: steps of several layers, item by item.
 *
 * <pre>
 *     static final class Stretch1 implements Work {
 *       void run() {
 *         program.workers.run(this, 0, program.batch, 1, 42031);
 *       }
 *       public void run(int step, int from, int to) {
 *         for (int n = from; n &lt; to; n += 2) {
 *           final int end = Math.min(n + 2, to);
 *           conv2d.run(Conv2dOf16x32x32.FORWARD, n, end);
 *           batchNorm2d.run(BatchNorm2dOf16x32x32.STATISTICS_BLOCKS, n, end);
 *         }
 *       }
 *     }
 * </pre>
 */
final class StretchRenderer {
  private static final String RUN = "run";

  private final ClassName program;
  private final KernelsRenderer kernels;
  private final Routine.Stretch stretch;
  private final List<String> fields = new ArrayList<>();

  StretchRenderer(ClassName program, KernelsRenderer kernels, Routine.Stretch stretch) {
    this.program = program;
    this.kernels = kernels;
    this.stretch = stretch;
    Set<String> taken = new HashSet<>(Set.of(Arguments.PROGRAM));
    for (Routine member : stretch.members()) {
      String kind = kernels.node(member.layers().get(0)).annotation();
      String base = kind.substring(0, 1).toLowerCase(Locale.ROOT) + kind.substring(1);
      String name = base;
      for (int i = 2; !taken.add(name); i++) {
        name = base + "_" + i;
      }
      fields.add(name);
    }
  }

  TypeSpec render() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(stretch.name())
            .addModifiers(Modifier.STATIC, Modifier.FINAL)
            .addSuperinterface(GeneratedNames.WORK)
            .addJavadoc(description());
    type.addField(program, Arguments.PROGRAM, Modifier.PRIVATE, Modifier.FINAL);
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addParameter(program, Arguments.PROGRAM)
            .addStatement("this.$N = $N", Arguments.PROGRAM, Arguments.PROGRAM);
    for (int i = 0; i < fields.size(); i++) {
      ClassName member = kernels.classOf(stretch.members().get(i));
      type.addField(member, fields.get(i), Modifier.PRIVATE, Modifier.FINAL);
      constructor
          .addParameter(member, fields.get(i))
          .addStatement("this.$N = $N", fields.get(i), fields.get(i));
    }
    return type.addMethod(constructor.build()).addMethod(run()).addMethod(range()).build();
  }

  private String description() {
    int chunk = stretch.chunk();
    String item = isOverSamples() ? "sample" : "channel";
    return "Runs steps of "
        + stretch.members().stream()
            .map(member -> kernels.classOf(member).simpleName())
            .collect(Collectors.joining(", "))
        + "\non "
        + (chunk == 1 ? "a " + item : chunk + " " + item + "s")
        + ", then on the next, while "
        + (chunk == 1 ? "its" : "their")
        + " values are in the cache.\n";
  }

  private boolean isOverSamples() {
    return stretch.range().axis().isBatch();
  }

  /** Where pieces of a batch exchange something in its midst, only one piece runs together. */
  private MethodSpec run() {
    MethodSpec.Builder method = MethodSpec.methodBuilder(RUN);
    CodeBlock shared = Arguments.shared(CodeBlock.of("0"), stretch.range());
    if (stretch.apart().isEmpty()) {
      return method.addStatement(shared).build();
    }
    method.beginControlFlow("if ($L.piece().isAlone())", Arguments.program(ProgramFields.PASS));
    stretch.alone().forEach(call -> method.addStatement(section(call)));
    method.addStatement(shared).nextControlFlow("else");
    stretch.apart().forEach(call -> method.addStatement(section(call)));
    return method.endControlFlow().build();
  }

  private CodeBlock section(MemberCall call) {
    return CodeBlock.of("$N.$N()", fields.get(call.member()), call.section());
  }

  private MethodSpec range() {
    String item = isOverSamples() ? "n" : "c";
    int chunk = stretch.chunk();
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(RUN)
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .addParameter(TypeName.INT, "step")
            .addParameter(TypeName.INT, "from")
            .addParameter(TypeName.INT, "to")
            .beginControlFlow("for (int $1L = from; $1L < to; $1L += $2L)", item, chunk)
            .addStatement("final int end = $T.min($L + $L, to)", Math.class, item, chunk);
    for (Part part : stretch.parts()) {
      Routine member = stretch.members().get(part.member());
      int scale = part.scale();
      method.addStatement(
          "$N.run($T.$N, $L, $L)",
          fields.get(part.member()),
          kernels.classOf(member),
          member.steps().get(part.step()).name(),
          scale == 1 ? item : item + " / " + scale,
          scale == 1 ? "end" : "(end + " + (scale - 1) + ") / " + scale);
    }
    return method.endControlFlow().build();
  }
}
