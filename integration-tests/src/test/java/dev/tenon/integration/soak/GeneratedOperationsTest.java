package dev.tenon.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Of mathematics and vectors, the generated code of every layer uses only what has one result by
 * its specification. What is not listed fails: sums and products over the lanes of a vector, whose
 * order is open; the functions of {@link Math} and of the vector API, which may be off in the last
 * place; and what moves values between lanes, whose number is the machine's. Whoever adds an
 * operation to a list has read that it is exact, rounded once, or works on each lane by itself.
 */
class GeneratedOperationsTest {
  private static final String VECTORS = "jdk/incubator/vector/";

  private static final Set<String> MATH = Set.of("max", "min", "abs", "sqrt", "multiplyExact");

  /** Lane by lane, exact or rounded once; {@code lane} and {@code allTrue} read a result. */
  private static final Set<String> FLOAT_VECTORS =
      Set.of(
          "abs",
          "add",
          "blend",
          "broadcast",
          "compare",
          "div",
          "fma",
          "fromArray",
          "intoArray",
          "lane",
          "max",
          "min",
          "mul",
          "neg",
          "reinterpretAsInts",
          "sqrt",
          "sub",
          "zero");

  private static final Set<String> INT_VECTORS =
      Set.of("add", "lanewise", "reinterpretAsFloats", "sub");

  private static final Set<String> OPERATORS =
      Set.of("ASHR", "EQ", "GE", "GT", "LE", "LSHL", "LT", "NE");

  private static boolean isExact(String owner, String name) {
    return switch (owner) {
      case "java/lang/Math" -> MATH.contains(name);
      case VECTORS + "FloatVector" ->
          FLOAT_VECTORS.contains(name) || name.equals("SPECIES_PREFERRED");
      case VECTORS + "IntVector" -> INT_VECTORS.contains(name);
      case VECTORS + "VectorOperators" -> OPERATORS.contains(name);
      case VECTORS + "VectorMask" -> name.equals("allTrue");
      case VECTORS + "VectorShape", VECTORS + "VectorSpecies" -> true;
      default -> !owner.startsWith(VECTORS) && !owner.startsWith("java/util/stream/");
    };
  }

  @Test
  void everyLayerUsesOnlyOperationsWithOneResult() throws Exception {
    Set<String> used = new TreeSet<>();
    for (Path file : classFiles(Jdk.ofThisBuild().networks())) {
      used.addAll(uses(Files.readAllBytes(file)));
    }
    // Plain kernels and vector kernels are among them, with a function of each.
    assertThat(used)
        .contains(
            "java/lang/Math.sqrt",
            "dev/tenon/runtime/math/Functions.erf",
            VECTORS + "FloatVector.fma",
            VECTORS + "VectorOperators.ASHR");
    assertThat(used).allMatch(GeneratedOperationsTest::isExact);
  }

  private static boolean isExact(String use) {
    int dot = use.lastIndexOf('.');
    return isExact(use.substring(0, dot), use.substring(dot + 1));
  }

  /** Calls and references alike, or the rule would prove nothing. */
  @Test
  void theRuleSeesCallsAndReferences() throws Exception {
    assertThat(usesOf(Calls.class)).contains("java/lang/Math.exp").anyMatch(use -> !isExact(use));
    assertThat(usesOf(References.class))
        .contains("java/lang/Math.pow")
        .anyMatch(use -> !isExact(use));
    assertThat(usesOf(Fixed.class)).contains("java/lang/Math.max").allMatch(use -> isExact(use));
    assertThat(isExact(VECTORS + "FloatVector.reduceLanes")).isFalse();
    assertThat(isExact(VECTORS + "FloatVector.rearrange")).isFalse();
    assertThat(isExact(VECTORS + "VectorOperators.EXP")).isFalse();
  }

  static final class Calls {
    static double value(double x) {
      return Math.exp(x);
    }
  }

  static final class References {
    static final DoubleBinaryOperator FUNCTION = Math::pow;
  }

  static final class Fixed {
    static double value(double x) {
      return Math.max(StrictMath.exp(x), 1);
    }
  }

  private static List<Path> classFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  private static Set<String> usesOf(Class<?> type) throws IOException {
    try (var in = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
      return uses(in.readAllBytes());
    }
  }

  /** Methods and fields that a class file names, such as {@code java/lang/Math.max}. */
  private static Set<String> uses(byte[] classFile) {
    Set<String> uses = new TreeSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] thrown) {
                return new Uses(uses);
              }
            },
            ClassReader.SKIP_DEBUG);
    return uses;
  }

  private static final class Uses extends MethodVisitor {
    private final Set<String> uses;

    Uses(Set<String> uses) {
      super(Opcodes.ASM9);
      this.uses = uses;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean isInterface) {
      uses.add(owner + "." + name);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String type) {
      uses.add(owner + "." + name);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String type, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        if (argument instanceof Handle handle) {
          uses.add(handle.getOwner() + "." + handle.getName());
        }
      }
    }
  }
}
