package dev.tenon.processor.declaration;

/**
 * A component of the record of features that layers read by name, so that it is an input of its
 * own: an enum gives the numbers of its constants, everything else its values.
 *
 * @param path its name, after those of the records that it stands in: {@code home.region}
 * @param input name of the input
 * @param component without what is named inside of it
 */
public record NamedComponent(String path, String input, Component component) {
  /** Whether it gives indices. */
  public boolean isIndex() {
    return component instanceof Component.Choice;
  }
}
