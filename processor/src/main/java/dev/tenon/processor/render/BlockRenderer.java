package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.declaration.Member;
import dev.tenon.processor.declaration.Member.BlockMember;
import dev.tenon.processor.declaration.Member.LayerMember;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.graph.Network;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** The views of a model's blocks: a record for each block, which implements it. */
final class BlockRenderer {
  private final Network network;
  private final ModelNames names;

  /** Simple names of the records, by the blocks' qualified names. */
  private final Map<String, String> records = new LinkedHashMap<>();

  /** The first use of each block. */
  private final Map<String, BlockMember> uses = new LinkedHashMap<>();

  BlockRenderer(Network network, ModelNames names) {
    this.network = network;
    this.names = names;
    network.declaration().members().forEach(this::collect);
  }

  private void collect(Member member) {
    if (member instanceof BlockMember block && !records.containsKey(block.block())) {
      String base = viewName(block.type().simpleName());
      String name = base;
      for (int i = 2; isTaken(name); i++) {
        name = base + i;
      }
      records.put(block.block(), name);
      uses.put(block.block(), block);
      block.instances().get(0).forEach(this::collect);
    }
  }

  /** Short enough for the name of a class file. */
  private String viewName(String block) {
    String name = block + "View";
    String file = network.declaration().generatedPrefix() + "Model$" + name + "99.class";
    return file.getBytes(StandardCharsets.UTF_8).length > 255 ? "View" : name;
  }

  /** Called like no type that the model names, and no other record. */
  private boolean isTaken(String name) {
    NetworkDeclaration declaration = network.declaration();
    return records.containsValue(name)
        || declaration.around().types().contains(name)
        || UsedTypes.names().contains(name)
        || declaration.namesOfUsers().contains(name);
  }

  /**
   * Adds the records:
   *
   * <pre>
   *     private record BasicBlockView(Weighted conv1, BatchNorm bn1) implements BasicBlock {}
   * </pre>
   */
  void addRecords(TypeSpec.Builder type) {
    uses.forEach(
        (block, use) -> {
          MethodSpec.Builder components = MethodSpec.constructorBuilder();
          use.instances()
              .get(0)
              .forEach(member -> components.addParameter(type(member), member.method()));
          type.addType(
              TypeSpec.recordBuilder(records.get(block))
                  .addModifiers(Modifier.PRIVATE)
                  .recordConstructor(components.build())
                  .addSuperinterface(blockType(use))
                  .build());
        });
  }

  /** What a method returns. */
  TypeName type(Member member) {
    if (member instanceof LayerMember layer) {
      return ViewRenderer.viewType(network.nodes().get(network.numberOf(layer.layer())).view());
    }
    if (member instanceof Member.InputMember) {
      return GeneratedNames.LAYER;
    }
    BlockMember block = (BlockMember) member;
    ClassName one = blockType(block);
    return block.isList() ? ParameterizedTypeName.get(ClassName.get(List.class), one) : one;
  }

  /** The value that a method returns. */
  CodeBlock value(Member member) {
    if (member instanceof LayerMember layer) {
      return CodeBlock.of("$N", names.view(layer.layer()));
    }
    if (member instanceof Member.InputMember input) {
      return CodeBlock.of("$N", names.view(input.input()));
    }
    BlockMember block = (BlockMember) member;
    CodeBlock instances =
        block.instances().stream()
            .map(
                members ->
                    CodeBlock.of(
                        "new $N($L)",
                        records.get(block.block()),
                        members.stream().map(this::value).collect(CodeBlock.joining(",$W"))))
            .collect(CodeBlock.joining(",$W"));
    return block.isList() ? names.listOf(instances) : instances;
  }

  private ClassName blockType(BlockMember block) {
    return GeneratedNames.inModel(network.declaration(), block.type());
  }
}
