package dev.tenon.processor.render.plain;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.tenon.processor.code.CodeType;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.code.Statement;
import dev.tenon.processor.code.Statement.Range;
import dev.tenon.processor.code.Value;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Expr.BinaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Methods as plain Java. */
public final class PlainMethods {
  private PlainMethods() {}

  /**
   * Renders one method:
   *
   * <pre>
   *     static void bn1Normalise(float[][] output, float[][] input, float[] mean, int batch) {
   *       // y = (x - mean[c]) * scale[c] + bias[c], 16x32x32 a sample
   *       for (int n = 0; n &lt; batch; n++) {
   *         ...
   *       }
   *     }
   * </pre>
   *
   * @param comment lines of its description
   */
  public static MethodSpec render(Method method, List<String> comment) {
    MethodSpec.Builder builder =
        MethodSpec.methodBuilder(method.name()).addModifiers(Modifier.STATIC);
    // Not Javadoc: formulas are no HTML, and lint would have every parameter described.
    comment.forEach(line -> builder.addComment("$L", line));
    for (Variable parameter : method.parameters()) {
      builder.addParameter(typeName(parameter.type()), parameter.name());
    }
    return builder.addCode(block(method.body())).build();
  }

  private static TypeName typeName(CodeType type) {
    TypeName name =
        switch (type.keyword()) {
          case "float" -> TypeName.FLOAT;
          case "double" -> TypeName.DOUBLE;
          case "long" -> TypeName.LONG;
          case "FloatVector" -> VectorValues.FLOAT_VECTOR;
          default -> TypeName.INT;
        };
    for (int d = 0; d < type.dimensions(); d++) {
      name = ArrayTypeName.of(name);
    }
    return name;
  }

  private static CodeBlock block(List<Statement> statements) {
    CodeBlock.Builder code = CodeBlock.builder();
    statements.forEach(statement -> add(code, statement));
    return code.build();
  }

  private static void add(CodeBlock.Builder code, Statement statement) {
    if (statement instanceof Statement.Declare declare) {
      code.addStatement(
          declare.isFinal() ? "final $T $N =$W$L" : "$T $N =$W$L",
          typeName(declare.variable().type()),
          declare.variable().name(),
          VectorValues.held(declare.value()));
    } else if (statement instanceof Statement.Assign assign) {
      addAssignment(code, assign.variable(), assign.value());
    } else if (statement instanceof Statement.Put put) {
      if (put.target().vector()) {
        code.addStatement(VectorValues.store(put));
      } else if (put.add()) {
        code.addStatement("$L +=$W$L", PlainValues.of(put.target()), PlainValues.of(put.value()));
      } else {
        addAssignment(code, put.target(), put.value());
      }
    } else if (statement instanceof Statement.Loop loop) {
      addLoop(code, loop);
    } else if (statement instanceof Statement.WhenInside when) {
      code.beginControlFlow(
          "if ($L)",
          when.ranges().stream()
              .flatMap(range -> conditions(range).stream())
              .collect(CodeBlock.joining("$W&& ")));
      when.body().forEach(inner -> add(code, inner));
      code.endControlFlow();
    } else if (statement instanceof Statement.WhenNotFinite when) {
      // Both NaN - NaN and inf - inf are NaN.
      code.beginControlFlow(
          "if ($L)",
          when.values().stream()
              .map(PlainValues::of)
              .map(value -> CodeBlock.of("$L - $L != 0", value, value))
              .collect(CodeBlock.joining("$W|| ")));
      when.body().forEach(inner -> add(code, inner));
      code.endControlFlow();
    } else if (statement instanceof Statement.Copy copy) {
      code.addStatement(
          "$T.arraycopy($L,$W$L,$W$L,$W$L,$W$L)",
          System.class,
          PlainValues.of(copy.from()),
          PlainValues.of(copy.fromIndex()),
          PlainValues.of(copy.to()),
          PlainValues.of(copy.toIndex()),
          PlainValues.of(copy.length()));
    } else if (statement instanceof Statement.Fill fill) {
      code.addStatement(
          "$T.fill($L,$W$L,$W$L,$W$L)",
          Arrays.class,
          PlainValues.of(fill.array()),
          PlainValues.of(fill.fromIndex()),
          PlainValues.of(fill.toIndex()),
          PlainValues.of(fill.value()));
    } else {
      Statement.Invoke invoke = (Statement.Invoke) statement;
      code.addStatement(
          "$N($L)",
          invoke.method(),
          invoke.arguments().stream().map(PlainValues::of).collect(CodeBlock.joining(",$W")));
    }
  }

  /** {@code a = a + b} becomes {@code a += b}. */
  private static void addAssignment(CodeBlock.Builder code, Value target, Value value) {
    if (value instanceof Value.Binary sum
        && sum.op() == BinaryOp.ADD
        && !sum.type().isVector()
        && sum.left().equals(target)) {
      code.addStatement("$L +=$W$L", PlainValues.of(target), PlainValues.of(sum.right()));
    } else {
      code.addStatement("$L =$W$L", PlainValues.of(target), VectorValues.held(value));
    }
  }

  private static void addLoop(CodeBlock.Builder code, Statement.Loop loop) {
    String name = loop.variable().name();
    CodeBlock start =
        loop.from() == null
            ? CodeBlock.of("")
            : CodeBlock.of("int $N = $L", name, PlainValues.of(loop.from()));
    CodeBlock advance =
        loop.step().equals(Value.literal(1))
            ? CodeBlock.of("$N++", name)
            : CodeBlock.of("$N += $L", name, PlainValues.of(loop.step()));
    code.beginControlFlow("for ($L; $N < $L; $L)", start, name, PlainValues.of(loop.to()), advance);
    loop.body().forEach(inner -> add(code, inner));
    code.endControlFlow();
  }

  private static List<CodeBlock> conditions(Range range) {
    List<CodeBlock> conditions = new ArrayList<>();
    if (range.checkLow()) {
      conditions.add(CodeBlock.of("$L >= 0", PlainValues.of(range.index())));
    }
    if (range.checkHigh()) {
      conditions.add(CodeBlock.of("$L < $L", PlainValues.of(range.index()), range.limit()));
    }
    return conditions;
  }
}
