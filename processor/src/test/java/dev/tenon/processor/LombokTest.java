package dev.tenon.processor;

import static java.io.File.pathSeparator;
import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javapoet.TypeSpec;
import dev.tenon.annotations.Network;
import dev.tenon.processor.testing.JavacProcess;
import dev.tenon.runtime.model.SingleModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks that Lombok adds members to, with Tenon before Lombok on the processor path and behind
 * it. Lombok changes classes in place, in whichever round it is called.
 */
class LombokTest {
  @TempDir private Path folder;

  private String compile(boolean tenonFirst, int status, String declaration) throws Exception {
    Path source = folder.resolve("Net.java");
    Files.writeString(
        source,
        """
        package p;
        import dev.tenon.annotations.*;
        import dev.tenon.runtime.layer.*;
        import lombok.*;
        import lombok.experimental.Accessors;
        """
            + declaration);
    String lombok = System.getProperty("lombok.jar");
    String tenon =
        String.join(
            pathSeparator,
            JavacProcess.home(TenonProcessor.class),
            JavacProcess.home(TypeSpec.class),
            JavacProcess.home(Network.class));
    String printed =
        JavacProcess.run(
            status,
            "-d",
            Files.createDirectories(folder.resolve("classes")).toString(),
            "-cp",
            String.join(
                pathSeparator,
                JavacProcess.home(Network.class),
                JavacProcess.home(SingleModel.class),
                lombok),
            "-processorpath",
            tenonFirst ? tenon + pathSeparator + lombok : lombok + pathSeparator + tenon,
            source.toString());
    // Newer JDKs warn of what Lombok does.
    return printed.replaceAll("(?m)^WARNING: .*\\R", "");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void constructorThatTheModelCannotCall(boolean tenonFirst) throws Exception {
    assertThat(
            compile(
                tenonFirst,
                1,
                """
                @Network(input = 4) @RequiredArgsConstructor
                abstract class Net {
                  private final int count;
                  @Linear(out = 2) abstract Weighted head();
                }
                """))
        .contains(
            "Net.java:7: error: [NetworkConstructor] @Network on Net: the generated model calls a"
                + " constructor without parameters")
        .endsWith("1 error\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void getterThatTheModelHasToo(boolean tenonFirst) throws Exception {
    assertThat(
            compile(
                tenonFirst,
                1,
                """
                @Network(input = 4) @Accessors(fluent = true)
                abstract class Net {
                  @Getter private String name = "mine";
                  @Linear(out = 2) abstract Weighted head();
                }
                """))
        .contains("error: [NetworkMethod] @Network on Net: the generated model has a method name()")
        .endsWith("1 error\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void membersThatAreInNobodysWay(boolean tenonFirst) throws Exception {
    assertThat(
            compile(
                tenonFirst,
                0,
                """
                @Network(features = Sample.class) @Accessors(fluent = true)
                abstract class Net {
                  @Getter @Setter private int count;
                  @Linear(out = 2) abstract Weighted head();
                }
                @Builder @With
                record Sample(float length, float width) {}
                """))
        .isEmpty();
    assertThat(folder.resolve("classes/p/NetModel.class")).exists();
  }
}
