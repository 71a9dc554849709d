package dev.tenon.processor.plan;

import dev.tenon.processor.plan.Plan.Buffer;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.Plan.PlannedKernel;
import dev.tenon.processor.plan.Plan.Run;
import java.util.List;

/**
 * What layers of one declaration and shape, in like places, do: the same kernels, called the same
 * way, on arrays of their own. It becomes one class; each layer that it serves is an {@link
 * Assembly.Instance} of it.
 *
 * <p>Its calls are those of a plan in terms of the class's fields: a {@link Plan.BufferArgument}
 * names a field that is an array, and the number of an offset, a counter or a layer is that of a
 * field in {@link #numbers}.
 *
 * @param name simple name of its class: {@code Conv2dOf16x32x32}
 * @param layers the layers that it serves, in their order
 * @param arrays the working memory that it uses
 * @param numbers names of what else sets its instances apart: where their parameters begin in the
 *     model's flat arrays, the numbers of their counters, and their own
 * @param state the entries of its state under their names in the layer
 * @param sections its methods without parameters
 * @param steps the calls that do ranges of items: threads share them, or a {@link Stretch} runs
 *     them
 * @param kernels the kernels that stand in its class; others that it calls stand in an earlier one
 */
public record Routine(
    String name,
    List<String> layers,
    List<Array> arrays,
    List<String> numbers,
    List<StateOffsets.Entry> state,
    List<Section> sections,
    List<Step> steps,
    List<PlannedKernel> kernels) {

  /** The number that is the layer's own. */
  public static final String LAYER = "layer";

  public Routine {
    layers = List.copyOf(layers);
    arrays = List.copyOf(arrays);
    numbers = List.copyOf(numbers);
    state = List.copyOf(state);
    sections = List.copyOf(sections);
    steps = List.copyOf(steps);
    kernels = List.copyOf(kernels);
  }

  /**
   * A field that is an array.
   *
   * @param isOwn whether only this layer uses it, so that its instance makes it
   * @param shape how large it is, under the name of the field
   */
  public record Array(boolean isOwn, Buffer shape) {
    public String name() {
      return shape.name();
    }

    /** Whether evaluation uses it; otherwise training does. */
    public boolean predict() {
      return shape.predict();
    }
  }

  /**
   * Calls of a layer that run one after the other.
   *
   * @param name {@code forward}, {@code backward} or {@code predict} where those are all of the
   *     phase, else after what it does first
   */
  public record Section(String name, List<Call> calls) {
    public Section {
      calls = List.copyOf(calls);
    }
  }

  /**
   * A call that does a range of items.
   *
   * @param name of its constant: {@code NORMALISE}
   * @param inStretch whether a stretch runs it, so that it has to look at its condition itself
   */
  public record Step(String name, Run run, boolean inStretch) {}

  /** The number of the step that makes a call. */
  public int stepOf(Run run) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).run().equals(run)) {
        return i;
      }
    }
    throw new IllegalArgumentException(name + " has no step " + run.name());
  }

  /**
   * What runs steps of several layers together, item by item: all of them on some items, then all
   * on the next ones, while their values are in the cache. It becomes a class as well, with its
   * layers as fields.
   *
   * @param name simple name of its class
   * @param members the routines of its layers, in the order in which they appear
   * @param parts what it does, in order
   * @param range how threads may share the items
   * @param chunk items at a time
   * @param alone what runs before if the batch is in one piece
   * @param apart what runs instead if it is not; empty if that makes no difference
   */
  public record Stretch(
      String name,
      List<Routine> members,
      List<Part> parts,
      Plan.Range range,
      int chunk,
      List<MemberCall> alone,
      List<MemberCall> apart) {
    public Stretch {
      members = List.copyOf(members);
      parts = List.copyOf(parts);
      alone = List.copyOf(alone);
      apart = List.copyOf(apart);
    }
  }

  /**
   * A step of one of the layers of a stretch.
   *
   * @param member its number
   * @param step the number of the step in its routine
   * @param scale how many items of the stretch one of the step's own is
   */
  public record Part(int member, int step, int scale) {}

  /** A section of one of the layers of a stretch. */
  public record MemberCall(int member, String section) {}
}
