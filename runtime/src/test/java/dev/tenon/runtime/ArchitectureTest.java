package dev.tenon.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The import rules that the package-info files state. */
class ArchitectureTest {
  private static final String ROOT = "dev.tenon.runtime";

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
    allow("random");
    allow("init", "random");
    allow("schedule", "math");
    allow("loss", "", "math");
    allow("math");
    allow("text");
    allow("file", "", "text");
    allow("optim", "", "math");
    allow("", "init", "math", "random", "text");
    allow("save", "", "file");
    allow("parallel", "");
    allow("kernel", "", "math", "parallel", "random");
    allow("train", "", "file", "loss", "optim", "parallel", "schedule", "random", "text");
    allow("typed", "", "loss", "optim", "schedule", "train");
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
                    "kernel",
                    "loss",
                    "math",
                    "optim",
                    "parallel",
                    "random",
                    "save",
                    "schedule",
                    "text",
                    "train",
                    "typed")
                .map(ArchitectureTest::packageName)
                .toArray(String[]::new));
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
