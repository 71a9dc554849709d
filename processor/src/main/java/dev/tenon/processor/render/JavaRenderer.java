package dev.tenon.processor.render;

import com.palantir.javapoet.JavaFile;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.plan.NetworkPlan;
import dev.tenon.processor.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Renders a plan as Java sources. Decides nothing. */
public final class JavaRenderer {
  /** Between fields that need no more than a line each, JavaPoet leaves another free. */
  private static final Pattern FIELDS =
      Pattern.compile(";\n\n(?=  +[\\w. ]+[\\w\\[\\]<>]* \\w+( = \\w+)?;\n)");

  private JavaRenderer() {}

  /**
   * One generated type.
   *
   * @param qualifiedName its name
   * @param text its source
   * @param isTooLarge whether a class file has no room for its constants
   */
  public record RenderedType(String qualifiedName, String text, boolean isTooLarge) {
    private static RenderedType of(JavaFile file) {
      String text = FIELDS.matcher(file.toString()).replaceAll(";\n");
      // Most are far too short to be counted: a constant is a token at least, and each is separate.
      boolean isTooLarge =
          text.length() > ConstantPool.MOST
              && ConstantPool.classes(text).stream()
                  .anyMatch(type -> ConstantPool.atMost(type) > ConstantPool.MOST);
      return new RenderedType(
          (file.packageName().isEmpty() ? "" : file.packageName() + ".") + file.typeSpec().name(),
          text,
          isTooLarge);
    }
  }

  /** Field names of a program that the planner must not give to buffers. */
  public static Set<String> fieldsInUse(NetworkDeclaration declaration) {
    return ProgramFields.inUse(declaration);
  }

  /**
   * Renders the model, its program, and the kernels; nothing more behind one that is too large.
   *
   * @param network with its layers as they were declared, which is how the model shows them
   * @param plan of the network, perhaps with its layers in another order
   */
  public static List<RenderedType> render(Network network, NetworkPlan plan) {
    List<JavaFile> files = new ArrayList<>();
    files.add(new ModelRenderer(network, plan).file());
    new TypedEndsRenderer(network.declaration()).file().ifPresent(files::add);
    UserCalls users = new UserCalls(network.declaration());
    for (Plan ofBackEnd : plan.plans()) {
      KernelsRenderer kernels = new KernelsRenderer(plan.network(), ofBackEnd, users);
      files.add(new ProgramRenderer(plan.network(), ofBackEnd, kernels).file());
      files.addAll(kernels.files());
    }
    users.file().ifPresent(files::add);
    List<RenderedType> types = new ArrayList<>();
    for (JavaFile file : files) {
      RenderedType type = RenderedType.of(file);
      types.add(type);
      if (type.isTooLarge()) {
        break;
      }
    }
    return types;
  }
}
