package dev.tenon.processor;

import dev.tenon.processor.code.MethodVerifier;
import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.NestVerifier;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Planner;
import dev.tenon.processor.render.JavaRenderer;
import dev.tenon.processor.write.GeneratedSource;
import java.util.List;

/** The way from a network that is right to its Java sources: lower, plan, verify, render. */
public final class JavaCodeGenerator implements CodeGenerator {
  @Override
  public List<GeneratedSource> generate(Network network) {
    Program program = Lowerings.lower(network);
    NestVerifier.verify(program);
    List<String> layers = network.nodes().stream().map(Network.Node::name).toList();
    Plan plan = Planner.plan(network, program, JavaRenderer.fieldsInUse(layers));
    plan.kernels().forEach(kernel -> kernel.methods().forEach(MethodVerifier::verify));
    return JavaRenderer.render(plan).stream()
        .map(type -> new GeneratedSource(type.qualifiedName(), type.text()))
        .toList();
  }
}
