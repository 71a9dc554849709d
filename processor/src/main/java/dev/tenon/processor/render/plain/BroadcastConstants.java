package dev.tenon.processor.render.plain;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import dev.tenon.processor.code.CodeType;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.code.Value;
import dev.tenon.processor.code.Value.Broadcast;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Select;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/**
 * The vectors of one number in every lane that a class of kernels reads: fields, which the JIT
 * compiler knows to be constant. A call that makes such a vector is a call to inline, of which it
 * stops after some hundred in a method; every one that is left over allocates a vector.
 */
public final class BroadcastConstants {
  /** What the names of all of these fields begin with. */
  public static final String PREFIX = "ALL_";

  private final SortedMap<String, Float> valueOf = new TreeMap<>();

  /** Takes what operations of some methods read; see {@link VectorValues#held} for the others. */
  public void addFrom(List<Method> methods) {
    methods.forEach(method -> method.values().forEach(this::collectOperands));
  }

  private void collectOperands(Value value) {
    boolean chooses = value instanceof Select select && !select.left().type().isVector();
    for (Value operand : value.operands()) {
      if (!chooses) {
        constant(operand).ifPresent(this::name);
      }
      collectOperands(operand);
    }
  }

  /** The number of a vector that is kept in a field; zeros are cheaper made than read. */
  static Optional<Float> constant(Value value) {
    return value instanceof Broadcast broadcast
            && broadcast.scalar() instanceof Literal literal
            && Float.floatToRawIntBits((float) literal.value()) != 0
        ? Optional.of((float) literal.value())
        : Optional.empty();
  }

  /** Name of the field that holds a number, which the class is to have. */
  String name(float value) {
    String name = nameOf(value);
    valueOf.put(name, value);
    return name;
  }

  /** {@code ALL_0_5} for 0.5, {@code ALL_MINUS_1E_MINUS_5} for -1e-5. */
  static String nameOf(float value) {
    String text = Float.toString(value);
    if (text.endsWith(".0")) {
      text = text.substring(0, text.length() - 2);
    }
    return PREFIX
        + text.replace(".0E", "E")
            .replace("E-", "E_MINUS_")
            .replace("-", "MINUS_")
            .replace('.', '_')
            .toUpperCase(Locale.ROOT);
  }

  /**
   * Renders the fields:
   *
   * <pre>
   *     private static final FloatVector ALL_0_5 = FloatVector.broadcast(SPECIES, 0.5f);
   * </pre>
   */
  public List<FieldSpec> fields() {
    return valueOf.entrySet().stream()
        .map(
            constant ->
                FieldSpec.builder(
                        VectorValues.FLOAT_VECTOR,
                        constant.getKey(),
                        Modifier.PRIVATE,
                        Modifier.STATIC,
                        Modifier.FINAL)
                    .initializer(
                        "$T.broadcast($N, $L)",
                        VectorValues.FLOAT_VECTOR,
                        VectorValues.SPECIES,
                        literal(constant.getValue()))
                    .build())
        .toList();
  }

  static CodeBlock literal(float value) {
    return Literals.of(new CodeType("float", 0), value);
  }
}
