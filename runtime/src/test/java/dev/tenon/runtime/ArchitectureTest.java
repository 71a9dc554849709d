package dev.tenon.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tenon.runtime.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The import rules that the package-info files state. */
class ArchitectureTest {
  private static final String ROOT = "dev.tenon.runtime";

  private static final Path SOURCES = Path.of("src", "main", "java");

  private static final Pattern INTERNAL = Pattern.compile("/\\*\\*\\R \\* Internal: ");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void packagesHaveNoCycles() {
    // The root package is a slice of its own, beside its sub-packages.
    slices().matching("dev.tenon.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageImportsOnlyWhatItSays() {
    allow("", "internal.layout");
    allow("file", "", "text");
    allow("init", "random");
    allow("layer", "", "state", "internal.layout");
    allow("loss", "", "math");
    allow("math");
    allow("model", "", "state", "layer", "math", "random", "internal.layout");
    allow("optim", "", "state", "layer", "model", "math");
    allow("parallel", "", "state", "layer", "model", "internal.call", "internal.parallel");
    allow("random");
    allow("schedule", "math");
    allow("state", "", "init", "math", "text", "internal.layout");
    allow("text");
    allow(
        "train",
        "",
        "file",
        "layer",
        "loss",
        "model",
        "optim",
        "parallel",
        "random",
        "schedule",
        "state",
        "text",
        "internal.call");
    allow("typed", "", "state", "model", "loss", "optim", "schedule", "train");

    allow("internal");
    allow("internal.call", "", "state", "model", "internal.layout");
    allow("internal.kernel", "", "state", "layer", "math", "random", "internal.parallel");
    allow("internal.layout");
    allow("internal.parallel", "model");
    allow("internal.save", "state", "model", "file");
  }

  @Test
  void everyPackageHasARule() {
    // A package that is new here has none yet: write one above.
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrder(
            Stream.of(
                    "",
                    "file",
                    "init",
                    "internal",
                    "internal.call",
                    "internal.kernel",
                    "internal.layout",
                    "internal.parallel",
                    "internal.save",
                    "layer",
                    "loss",
                    "math",
                    "model",
                    "optim",
                    "parallel",
                    "random",
                    "schedule",
                    "state",
                    "text",
                    "train",
                    "typed")
                .map(ArchitectureTest::packageName)
                .toArray(String[]::new));
  }

  /** Whoever adds a package decides whether it is API: by its name, and in its first word. */
  @Test
  void whatIsInternalSaysSo() throws IOException {
    List<String> exported =
        Pattern.compile("exports ([\\w.]+);")
            .matcher(Files.readString(SOURCES.resolve("module-info.java")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(exported).hasSizeGreaterThan(15);
    for (String name : exported) {
      Path info = SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java");
      boolean saysSo = INTERNAL.matcher(Files.readString(info)).lookingAt();
      assertThat(saysSo).as(name).isEqualTo(name.startsWith(packageName("internal")));
    }
  }

  /** The base clears the padding behind each step, which none can forget so. */
  @Test
  void optimisersMoveParametersOnOneBase() {
    String groups = packageName("optim") + ".ParameterGroups$Together";
    classes()
        .that()
        .areAssignableTo(Optimizer.class)
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveFullyQualifiedName(groups)
        .should()
        .beAssignableTo(packageName("optim") + ".FlatOptimizer")
        .check(CLASSES);
  }

  @Test
  void filesAreReadWithoutAnyNetwork() {
    classes()
        .that()
        .resideInAPackage(packageName("file"))
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideOutsideOfPackage(ROOT)
                .or(
                    JavaClass.Predicates.belongToAnyOf(
                        Tensor.class, DType.class, NamedTensors.class)))
        .check(CLASSES);
  }

  /** Names of sub-packages; the empty name is the root package. */
  private static void allow(String name, String... others) {
    String[] allowed = new String[others.length + 2];
    allowed[0] = "java..";
    allowed[1] = packageName(name);
    for (int i = 0; i < others.length; i++) {
      allowed[i + 2] = packageName(others[i]);
    }
    classes()
        .that()
        .resideInAPackage(packageName(name))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(CLASSES);
  }

  private static String packageName(String name) {
    return name.isEmpty() ? ROOT : ROOT + "." + name;
  }
}
