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
import dev.tenon.processor.graph.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** The views of a model's blocks: a record for each block, which implements it. */
final class BlockRenderer {
  private final Network network;

  /** Simple names of the records, by the blocks' qualified names. */
  private final Map<String, String> records = new LinkedHashMap<>();

  /** The first use of each block. */
  private final Map<String, BlockMember> uses = new LinkedHashMap<>();

  BlockRenderer(Network network) {
    this.network = network;
    network.declaration().members().forEach(this::collect);
  }

  private void collect(Member member) {
    if (member instanceof BlockMember block && !records.containsKey(block.block())) {
      String base = blockType(block).simpleName() + "View";
      String name = base;
      for (int i = 2; records.containsValue(name); i++) {
        name = base + i;
      }
      records.put(block.block(), name);
      uses.put(block.block(), block);
      block.instances().get(0).forEach(this::collect);
    }
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
      return CodeBlock.of("$N", ModelFields.view(layer.layer()));
    }
    if (member instanceof Member.InputMember input) {
      return CodeBlock.of("$N", ModelFields.view(input.input()));
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
    return block.isList() ? CodeBlock.of("$T.of($L)", List.class, instances) : instances;
  }

  private static ClassName blockType(BlockMember block) {
    String inPackage =
        block.packageName().isEmpty()
            ? block.block()
            : block.block().substring(block.packageName().length() + 1);
    List<String> names = List.of(inPackage.split("\\."));
    return ClassName.get(
        block.packageName(), names.get(0), names.subList(1, names.size()).toArray(String[]::new));
  }
}
