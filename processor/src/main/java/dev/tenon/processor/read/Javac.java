package dev.tenon.processor.read;

import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;

/**
 * What works with javac only. Under another compiler there may not even be javac's types; without a
 * lambda expression here, which the virtual machine would link too early, that shows as an error
 * that can be caught.
 */
final class Javac {
  private Javac() {}

  /** Empty if this is another compiler, or a build tool's wrapper around this one. */
  static Optional<JavacTrees> trees(ProcessingEnvironment environment) {
    try {
      return Optional.of(JavacTrees.of(environment));
    } catch (IllegalArgumentException | NoClassDefFoundError notJavac) {
      return Optional.empty();
    }
  }

  /** Has networks reported that no processor is shown, if it can. */
  static void watchLocalNetworks(ProcessingEnvironment environment) {
    try {
      LocalNetworks.watch(environment);
    } catch (IllegalArgumentException | NoClassDefFoundError notJavac) {
      // Then the name of a model that is not there is all that the user is told of.
    }
  }
}
