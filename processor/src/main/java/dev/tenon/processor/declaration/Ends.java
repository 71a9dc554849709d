package dev.tenon.processor.declaration;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a network's ends are, besides shapes. What is wrong has been reported; it is missing here,
 * or says so.
 *
 * @param features the record that is the input
 * @param named the components that layers read by name, in their order
 * @param labels what the outputs mean
 * @param normalizes whether numbers among the features are normalised
 * @param source the network whose output is the input
 */
public record Ends(
    Optional<RecordType> features,
    List<NamedComponent> named,
    Optional<Labels> labels,
    boolean normalizes,
    Optional<NetworkDeclaration> source) {
  /** A network of tensors. */
  public static final Ends NONE =
      new Ends(Optional.empty(), List.of(), Optional.empty(), false, Optional.empty());

  private static final String TYPED = "dev.tenon.runtime.typed.";

  public Ends {
    named = List.copyOf(named);
  }

  /** The values of the record that no layer reads by name. */
  public Optional<RecordType> unnamed() {
    return features.map(
        record ->
            record.without(named.stream().map(NamedComponent::path).collect(Collectors.toSet())));
  }

  /** A shape of an input, and what has it: {@code 4, the values of Iris}. */
  public String described(String input, String inputShape) {
    Optional<NamedComponent> component =
        named.stream().filter(one -> one.input().equals(input)).findFirst();
    String values =
        component
            .map(NamedComponent::path)
            .orElse(named.isEmpty() ? "the values" : "the other values");
    return features
        .map(record -> inputShape + ", " + values + " of " + record.type().simpleName())
        .or(() -> source.map(other -> inputShape + ", the output of " + other.typeName()))
        .orElse(inputShape);
  }

  /**
   * What of the runtime the model implements, as Java writes it.
   *
   * @param tensors the interface of a model of tensors
   */
  public List<String> modelInterfaces(String tensors) {
    return Stream.concat(Stream.of(tensors), typed().stream()).toList();
  }

  /** The same with components that layers read by name. */
  public Ends naming(List<NamedComponent> components) {
    return new Ends(features, components, labels, normalizes, source);
  }

  /** The same with a record of so many numbers. */
  public Ends withFeatures(int values) {
    return new Ends(
        features.map(
            record ->
                new RecordType(
                    record.type(),
                    List.of(new Component.Numbers("values", Component.NumberType.FLOAT, values)),
                    true)),
        named,
        labels,
        normalizes,
        source);
  }

  /** The same with labels of so many values. */
  public Ends withLabels(long values) {
    return new Ends(
        features,
        named,
        labels.map(
            old -> new Labels(old.kind(), old.type(), values, old.components(), old.isRight())),
        normalizes,
        source);
  }

  private Optional<String> typed() {
    if (labels.isEmpty()) {
      return features.map(record -> TYPED + "TypedInput<" + record.type().qualifiedName() + ">");
    }
    String label = labels.get().type().qualifiedName();
    String types =
        switch (labels.get().kind()) {
          case CONSTANT -> label + ", " + TYPED + "Classification<" + label + ">, int[]>";
          case BOOLEAN ->
              label + ", " + TYPED + "Classification<" + label + ">, dev.tenon.runtime.Tensor>";
          case FLAGS ->
              label + ", " + TYPED + "MultiLabel<" + label + ">, dev.tenon.runtime.Tensor>";
          case NUMBERS -> label + ", " + label + ", dev.tenon.runtime.Tensor>";
        };
    return Optional.of(
        features
            .map(record -> TYPED + "TypedModel<" + record.type().qualifiedName() + ", " + types)
            .orElse(TYPED + "TypedOutput<" + types));
  }
}
