package dev.tenon.processor.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConstantPoolTest {
  private static final Pattern NESTED = Pattern.compile("^  static final class (\\w+)");

  /** What javac writes is never more than was counted, and a fifth of it at least. */
  @Test
  void whatIsCountedIsAnUpperBoundOfWhatJavacWrites() {
    String layers =
        IntStream.range(3, 40)
            .mapToObj(
                i -> "@Linear(out = %d) Weighted fc%d(); @GELU Layer g%d();".formatted(i, i, i))
            .collect(Collectors.joining("\n"));
    Compiled compiled =
        CompilerHarness.compile(
            "@Network(input = 3) interface Net {" + layers + "}",
            """
            @Network(input = {3, 8, 8}, precision = Precision.FLOAT64) interface Images {
              @Conv2d(out = 4, kernel = 3, bias = false) Weighted conv();
              @BatchNorm2d BatchNorm bn();
              @Dropout(p = 0.25) Layer drop();
              @MaxPool2d(kernel = 2) Layer pool();
            }
            """,
            """
            @Network(features = Sample.class, labels = Kind.class) interface Typed {
              @Linear(out = 3) Weighted fc();
            }
            """,
            "record Sample(float a, boolean b, Kind c, @Size(4) double[] d) {}",
            "enum Kind { ONE, TWO, THREE }");
    assertThat(compiled.messages()).isEmpty();
    for (Map.Entry<String, String> source : compiled.generated().entrySet()) {
      for (String text : ConstantPool.classes(source.getValue())) {
        Matcher nested = NESTED.matcher(text);
        String name = source.getKey() + (nested.find() ? "$" + nested.group(1) : "");
        int written = constants(compiled.classes().get(name));
        assertThat(ConstantPool.atMost(text)).as(name).isBetween(written, 5 * written);
      }
    }
  }

  @Test
  void aNestedClassHasConstantsOfItsOwn() {
    String outer = "final class A {\n  int a;\n\n%s\n}\n";
    String inner = "  static final class B {\n    int b;\n\n    void c() {\n    }\n  }";
    assertThat(ConstantPool.classes(outer.formatted(inner)))
        .containsExactly(outer.formatted("B"), inner);
  }

  @Test
  void commentsAndRepetitionsAreNoConstants() {
    assertThat(ConstantPool.atMost("// a b c \"d\" 1.5\n/* e 123456 */")).isZero();
    assertThat(ConstantPool.atMost("a a a")).isEqualTo(ConstantPool.atMost("a"));
    assertThat(ConstantPool.atMost("\"// no comment\" 1.5f 123_456 7L")).isEqualTo(2 + 2 + 1 + 2);
  }

  @Test
  void aStringIsAsLongAsItLikes() {
    String text = "\"" + "a\\\"b\\n".repeat(20_000) + "\"";
    assertThat(ConstantPool.atMost(text + " " + text + " \"other\"")).isEqualTo(4);
  }

  /** What the head of a class file says. */
  private static int constants(byte[] classFile) {
    return Short.toUnsignedInt(ByteBuffer.wrap(classFile).getShort(8)) - 1;
  }
}
