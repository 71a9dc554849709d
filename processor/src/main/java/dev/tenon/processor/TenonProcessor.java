package dev.tenon.processor;

import com.google.auto.service.AutoService;
import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.read.GeneratedApi;
import dev.tenon.processor.read.NetworkReader;
import dev.tenon.processor.read.ReadNetwork;
import dev.tenon.processor.read.SourceEncoding;
import dev.tenon.processor.read.SourceLocator;
import dev.tenon.processor.read.StrayLayers;
import dev.tenon.processor.write.DiagnosticPrinter;
import dev.tenon.processor.write.GeneratedSource;
import dev.tenon.processor.write.ModelStub;
import dev.tenon.processor.write.SourceWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * The annotation processor: finds the networks of a round, has each read, compiled and written, and
 * prints what is wrong with it. On errors it writes a stub in the model's place. With {@code
 * -Atenon.explain} it prints as a note what was decided about each network: what was joined, how
 * every loop runs, where values lie, and what a sample costs.
 */
@AutoService(Processor.class)
@SupportedAnnotationTypes({"dev.tenon.annotations.*", "dev.tenon.runtime.internal.Generated"})
@SupportedOptions({"tenon.explain", "tenon.kernels", "tenon.winograd"})
public final class TenonProcessor extends AbstractProcessor {
  /** The compiler itself failed. */
  static final Problem INTERNAL = Problem.error("InternalError");

  /** A class of the processor is missing. */
  static final Problem INCOMPLETE = Problem.error("ProcessorIncomplete");

  /** The compilation is for a Java that generated code is too new for. */
  static final Problem JAVA_VERSION = Problem.error("JavaVersion");

  /** The runtime that generated code calls is not on the class path. */
  static final Problem RUNTIME_MISSING = Problem.error("RuntimeMissing");

  /** The user has a class of a generated one's name. */
  static final Problem NAME_TAKEN = Problem.error("GeneratedNameTaken");

  /** The network whose output is the input has mistakes that nobody else reports. */
  static final Problem SOURCE_WRONG = Problem.error("InputFromErrors");

  /** What the processor raises by itself. */
  public static final List<Problem> PROBLEMS =
      List.of(
          INTERNAL,
          INCOMPLETE,
          JAVA_VERSION,
          RUNTIME_MISSING,
          NAME_TAKEN,
          SOURCE_WRONG,
          CompilerOptions.UNKNOWN_KERNELS,
          CompilerOptions.NO_MODULE,
          CompilerOptions.UNKNOWN_WINOGRAD,
          CompilerOptions.UNKNOWN_EXPLAIN,
          NetworkCompiler.PLAN);

  private static final String NETWORK = "dev.tenon.annotations.Network";

  /** Claimed, so that no user is warned about it; there is nothing to do with it. */
  private static final String GENERATED = "dev.tenon.runtime.internal.Generated";

  private final List<LayerType> layers;
  private final Optional<CodeGenerator> generator;

  /** Networks that name types which do not exist yet: another processor may be writing them. */
  private final Set<String> deferred = new LinkedHashSet<>();

  /** Networks whose mistakes this compilation reports. */
  private final Set<String> seen = new LinkedHashSet<>();

  /** Networks that the last round compiled, and whether they have several inputs or outputs. */
  private final Map<String, Boolean> compiled = new HashMap<>();

  /** No processor comes after this one. */
  private boolean last;

  private boolean saidVersion;

  private CompilerOptions options;
  private NetworkCompiler compiler;
  private NetworkReader reader;
  private StrayLayers stray;
  private ModelStub stub;
  private SourceWriter writer;
  private DiagnosticPrinter printer;

  /** Called by javac. */
  public TenonProcessor() {
    this(LayerTypes.all(), Optional.empty());
  }

  /** A processor for some layers and with another second half of the compiler, for tests. */
  public TenonProcessor(List<LayerType> layers, CodeGenerator generator) {
    this(layers, Optional.of(generator));
  }

  private TenonProcessor(List<LayerType> layers, Optional<CodeGenerator> generator) {
    this.layers = layers;
    this.generator = generator;
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    Map<String, StateView> views =
        layers.stream().collect(Collectors.toMap(LayerType::annotation, LayerType::view));
    last = isLast();
    reader = new NetworkReader(environment, views);
    stub = new ModelStub(environment.getElementUtils(), environment.getTypeUtils());
    stray = new StrayLayers(environment);
    writer = new SourceWriter(environment.getFiler(), new SourceEncoding(environment));
    printer = new DiagnosticPrinter(environment.getMessager());
  }

