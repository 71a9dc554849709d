package dev.tenon.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/** The import rules that the package-info files state: what may know what. */
class ArchitectureTest {
  private static final String ROOT = "dev.tenon.processor";
  private static final String LAYERS = "layers";
  private static final String JAVAPOET = "com.palantir.javapoet..";

  /** None of them knows another one. */
  private static final List<String> BACK_ENDS =
      List.of("plan.plain", "plan.vector", "plan.listing");

  /** The compiler's own types, all of them. */
  private static final String[] COMPILER = {
    "javax.lang.model..",
    "javax.annotation.processing..",
    "javax.tools..",
    "com.sun.source..",
    "com.sun.tools.."
  };

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
  void onlyTheEdgeKnowsTheCompiler() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages("read", "write", "render..", ""))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMPILER)
        .check(CLASSES);
    // JavaPoet wants this one.
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".render..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(COMPILER)
                .and(DescribedPredicate.not(JavaClass.Predicates.type(Modifier.class))))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT)
        .and()
        .doNotHaveSimpleName("TenonProcessor")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(COMPILER)
        .check(CLASSES);
  }

  @Test
  void onlyRenderingKnowsJavaPoet() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".render..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(JAVAPOET)
        .check(CLASSES);
  }

  @Test
  void importsRunOneWayAlongThePipeline() {
    allow("declaration");
    allow("shape");
    allow("ir");
    allow("diagnostics", "declaration");
    allow("layer", "declaration", "diagnostics", "shape", "ir");
    allow("graph", "declaration", "diagnostics", "shape", "ir", "layer");
    allow("plan.rewrite", "ir");
    allow("plan.schedule", "ir", "plan.rewrite");
    allow("code", "ir", "plan.schedule");
    allow("plan.backend", "ir", "plan.rewrite", "plan.schedule");
    for (String backEnd : BACK_ENDS) {
      allow(backEnd, "ir", "code", "plan.backend", "plan.rewrite", "plan.schedule");
    }
    String[] planned = {
      "ir", "code", "graph", "layer", "shape", "plan.rewrite", "plan.schedule", "plan.backend"
    };
    allow("plan", Stream.concat(Arrays.stream(planned), BACK_ENDS.stream()).toArray(String[]::new));
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".plan")
        .and()
        .doNotHaveSimpleName("BackEnds")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(BACK_ENDS.toArray(String[]::new)))
        .check(CLASSES);
    allow("render.plain", "code", "ir");
    allow(
        "render",
        "render.plain",
        "plan",
        "plan.backend",
        "code",
        "graph",
        "ir",
        "layer",
        "declaration",
        "shape");
    allow("read", "declaration", "diagnostics", "layer");
    allow("write", "declaration", "diagnostics", "read");
  }

  @Test
  void aLayerKnowsItsContractOnly() {
    allow("layers.common", "layer", "ir", "shape", "declaration", "diagnostics");
    allow("layers.norm", "layers.common", "layer", "ir", "shape", "declaration", "diagnostics");
    for (String layer : layerPackages()) {
      allow(
          layer,
          "layers.common",
          "layers.norm",
          "layer",
          "ir",
          "shape",
          "declaration",
          "diagnostics");
    }
    String[] list = layerPackages().toArray(String[]::new);
    allow(
        LAYERS,
        Stream.concat(Stream.of("layer", "layers.common"), Arrays.stream(list))
            .toArray(String[]::new));
  }

  @Test
  void theStepsDoNotKnowTheLayers() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages(LAYERS + "..", ""))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "." + LAYERS + "..")
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIs() {
    List<String> silent =
        packagesOf(CLASSES).stream().filter(name -> !hasPackageInfo(name)).sorted().toList();
    assertThat(silent).isEmpty();
  }

  private static boolean hasPackageInfo(String name) {
    return Files.exists(
        Path.of("src/main/java", (name + ".package-info").replace('.', '/') + ".java"));
  }

  private static Set<String> packagesOf(JavaClasses classes) {
    return classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
  }

  /** Folders of layers: every package below {@code layers} but those that layers share. */
  private static List<String> layerPackages() {
    return packagesOf(CLASSES).stream()
        .filter(name -> name.startsWith(ROOT + "." + LAYERS + "."))
        .map(name -> name.substring(ROOT.length() + 1))
        .filter(name -> !name.equals("layers.common") && !name.equals("layers.norm"))
        .sorted()
        .toList();
  }

  /**
   * Says that a package may import these, the JDK without the compiler, and nothing else. What it
   * may know of the compiler and of JavaPoet is said above.
   */
  private static void allow(String name, String... others) {
    String[] allowed =
        Stream.of(
                Stream.of("java..", packageName(name)),
                Stream.of(COMPILER),
                Stream.of(JAVAPOET),
                Arrays.stream(others).map(ArchitectureTest::packageName))
            .flatMap(all -> all)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(packageName(name))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(CLASSES);
  }

  private static String[] packages(String... names) {
    return Arrays.stream(names).map(ArchitectureTest::packageName).toArray(String[]::new);
  }

  private static String packageName(String name) {
    return name.isEmpty() ? ROOT : ROOT + "." + name;
  }
}
