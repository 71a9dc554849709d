package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.processor.testing.IsolatingProcessor;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A build that compiles again only what a changed file can have changed gives what a whole build
 * gives: the same code, the same errors. What is compiled again is found as Gradle finds it for an
 * isolating processor: from class files, the types that name a changed one in what others see of
 * them, and the types that name those; the rest is on the class path.
 */
final class IncrementalCompilationTest {
  private static final Map<String, String> SOURCES =
      sources(
          """
          record Patient(float age, Home home) {}
          """,
          """
          record Home(boolean city, float altitude) {}
          """,
          """
          enum Risk { LOW, HIGH }
          """,
          """
          @Network(features = Patient.class, labels = Risk.class)
          interface PatientNet {
            @Linear(out = 8) Weighted fc1();
            @Linear(out = 2) Weighted fc2();
          }
          """,
          """
          @Block
          interface Unit {
            int OUT = Block.FIRST;
            @Linear(out = OUT) Weighted fc();
            @ReLU Layer relu();
          }
          """,
          """
          @Block
          interface Stage {
            @Use(value = Unit.class, sizes = 6, repeat = 2) java.util.List<Unit> units();
          }
          """,
          """
          final class Square {
            static double value(double x) { return x * x; }
            static double slope(double x) { return 2 * x; }
          }
          """,
          """
          @Network(input = 4)
          public interface Encoder {
            @Use(Stage.class) Stage stage();
            @Elementwise(type = Square.class, function = "value", derivative = "slope")
            Layer square();
          }
          """,
          """
          class Around {
            @Network(inputFrom = Encoder.class)
            interface Decoder {
              @Linear(out = 4) Weighted fc();
            }
          }
          """,
          """
          @Network(inputFrom = Around.Decoder.class)
          interface Judge {
            @Linear(out = 1) Weighted fc();
          }
          """,
          """
          @Network(input = 3)
          interface Alone {
            @Linear(out = 2) Weighted fc();
          }
          """);

  /** The project as it is before a change, and what each generated type was written for. */
  private static Compiled before;

  private static Map<String, List<String>> origins;

  @TempDir private Path folder;

  @BeforeAll
  static void compileFirst() {
    IsolatingProcessor processor = new IsolatingProcessor(new TenonProcessor());
    before = CompilerHarness.with(processor).run(SOURCES.values().toArray(String[]::new));
    origins = processor.origins();
  }

