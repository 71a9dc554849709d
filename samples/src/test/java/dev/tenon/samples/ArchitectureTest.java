package dev.tenon.samples;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The packages of this module, the root among them, depend on each other one way. */
class ArchitectureTest {
  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("dev.tenon.(**)")
        .should()
        .beFreeOfCycles()
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.tenon.samples"));
  }
}
