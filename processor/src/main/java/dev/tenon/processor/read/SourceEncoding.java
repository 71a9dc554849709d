package dev.tenon.processor.read;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;

/**
 * Generated sources as the compiler can write and read them: letters that its encoding lacks stand
 * there in the escapes of Java.
 */
public final class SourceEncoding {
  private final Optional<JavacTrees> trees;

  /** Prepares for a compilation. */
  public SourceEncoding(ProcessingEnvironment environment) {
    this.trees = Javac.trees(environment);
  }

  /** The text, without letters that could not be written. */
  public String encodable(String text, TypeElement network) {
    if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
      return text;
    }
    CharsetEncoder encoder = of(network).newEncoder();
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            letter -> {
              String one = Character.toString(letter);
              if (letter < 128 || encoder.canEncode(one)) {
                escaped.append(one);
              } else {
                one.chars().forEach(unit -> escaped.append(String.format("\\u%04x", unit)));
              }
            });
    return escaped.toString();
  }

  /** What javac reads the network's own file with; ASCII where that cannot be told. */
  private Charset of(TypeElement network) {
    return trees.flatMap(t -> t.encoding(network)).orElse(StandardCharsets.US_ASCII);
  }
}
