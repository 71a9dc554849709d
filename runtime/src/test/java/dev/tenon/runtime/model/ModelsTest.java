package dev.tenon.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import org.junit.jupiter.api.Test;

class ModelsTest {
  interface Never {}

  interface Taken {}

  interface Wrong {}

  @Test
  void aModelThatWasNeverGeneratedIsToldWithTheUsualCauses() {
    assertThatThrownBy(() -> Models.create(MethodHandles.lookup(), Never.class, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            String.join(
                System.lineSeparator(),
                "dev.tenon.runtime.model.ModelsTest_NeverModel, the model of"
                    + " dev.tenon.runtime.model.ModelsTest$Never, was never generated.",
                "If Never has @Network, it is one of these:",
                "  - The build does not run the processor: tenon-processor belongs into"
                    + " annotationProcessorPaths in Maven, to annotationProcessor in Gradle, on"
                    + " javac's -processorpath.",
                "  - Processors are off: by -proc:none, or from JDK 23 on because javac was given"
                    + " neither a processor path nor -proc:full.",
                "  - Never comes from a library that was compiled without the processor; its models"
                    + " are generated where it is compiled, and belong into its jar."));
  }

  @Test
  void aClassOfThatNameThatIsNoModelIsTold() {
    assertThatThrownBy(() -> Models.create(MethodHandles.lookup(), Taken.class, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "dev.tenon.runtime.model.ModelsTest_TakenModel exists, but is no model");
  }

  @Test
  void whatTheModelThrowsComesThrough() {
    assertThatThrownBy(() -> Models.create(MethodHandles.lookup(), Wrong.class, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Wrong did not compile; see the errors of the build.");
  }

  @Test
  void aLookupThatMayNotSeeTheModelIsTold() {
    assertThatThrownBy(() -> Models.create(MethodHandles.publicLookup(), Wrong.class, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("dev.tenon.runtime.model.ModelsTest_WrongModel is not visible to ");
    assertThat(Models.class).isPublic();
  }
}

/** What the user has written, where a model would be. */
final class ModelsTest_TakenModel {
  private ModelsTest_TakenModel() {}
}

/** As the processor stands in for a network with mistakes. */
abstract class ModelsTest_WrongModel implements ModelsTest.Wrong {
  private ModelsTest_WrongModel() {}

  @SuppressWarnings("DoNotCallSuggester") // The annotation is Error Prone's.
  public static ModelsTest_WrongModel create(long seed) {
    throw new IllegalStateException("Wrong did not compile; see the errors of the build.");
  }
}