  @Test
  void everyFileIsWrittenForOneElement() {
    assertThat(errors(before)).isEmpty();
    assertThat(origins).hasSameSizeAs(before.generated());
    origins.forEach(
        (generated, origins) -> {
          assertThat(origins).as(generated).hasSize(1);
          String simple = generated.substring("test.".length());
          assertThat(simple)
              .startsWith(origins.get(0).substring("test.".length()).replace('.', '_'));
        });
    assertThat(origins)
        .containsEntry("test.PatientNetEnds", List.of("test.PatientNet"))
        .containsEntry("test.Around_DecoderModel", List.of("test.Around.Decoder"));
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Patient | float age | float age, float weight | PatientNet",
        "Patient | float age | String age | PatientNet",
        "Home | boolean city | boolean city, boolean old | Patient PatientNet",
        "Risk | HIGH | MIDDLE, HIGH | PatientNet",
        "Risk | HIGH | TALL | PatientNet",
        "Unit | @ReLU Layer relu | @Tanh Layer tanh | Stage Encoder Around Judge",
        "Unit | out = OUT | in = 5, out = OUT | Stage Encoder Around Judge",
        "Stage | sizes = 6 | sizes = 7 | Encoder Around Judge",
        "Square | slope | gradient | Encoder Around Judge",
        "Encoder | input = 4 | input = 5 | Around Judge",
        "Encoder | @Use | @Linear(in = 9, out = 4) Weighted fc(); @Use | Around Judge",
        "Around | out = 4 | out = 2 | Judge",
        "Judge | out = 1 | out = 2, bias = false | ''",
      })
  void compilingWhatIsAffectedIsEnough(String file, String from, String to, String affected)
      throws IOException {
    Map<String, String> changed = new TreeMap<>(SOURCES);
    changed.computeIfPresent(file, (name, text) -> text.replace(from, to));
    assertThat(changed).isNotEqualTo(SOURCES);

    Set<String> again = affectedBy(file);
    assertThat(again)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of(file), Stream.of(affected.split(" ")))
                .filter(name -> !name.isEmpty())
                .toList());
    keepClasses(again);
    Compiled incremental =
        harness()
            .classPath(withTheTests(folder))
            .run(again.stream().map(changed::get).toArray(String[]::new));
    Compiled whole = harness().run(changed.values().toArray(String[]::new));

    assertThat(errors(incremental)).isEqualTo(errors(whole));
    Map<String, String> generated = new TreeMap<>(before.generated());
    generated.keySet().removeIf(name -> again.contains(file(origins.get(name).get(0))));
    generated.putAll(incremental.generated());
    assertThat(generated).isEqualTo(whole.generated());
  }

  @Test
  void gradleIsTold() throws IOException {
    try (var in =
        TenonProcessor.class.getResourceAsStream(
            "/META-INF/gradle/incremental.annotation.processors")) {
      assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines())
          .containsExactly(TenonProcessor.class.getName() + ",isolating");
    }
  }

  // -------------------------------------------------------------------------------- the project

  /** By the name of their first type. */
  private static Map<String, String> sources(String... texts) {
    Map<String, String> sources = new TreeMap<>();
    for (String text : texts) {
      String name = text.replaceAll("(?s).*?\\b(?:record|enum|interface|class) (\\w+).*", "$1");
      sources.put(name, text);
    }
    return sources;
  }

  /** Generates, and compiles nothing. */
  private static CompilerHarness harness() {
    return CompilerHarness.with(new IsolatingProcessor(new TenonProcessor())).options("-proc:only");
  }

  private static Path[] withTheTests(Path classes) {
    return Stream.concat(
            Stream.of(classes),
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of))
        .toArray(Path[]::new);
  }

  private static List<String> errors(Compiled compiled) {
    return compiled.messages().lines().filter(line -> line.startsWith("ERROR")).sorted().toList();
  }

  /** {@code Around} of {@code test.Around.Decoder}. */
  private static String file(String type) {
    return type.split("[.$]", -1)[1];
  }

  /**
   * The class files of a build, without those of some sources and of what was generated for them.
   */
  private void keepClasses(Set<String> without) throws IOException {
    for (Map.Entry<String, byte[]> type : before.classes().entrySet()) {
      String topLevel = type.getKey().replaceAll("\\$.*", "");
      String source = file(origins.getOrDefault(topLevel, List.of(topLevel)).get(0));
      if (!without.contains(source)) {
        Path path = folder.resolve(type.getKey().replace('.', '/') + ".class");
        Files.createDirectories(path.getParent());
        Files.write(path, type.getValue());
      }
    }
  }

  // -------------------------------------------------------------------------------- what depends

  /** The file, and those of the user's that see its types, directly or by others. */
  private static Set<String> affectedBy(String file) {
    Map<String, Set<String>> seen = new TreeMap<>();
    before.classes().forEach((name, bytes) -> seen.put(name, seenIn(bytes)));
    Set<String> affected = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    for (String type : seen.keySet()) {
      if (file(type).equals(file) && affected.add(type)) {
        open.add(type);
      }
    }
    while (!open.isEmpty()) {
      String type = open.remove();
      seen.forEach(
          (other, types) -> {
            if (types.contains(type) && affected.add(other)) {
              open.add(other);
            }
          });
    }
    Set<String> files = new TreeSet<>();
    affected.forEach(type -> files.add(file(type)));
    files.retainAll(SOURCES.keySet());
    return files;
  }

  /** The types that a class file names in its supertypes, members and annotations. */
  private static Set<String> seenIn(byte[] bytes) {
    Set<String> types = new HashSet<>();
    AnnotationVisitor values =
        new AnnotationVisitor(Opcodes.ASM9) {
          @Override
          public void visit(String name, Object value) {
            if (value instanceof Type type) {
              types.add(type.getClassName());
            }
          }

          @Override
          public AnnotationVisitor visitArray(String name) {
            return this;
          }

          @Override
          public AnnotationVisitor visitAnnotation(String name, String descriptor) {
            return this;
          }
        };
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public void visit(
                  int version,
                  int access,
                  String name,
                  String signature,
                  String superName,
                  String[] interfaces) {
                List<String> supertypes = new ArrayList<>(List.of(interfaces));
                supertypes.add(superName);
                supertypes.forEach(type -> types.add(Type.getObjectType(type).getClassName()));
              }

              @Override
              public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
                return values;
              }

              @Override
              public FieldVisitor visitField(
                  int access, String name, String descriptor, String signature, Object value) {
                if ((access & Opcodes.ACC_PRIVATE) == 0) {
                  types.add(Type.getType(descriptor).getClassName());
                }
                return null;
              }

              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                if ((access & Opcodes.ACC_PRIVATE) != 0) {
                  return null;
                }
                types.add(Type.getReturnType(descriptor).getClassName());
                for (Type argument : Type.getArgumentTypes(descriptor)) {
                  types.add(argument.getClassName());
                }
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                    return values;
                  }
                };
              }
            },
            ClassReader.SKIP_CODE);
    return types;
  }
}
