package dev.tenon.processor.layers.linear;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked {@code @Linear}.
 *
 * @param declaration what the user wrote
 * @param in size of the last axis of the input, 0 to take it from the input
 * @param out size of the last axis of the output
 * @param bias whether it adds a learnt bias
 */
public record LinearConfig(LayerDeclaration declaration, int in, int out, boolean bias)
    implements LayerConfig {
  /** {@code in} or {@code out} below 1. */
  public static final Problem RANGE = Problem.error("LinearRange");

  /** {@code in} is not the size of the input's last axis. */
  public static final Problem IN = Problem.error("LinearIn");

  /** {@code in} left out, and an input with more than one axis. */
  public static final Problem NEEDS_FLATTEN = Problem.error("LinearNeedsFlatten");

  /** A bias directly before a layer that cancels it. */
  public static final Problem UNUSED_BIAS = Problem.note("LinearUnusedBias");

  @Override
  public OptionalInt wantedChannels() {
    return in == 0 ? OptionalInt.empty() : OptionalInt.of(in);
  }

  @Override
  public Optional<Resized> withOutputChannels(int channels) {
    return Optional.of(
        new Resized(new LinearConfig(declaration, in, channels, bias), "out = " + channels));
  }

  @Override
  public void checkReader(Reader reader, Report report) {
    // Behind several axes the bias belongs to the last one, which is not that of the channels.
    if (bias && reader.input().rank() == 1) {
      new Checks(declaration, report).unusedBias(UNUSED_BIAS, reader);
    }
  }

  @Override
  public Optional<LinearLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    int last = input.size(input.rank() - 1);
    if (in == 0 && input.rank() > 1) {
      report.add(
          NEEDS_FLATTEN,
          declaration.attributes().ref(),
          declaration.subject()
              + ": works on the last axis alone, size "
              + last
              + ", but its input is "
              + input
              + " with "
              + input.count()
              + " values.",
          "Put @Flatten before it to work on all "
              + input.count()
              + " values, or write in = "
              + last
              + " to work on the last axis.");
      return Optional.empty();
    }
    if (in != 0 && in != last) {
      report.add(IN, declaration.attributes().at("in"), mismatch(input, last), remedy(input, last));
      return Optional.empty();
    }
    return Optional.of(new LinearLayer(input, out, bias));
  }

  private String mismatch(Shape input, int last) {
    String start = declaration.subject() + ": in = " + in + ", but ";
    return input.rank() == 1
        ? start + "its input has " + last + (last == 1 ? " feature." : " features.")
        : start + "the last axis of its input " + input + " has size " + last + ".";
  }

  private String remedy(Shape input, int last) {
    if (input.rank() > 1 && in == input.count()) {
      return "Put @Flatten before it: it gives the " + in + " values of a sample as one axis.";
    }
    String here = "Set in = " + last + " here";
    return input.rank() == 1
        ? here + "."
        : here + ", or put @Flatten before it and set in = " + input.count() + ".";
  }
}
