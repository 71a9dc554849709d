package dev.tenon.processor;

import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.ConfiguredLayer;
import dev.tenon.processor.graph.LayerConfiguration;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.ShapeInference;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.write.GeneratedSource;
import java.util.List;
import java.util.Optional;

/**
 * The way from a declaration to Java sources. {@link TenonProcessor} reads before it and writes
 * behind it; {@link #compile} names the steps between:
 *
 * <pre>
 *     read -> configure -> infer -> lower -> plan -> verify -> render -> write
 * </pre>
 *
 * Each step takes one immutable value and gives another; what is wrong goes into the report and the
 * step goes on, so that one build shows every mistake.
 */
public final class NetworkCompiler {
  private final LayerConfiguration configuration;
  private final CodeGenerator generator;

  /**
   * Prepares a compiler.
   *
   * @param layers the layers that a network may use
   * @param generator lowers, plans, verifies and renders
   */
  public NetworkCompiler(List<LayerType> layers, CodeGenerator generator) {
    this.configuration = new LayerConfiguration(layers);
    this.generator = generator;
  }

  /**
   * Compiles one network.
   *
   * @param declaration as read; what is unreadable in it has been reported
   * @param report takes what is wrong; may hold errors of the reader already
   * @return the sources, or empty when the report has an error
   */
  public Optional<List<GeneratedSource>> compile(NetworkDeclaration declaration, Report report) {
    List<ConfiguredLayer> layers = configuration.configure(declaration, report);
    Optional<Network> network = ShapeInference.infer(declaration, layers, report);
    return report.hasErrors() ? Optional.empty() : network.map(generator::generate);
  }
}
