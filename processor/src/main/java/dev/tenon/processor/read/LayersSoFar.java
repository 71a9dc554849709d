package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.OutputDeclaration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/** The layers, inputs and outputs of a network that have been read so far, in source order. */
final class LayersSoFar {
  private final List<ExecutableElement> methods;
  private final Map<TypeElement, Integer> firstMethods = new HashMap<>();
  private final List<LayerDeclaration> drafts = new ArrayList<>();
  private final List<Supplier<Optional<Attributes>>> reads = new ArrayList<>();
  private final List<InputDeclaration> inputs = new ArrayList<>();
  private final List<OutputDeclaration> outputs = new ArrayList<>();

  /** What stands last so far: a layer or an input. */
  private String last = LayerDeclaration.INPUT;

  /** Starts with the network's own methods. */
  LayersSoFar(List<ExecutableElement> methods) {
    this.methods = new ArrayList<>(methods);
  }

  /** Adds a layer; what it reads is asked for when all layers are there. */
  void add(LayerDeclaration layer, Supplier<Optional<Attributes>> from) {
    drafts.add(layer);
    reads.add(from);
    last = layer.name();
  }

  void add(InputDeclaration input) {
    inputs.add(input);
    last = input.name();
  }

  /** Makes what stands last an output, by the name of its method. */
  void addOutput(String method) {
    outputs.add(new OutputDeclaration(method, last));
  }

  List<LayerDeclaration> layers() {
    List<LayerDeclaration> layers = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      layers.add(drafts.get(i).reading(reads.get(i).get()));
    }
    return layers;
  }

  List<InputDeclaration> inputs() {
    return inputs;
  }

  List<OutputDeclaration> outputs() {
    return outputs;
  }

  /** The methods that places refer to: the network's own, then those of blocks. */
  List<ExecutableElement> methods() {
    return methods;
  }

  int count() {
    return drafts.size();
  }

  /** Whether there are more layers than a network may have; nothing else is read then. */
  boolean isFull() {
    return drafts.size() > LayerReader.MOST_LAYERS;
  }

  /** The layer or input that stands last so far, or the network's only input. */
  String last() {
    return last;
  }

  /** The number of the first method of a block whose source is there. */
  int firstMethod(TypeElement block, List<ExecutableElement> ofBlock) {
    return firstMethods.computeIfAbsent(
        block,
        b -> {
          methods.addAll(ofBlock);
          return methods.size() - ofBlock.size();
        });
  }
}
