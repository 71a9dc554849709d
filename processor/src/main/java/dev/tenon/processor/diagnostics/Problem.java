package dev.tenon.processor.diagnostics;

/**
 * A kind of mistake. Problems are constants of the class that raises them, or, where several layers
 * share a check, made from the layer's name and what is wrong. The id never changes its meaning; it
 * heads the message in brackets and a section of the documentation.
 *
 * @param id UpperCamel, starting with the layer: {@code BatchNorm2dChannels}
 * @param severity how javac shows it
 */
public record Problem(String id, Severity severity) {
  public static Problem error(String id) {
    return new Problem(id, Severity.ERROR);
  }

  public static Problem warning(String id) {
    return new Problem(id, Severity.WARNING);
  }

  public static Problem note(String id) {
    return new Problem(id, Severity.NOTE);
  }
}
