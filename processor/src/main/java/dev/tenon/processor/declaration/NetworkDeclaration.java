package dev.tenon.processor.declaration;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A network as declared: the annotated type and its layers in source order.
 *
 * @param packageName the package, empty for the unnamed one
 * @param typeName the type's name inside its package, nested types with dots ({@code Nets.Small})
 * @param isInterface whether the type is an interface; otherwise it is an abstract class
 * @param isPublic whether the type and all types around it are public
 * @param attributes the {@code @Network} annotation
 * @param layers the layers in source order, those of blocks in the places of their uses
 * @param inputs the inputs with names of their own in source order; none where {@code @Network}
 *     says the shape of the only one
 * @param outputs what {@code @Output} marks in source order; none where the last layer is the
 *     output
 * @param around what stands around the generated classes
 * @param members what the type's methods show
 * @param ends what its input and output are, besides shapes
 * @param hasText whether it is a class that says itself what {@code toString} gives
 */
public record NetworkDeclaration(
    String packageName,
    String typeName,
    boolean isInterface,
    boolean isPublic,
    Attributes attributes,
    List<LayerDeclaration> layers,
    List<InputDeclaration> inputs,
    List<OutputDeclaration> outputs,
    Surroundings around,
    List<Member> members,
    Ends ends,
    boolean hasText) {

  /** The parameters of a method of an object: 255, and the object is one. */
  private static final int MOST_TENSORS = 254;

  public NetworkDeclaration {
    layers = List.copyOf(layers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    members = List.copyOf(members);
  }

  /** A network with one input, one output and no blocks, and nothing around it. */
  public NetworkDeclaration(
      String packageName,
      String typeName,
      boolean isInterface,
      boolean isPublic,
      Attributes attributes,
      List<LayerDeclaration> layers) {
    this(
        packageName,
        typeName,
        isInterface,
        isPublic,
        attributes,
        layers,
        List.of(),
        List.of(),
        Surroundings.NONE,
        layers.stream()
            .map(layer -> (Member) new Member.LayerMember(layer.name(), layer.name()))
            .toList(),
        Ends.NONE,
        false);
  }

  /** The same network in other surroundings. */
  public NetworkDeclaration in(Surroundings others) {
    return new NetworkDeclaration(
        packageName,
        typeName,
        isInterface,
        isPublic,
        attributes,
        layers,
        inputs,
        outputs,
        others,
        members,
        ends,
        hasText);
  }

  /** The same network with other layers, inputs and outputs. */
  public NetworkDeclaration with(
      List<LayerDeclaration> otherLayers,
      List<InputDeclaration> otherInputs,
      List<OutputDeclaration> otherOutputs) {
    return new NetworkDeclaration(
        packageName,
        typeName,
        isInterface,
        isPublic,
        attributes,
        otherLayers,
        otherInputs,
        otherOutputs,
        around,
        members,
        ends,
        hasText);
  }

  /** The same network with other types at its ends. */
  public NetworkDeclaration with(Ends otherEnds) {
    return new NetworkDeclaration(
        packageName,
        typeName,
        isInterface,
        isPublic,
        attributes,
        layers,
        inputs,
        outputs,
        around,
        members,
        otherEnds,
        hasText);
  }

  /** The same network with another annotation. */
  public NetworkDeclaration with(Attributes others) {
    return new NetworkDeclaration(
        packageName,
        typeName,
        isInterface,
        isPublic,
        others,
        layers,
        inputs,
        outputs,
        around,
        members,
        ends,
        hasText);
  }

  /** The types of the user's that the model names: the network, its blocks, what is at its ends. */
  public List<JavaType> typesOfUsers() {
    List<JavaType> types = new ArrayList<>();
    types.add(new JavaType(packageName, typeName));
    members.forEach(member -> addBlocks(member, types));
    ends.features().ifPresent(record -> types.add(record.type()));
    ends.labels().filter(l -> l.kind() != Labels.Kind.BOOLEAN).ifPresent(l -> types.add(l.type()));
    return types;
  }

  /** All types of the user's that code names: those of the model, of records, and of functions. */
  public Set<JavaType> allTypesOfUsers() {
    Set<JavaType> types = new LinkedHashSet<>(typesOfUsers());
    types.addAll(typesInRecords());
    types.addAll(functions());
    return types;
  }

  /** The types of what the records at the ends hold. */
  public Set<JavaType> typesInRecords() {
    Set<JavaType> types = new LinkedHashSet<>();
    ends.features().ifPresent(record -> addTypes(record, types));
    ends.labels().flatMap(Labels::components).ifPresent(record -> addTypes(record, types));
    return types;
  }

  private static void addTypes(RecordType record, Set<JavaType> types) {
    types.add(record.type());
    for (Component component : record.components()) {
      if (component instanceof Component.Nested nested) {
        addTypes(nested.type(), types);
      } else if (component instanceof Component.Choice choice) {
        types.add(choice.type());
      }
    }
  }

  /** The classes of the functions that layers call. */
  public Set<JavaType> functions() {
    Set<JavaType> types = new LinkedHashSet<>();
    for (LayerDeclaration layer : layers) {
      Attributes of = layer.attributes();
      of.values().keySet().stream()
          .filter(of::namesType)
          .forEach(name -> types.add(of.type(name).type()));
    }
    return types;
  }

  private static void addBlocks(Member member, List<JavaType> types) {
    if (member instanceof Member.BlockMember block && !types.contains(block.type())) {
      types.add(block.type());
      block.instances().stream().limit(1).forEach(of -> of.forEach(m -> addBlocks(m, types)));
    }
  }

  /** Their simple names, and those of the types around them. */
  public Set<String> namesOfUsers() {
    return typesOfUsers().stream()
        .flatMap(type -> Stream.of(type.nameInPackage().split("\\.")))
        .collect(Collectors.toSet());
  }

  /** The number of the layer of this name. */
  public OptionalInt numberOf(String layer) {
    return IntStream.range(0, layers.size())
        .filter(number -> layers.get(number).name().equals(layer))
        .findFirst();
  }

  /** Whether a method has no room for its tensors; the model then takes them in arrays. */
  public boolean isLarge() {
    return Math.max(inputs.size(), outputs.size()) > MOST_TENSORS;
  }

  /** The name that generated types start with: nested names joined with {@code _}. */
  public String generatedPrefix() {
    return typeName.replace('.', '_');
  }
}
