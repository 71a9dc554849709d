/**
 * The annotation processor, for {@code --processor-module-path}. Exports nothing: javac finds
 * {@link dev.tenon.processor.TenonProcessor} as a service.
 */
@SuppressWarnings("requires-automatic") // JavaPoet names its module in its manifest only.
module dev.tenon.processor {
  // In the jar, which has its classes under another name, there is no such module.
  requires static com.palantir.javapoet;
  requires java.compiler;

  // Seen by javac itself alone; the Eclipse compiler may run without.
  requires static jdk.compiler;

  // For the build: its annotation writes the entry in META-INF/services.
  requires static com.google.auto.service;

  // Which other processors come after this one.
  uses javax.annotation.processing.Processor;

  provides javax.annotation.processing.Processor with
      dev.tenon.processor.TenonProcessor;
}