  /** Makes the compiler for a network: one with vector kernels where its module sees vectors. */
  private void prepareFor(TypeElement network) {
    boolean vectors = isVisible(CompilerOptions.VECTOR_TYPE, network);
    boolean given =
        vectors && (isNamed(network) || isVisible(CompilerOptions.INTERNAL_TYPE, network));
    if (compiler != null && options.isFor(vectors, given)) {
      return;
    }
    options = CompilerOptions.of(processingEnv.getOptions(), vectors, given);
    compiler =
        generator
            .map(other -> new NetworkCompiler(layers, other))
            .orElseGet(() -> new NetworkCompiler(layers, options));
  }

  /** Whether a network lies in a named module, which sees only what it requires. */
  private boolean isNamed(TypeElement network) {
    ModuleElement module = processingEnv.getElementUtils().getModuleOf(network);
    return module != null && !module.isUnnamed();
  }

  /** Whether code beside a network can name a type: its module must read that of the type. */
  private boolean isVisible(String type, TypeElement network) {
    Elements elements = processingEnv.getElementUtils();
    ModuleElement module = elements.getModuleOf(network);
    return (module == null ? elements.getTypeElement(type) : elements.getTypeElement(module, type))
        != null;
  }

  /**
   * Whether this processor is the last that javac finds. javac warns of annotations that nobody
   * claims, but does not call the processors after the one that has claimed the last: there may be
   * some that want to see every annotation.
   */
  private static boolean isLast() {
    ModuleLayer modules = TenonProcessor.class.getModule().getLayer();
    ServiceLoader<Processor> found =
        modules == null
            ? ServiceLoader.load(Processor.class, TenonProcessor.class.getClassLoader())
            : ServiceLoader.load(modules, Processor.class);
    try {
      List<String> names = found.stream().map(one -> one.type().getName()).toList();
      return names.isEmpty() || names.get(names.size() - 1).equals(TenonProcessor.class.getName());
    } catch (ServiceConfigurationError | LinkageError e) {
      // javac will say which of them is broken.
      return true;
    }
  }

