package dev.tenon.processor.layers.linear;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.PlacedLayer;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Map;
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

  /** Two linear layers that one could stand for. */
  public static final Problem WITHOUT_ACTIVATION = Problem.warning("LinearWithoutActivation");

  @Override
  public OptionalInt wantedChannels() {
    return in == 0 ? OptionalInt.empty() : OptionalInt.of(in);
  }

  @Override
  public Optional<String> outputChannels() {
    return Optional.of("out");
  }

  @Override
  public void checkPlace(PlacedLayer self, Report report) {
    Checks checks = new Checks(declaration, report);
    // Behind several axes the bias belongs to the last one, which is not that of the channels.
    if (bias && self.inputShapes().get(0).rank() == 1) {
      checks.unusedBias(UNUSED_BIAS, self);
    }
    checkActivation(self, checks);
  }

  /** Two linear layers are one, unless a bottleneck between them is what they are for. */
  private void checkActivation(PlacedLayer self, Checks checks) {
    PlacedLayer next = self;
    do {
      if (!next.hasOneReader()) {
        return;
      }
      next = next.readers().get(0);
    } while (next.layer().dropProbability().isPresent());
    if (!(next.layer() instanceof LinearLayer second)) {
      return;
    }
    Shape input = self.inputShapes().get(0);
    int from = input.size(input.rank() - 1);
    if (out < Math.min(from, second.out())) {
      return;
    }
    String name = next.declaration().name();
    checks.report(
        WITHOUT_ACTIVATION,
        "",
        "nothing non-linear stands between it and "
            + name
            + ", a @Linear too, and one @Linear from "
            + from
            + " to "
            + second.out()
            + " computes what both do: the "
            + out
            + " features between them are no bottleneck.",
        List.of(
            new Remedy(
                "put",
                "an activation, such as @ReLU, behind " + declaration.name(),
                new Change.PutBehind(declaration, "ReLU", Map.of())),
            new Remedy("remove", "it", new Change.Remove(declaration))),
        "");
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
          List.of(
              Remedy.flatten(declaration, " to work on all " + input.count() + " values"),
              new Remedy(
                  "write",
                  "in = " + last + " to work on the last axis",
                  new Change.Set(declaration, "in", last))),
          "@Flatten makes one axis of several.");
      return Optional.empty();
    }
    if (in != 0 && in != last) {
      report.add(
          IN, declaration.attributes().at("in"), mismatch(input, last), remedies(input, last), "");
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

  private List<Remedy> remedies(Shape input, int last) {
    // A sample has no more values than an array holds.
    int all = Math.toIntExact(input.count());
    if (input.rank() > 1 && in == all) {
      String gives = ": it gives the " + in + " values of a sample as one axis";
      return List.of(Remedy.flatten(declaration, gives));
    }
    Remedy here = Remedy.follow(declaration, "in", last);
    return input.rank() == 1
        ? List.of(here)
        : List.of(
            here,
            Remedy.flatten(
                declaration, " and set in = " + all, new Change.Set(declaration, "in", all)));
  }
}
