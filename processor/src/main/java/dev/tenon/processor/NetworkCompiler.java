package dev.tenon.processor;

import dev.tenon.processor.code.MethodVerifier;
import dev.tenon.processor.declaration.FeatureComponents;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.ConfiguredLayer;
import dev.tenon.processor.graph.LabelCheck;
import dev.tenon.processor.graph.LayerConfiguration;
import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Neighbours;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Reordering;
import dev.tenon.processor.graph.ShapeInference;
import dev.tenon.processor.ir.NestVerifier;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.plan.NetworkPlan;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Planner;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.render.JavaRenderer;
import dev.tenon.processor.write.GeneratedSource;
import java.util.List;
import java.util.Optional;

/**
 * The way from a declaration to Java sources. {@link TenonProcessor} reads before it and writes
 * behind it; {@link #compile} and {@link #generate} name the steps between:
 *
 * <pre>
 *     read -> configure -> infer -> reorder -> lower -> verify -> plan -> verify -> render -> write
 * </pre>
 *
 * Each step takes one immutable value and gives another; what is wrong goes into the report and the
 * step goes on, so that one build shows every mistake. Behind <i>infer</i> nothing can be wrong
 * with the network; the verifiers look for mistakes of ours.
 */
public final class NetworkCompiler {
  /** What was decided about a network, on request. */
  static final Problem PLAN = Problem.note("NetworkPlan");

  private final LayerConfiguration configuration;
  private final CodeGenerator generator;
  private final List<BackEnd> backEnds;
  private final CompilerOptions.Explain explain;

  /**
   * Prepares a compiler.
   *
   * @param layers the layers that a network may use
   * @param options which back ends to generate code for, and what to tell of each network
   */
  public NetworkCompiler(List<LayerType> layers, CompilerOptions options) {
    this.configuration = new LayerConfiguration(layers);
    this.generator = this::generate;
    this.backEnds = options.backEnds();
    this.explain = options.explain();
  }

  /** A compiler with another second half, for tests. */
  NetworkCompiler(List<LayerType> layers, CodeGenerator generator) {
    this.configuration = new LayerConfiguration(layers);
    this.generator = generator;
    this.backEnds = List.of();
    this.explain = CompilerOptions.Explain.NOTHING;
  }

  /**
   * Compiles one network.
   *
   * @param declaration as read; what is unreadable in it has been reported
   * @param report takes what is wrong; may hold errors of the reader already
   * @return the sources, or empty when the report has an error
   */
  public Optional<List<GeneratedSource>> compile(NetworkDeclaration declaration, Report report) {
    // What stands around a layer is not known where some could not be read.
    boolean looksAround = !report.hasErrors();
    Report found = new Report();
    Optional<Network> network = infer(declaration, found, looksAround);
    RemedyTrial.run(declaration, (changed, after) -> infer(changed, after, looksAround), found)
        .forEach(report::add);
    return report.hasErrors()
        ? Optional.empty()
        : network.flatMap(right -> generated(right, declaration, report));
  }

  /** The code, unless a plan needs an array or an index larger than there are. */
  private Optional<List<GeneratedSource>> generated(
      Network network, NetworkDeclaration declaration, Report report) {
    try {
      List<GeneratedSource> sources = generator.generate(network, report);
      return report.hasErrors() ? Optional.empty() : Optional.of(sources);
    } catch (ArithmeticException tooLarge) {
      // Every size and every index is computed exactly, so this is what an overflow of one ends in.
      report.add(
          ShapeInference.TOO_LARGE,
          declaration.attributes().ref(),
          "@Network on "
              + declaration.typeName()
              + ": a layer needs an array of more than "
              + Integer.MAX_VALUE
              + " elements to work with, the most that Java has.",
          "Use smaller sizes, or less padding.");
      return Optional.empty();
    }
  }

  /** What a declaration means. */
  private Optional<Network> infer(NetworkDeclaration read, Report report, boolean looksAround) {
    NetworkDeclaration declaration = FeatureComponents.resolve(read);
    List<ConfiguredLayer> layers = configuration.configure(declaration, report);
    Optional<Network> source = source(declaration);
    Optional<Network> network = ShapeInference.infer(declaration, source, layers, report);
    network.ifPresent(right -> LabelCheck.check(right, layers, report));
    network
        .filter(right -> looksAround && !report.hasErrors())
        .ifPresent(right -> Neighbours.check(right, layers, report));
    return network;
  }

  /** The network whose output is the input, unless it has mistakes, which are told of there. */
  private Optional<Network> source(NetworkDeclaration declaration) {
    if (declaration.ends().source().isEmpty()) {
      return Optional.empty();
    }
    Report report = new Report();
    Optional<Network> network = infer(declaration.ends().source().get(), report, false);
    return report.hasErrors() ? Optional.empty() : network;
  }

  /** The second half: what is right becomes code. */
  private List<GeneratedSource> generate(Network network, Report report) {
    Network ordered = Reordering.of(network);
    Program program = Lowerings.lower(ordered);
    NestVerifier.verify(program);
    NetworkPlan plan =
        Planner.plan(ordered, program, JavaRenderer.fieldsInUse(network.declaration()), backEnds);
    for (Plan ofBackEnd : plan.plans()) {
      ofBackEnd.kernels().forEach(kernel -> MethodVerifier.verify(kernel.methods()));
    }
    if (explain != CompilerOptions.Explain.NOTHING) {
      report.add(explanation(plan, program));
    }
    List<JavaRenderer.RenderedType> types = JavaRenderer.render(network, plan);
    types.stream()
        .filter(JavaRenderer.RenderedType::isTooLarge)
        .findFirst()
        .ifPresent(type -> report.add(tooManyConstants(network, type)));
    return types.stream()
        .map(type -> new GeneratedSource(type.qualifiedName(), type.text()))
        .toList();
  }

  private static Diagnostic tooManyConstants(Network network, JavaRenderer.RenderedType type) {
    NetworkDeclaration declaration = network.declaration();
    return new Diagnostic(
        ShapeInference.TOO_LARGE,
        declaration.attributes().ref(),
        "@Network on "
            + declaration.typeName()
            + ": for its "
            + network.nodes().size()
            + " layers "
            + type.qualifiedName()
            + " would have more than 65535 constants, the most that a class file has room for.",
        List.of(),
        "Cut the network in two: inputFrom names the first in the second. It also helps to give"
            + " layers the same sizes.");
  }

  private Diagnostic explanation(NetworkPlan plan, Program program) {
    NetworkDeclaration declaration = plan.network().declaration();
    NetworkPlan.Explanation explanation = plan.explanation();
    return new Diagnostic(
        PLAN,
        declaration.attributes().ref(),
        "@Network on " + declaration.typeName() + ": " + explanation.summary(),
        switch (explain) {
          case NOTHING -> List.of();
          case PLAN -> explanation.lines();
          case PASSES -> Planner.passes(plan.network(), program, backEnds);
          case LISTING ->
              plan.texts().stream().flatMap(text -> text.lines().get().stream()).toList();
        },
        "");
  }
}