  /**
   * Returns true, so that javac warns of no annotation of ours, unless somebody after this
   * processor may want to see them.
   */
  @Override
  @SuppressWarnings("DoNotClaimAnnotations") // Error Prone's rule is for annotations of others.
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    checkAgain();
    Set<TypeElement> networks = deferredNetworks();
    Set<Element> layered = new LinkedHashSet<>();
    for (TypeElement annotation : annotations) {
      Set<? extends Element> annotated = round.getElementsAnnotatedWith(annotation);
      if (annotation.getQualifiedName().contentEquals(NETWORK)) {
        // javac lets it stand anywhere until the processors are through.
        annotated.stream()
            .filter(TypeElement.class::isInstance)
            .forEach(element -> networks.add((TypeElement) element));
      } else if (!annotation.getQualifiedName().contentEquals(GENERATED)) {
        layered.addAll(annotated);
      }
    }
    networks.forEach(network -> seen.add(network.getQualifiedName().toString()));
    for (TypeElement network : networks) {
      boolean unresolved = isUnresolved(network);
      if (unresolved && !round.processingOver()) {
        deferred.add(network.getQualifiedName().toString());
      } else {
        process(network, unresolved);
      }
    }
    for (TypeElement type : stray.find(layered, networks)) {
      Report report = new Report();
      printer.print(report, stray.read(type, report));
    }
    return last;
  }

  /**
   * Looks again at networks that were compiled in the round before: a processor that changes
   * classes in place, as Lombok does, may have given one a constructor or a method since.
   */
  private void checkAgain() {
    Map<String, Boolean> before = Map.copyOf(compiled);
    compiled.clear();
    new TreeMap<>(before)
        .forEach(
            (name, severalEnds) -> {
              TypeElement network = processingEnv.getElementUtils().getTypeElement(name);
              if (network != null) {
                Report report = new Report();
                reader.checkMembers(network, severalEnds, report);
                printer.print(report, reader.locator(network));
              }
            });
  }

  /** Once for all networks. */
  private void reportVersion(TypeElement network, Report report) {
    if (!saidVersion) {
      saidVersion = true;
      report.add(
          JAVA_VERSION,
          SourceRef.OF_TYPE,
          subject(network)
              + ": networks need Java 17 or newer, and this compilation is for Java "
              + processingEnv.getSourceVersion().name().substring("RELEASE_".length())
              + ".",
          "Compile with --release 17, or <maven.compiler.release>17</maven.compiler.release> in"
              + " Maven.");
    }
  }

  private boolean isUnresolved(TypeElement network) {
    try {
      return reader.isUnresolved(network);
    } catch (RuntimeException | StackOverflowError failure) {
      // Reading will fail in the same way, where it is reported.
      return false;
    }
  }

  /** As they are in this round: elements must not be kept from one to the next. */
  private Set<TypeElement> deferredNetworks() {
    Set<TypeElement> networks = new LinkedHashSet<>();
    for (String name : deferred) {
      TypeElement network = processingEnv.getElementUtils().getTypeElement(name);
      if (network != null) {
        networks.add(network);
      }
    }
    deferred.clear();
    return networks;
  }

  /**
   * Compiles and writes one network.
   *
   * @param unresolved it names types that do not exist, and this is the last round: javac will say
   *     so, here only the rest of its mistakes is reported
   */
  private void process(TypeElement network, boolean unresolved) {
    Report report = new Report();
    SourceLocator locator = reader.locator(network);
    if (processingEnv.getSourceVersion().compareTo(SourceVersion.RELEASE_17) < 0) {
      reportVersion(network, report);
      printer.print(report, locator);
      return;
    }
    prepareFor(network);
    options.check(subject(network), report);
    try {
      ReadNetwork read = reader.read(network, report);
      locator = read.locator();
      Optional<List<GeneratedSource>> compiled = compile(read, report);
      if (!unresolved && compiled.isEmpty() && !report.hasErrors()) {
        checkSource(read, report);
      }
      write(read, compiled.filter(sources -> !unresolved), report);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      reportInternal(network, e, report);
    }
    printer.print(report, locator);
  }

  /** As the compiler does; its own failures are reported like the user's mistakes. */
  private Optional<List<GeneratedSource>> compile(ReadNetwork read, Report report) {
    try {
      return compiler.compile(read.declaration(), report);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      reportInternal(read.locator().type(), e, report);
      return Optional.empty();
    }
  }

  private void write(ReadNetwork read, Optional<List<GeneratedSource>> compiled, Report report) {
    TypeElement network = read.locator().type();
    if (!isVisible(GeneratedApi.MODEL, network)) {
      report.add(
          RUNTIME_MISSING,
          SourceRef.OF_TYPE,
          subject(network)
              + ": generated models need dev.tenon.runtime, which is not visible here.",
          "Add tenon-runtime to the dependencies (and to module-info.java, if there is one).");
      return;
    }
    List<GeneratedSource> sources = compiled.orElseGet(() -> List.of(stub.of(read)));
    if (compiled.isPresent()) {
      NetworkDeclaration declaration = read.declaration();
      this.compiled.put(
          network.getQualifiedName().toString(),
          !declaration.inputs().isEmpty() || !declaration.outputs().isEmpty());
    }
    for (GeneratedSource source : sources) {
      if (!writer.write(source, network)) {
        report.add(
            NAME_TAKEN,
            SourceRef.OF_TYPE,
            subject(network) + ": cannot generate " + source.qualifiedName() + ", which exists.",
            "Rename that class or the network.");
      }
    }
  }

  /** A network without mistakes that could not be compiled waits for another one's to be mended. */
  private void checkSource(ReadNetwork read, Report report) {
    Attributes network = read.declaration().attributes();
    if (network.namesType("inputFrom") && !seen.contains(network.type("inputFrom").name())) {
      report.add(
          SOURCE_WRONG,
          network.at("inputFrom"),
          subject(read.locator().type())
              + ": "
              + network.type("inputFrom").simpleName()
              + ", whose output is the input, has mistakes.",
          "Compile it with Tenon's processor to see them.");
    }
  }

  private static void reportInternal(TypeElement network, Throwable failure, Report report) {
    if (failure instanceof NoClassDefFoundError) {
      report.add(
          INCOMPLETE,
          SourceRef.OF_TYPE,
          subject(network)
              + ": the processor path has only a part of the processor: "
              + String.valueOf(failure.getMessage()).replace('/', '.')
              + " is missing.",
          "Name the jar tenon-processor there, which needs no other; its classes alone need"
              + " JavaPoet, com.palantir.javapoet:javapoet, beside them.");
      return;
    }
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    report.add(
        INTERNAL,
        SourceRef.OF_TYPE,
        subject(network)
            + ": the network compiler failed. The mistake is in Tenon, not in your network: please"
            + " report it, with the network and these lines.\n"
            + trace.toString().strip(),
        "");
  }

  private static String subject(TypeElement network) {
    return "@Network on " + network.getSimpleName();
  }
}
