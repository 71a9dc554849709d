package dev.tenon.processor.plan;

import dev.tenon.processor.code.Method;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.backend.BackEnd;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How one back end runs a network: its working memory, its kernels, and their order.
 *
 * @param backEnd which one
 * @param buffers the working memory
 * @param state where the state lies
 * @param inputs what training copies its inputs to
 * @param outputs what the training forward gives
 * @param outputGradients what the derivatives by the outputs are copied to
 * @param inputGradients the derivatives by the inputs of real numbers
 * @param predictInputs what evaluation copies its inputs to
 * @param predictOutputs what evaluation gives
 * @param kernels generated methods by layer; inside a layer forward, backward, evaluation
 * @param forward steps of the training forward
 * @param backward steps of backward
 * @param predict steps of evaluation
 * @param assembly the same steps as instances of routines
 */
public record Plan(
    BackEnd.Code backEnd,
    StateOffsets state,
    List<Buffer> buffers,
    List<Edge> inputs,
    List<Edge> outputs,
    List<Edge> outputGradients,
    List<Edge> inputGradients,
    List<Edge> predictInputs,
    List<Edge> predictOutputs,
    List<PlannedKernel> kernels,
    List<Call> forward,
    List<Call> backward,
    List<Call> predict,
    Assembly assembly) {

  public Plan {
    buffers = List.copyOf(buffers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    outputGradients = List.copyOf(outputGradients);
    inputGradients = List.copyOf(inputGradients);
    predictInputs = List.copyOf(predictInputs);
    predictOutputs = List.copyOf(predictOutputs);
    kernels = List.copyOf(kernels);
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    predict = List.copyOf(predict);
  }

  /** All calls of all phases, those that run together one by one. */
  public Stream<Call> calls() {
    return Stream.of(forward, backward, predict)
        .flatMap(List::stream)
        .flatMap(
            call -> call instanceof Stretch stretch ? stretch.calls().stream() : Stream.of(call));
  }

  /**
   * A tensor of the user's.
   *
   * @param buffer the rows that it is copied from or to, or its own array
   * @param inPlace whether the buffer is the array of the user's tensor itself
   */
  public record Edge(Buffer buffer, boolean inPlace) {}

  /**
   * An array of the working memory.
   *
   * @param name name of its field
   * @param type element type
   * @param rowsPerSample rows that each sample takes; 0 when the size does not depend on the batch
   * @param rows rows otherwise; 0 for a flat array
   * @param length elements of a row, or of the flat array
   * @param per the axis for each point of which the flat array has that many elements
   * @param borrowed whether it is the array of a tensor of the user's
   * @param alone whether it holds one tensor for good, rather than whatever has this size
   * @param predict whether evaluation uses it; otherwise training does
   * @param tenants the tensors that live in it, one after the other
   */
  public record Buffer(
      String name,
      ElementType type,
      int rowsPerSample,
      int rows,
      int length,
      Optional<Axis> per,
      boolean borrowed,
      boolean alone,
      boolean predict,
      List<Tensor> tenants) {
    public Buffer {
      tenants = List.copyOf(tenants);
    }

    public boolean isFlat() {
      return rowsPerSample == 0 && rows == 0;
    }

    /** Values that a sample takes, at least; 0 if their number does not depend on the batch. */
    public long valuesPerSample() {
      if (per.isPresent()) {
        return per.get().isParts() ? 0 : per.get().isBlocks() ? 1 : length;
      }
      return (long) rowsPerSample * length;
    }

    /** The most samples that it can hold when an array has at most so many elements. */
    public int mostSamples(int elements) {
      if (per.isEmpty()) {
        return rowsPerSample == 0 ? elements : elements / rowsPerSample;
      }
      int points = elements / length;
      if (!per.get().isBlocks()) {
        return points;
      }
      // As many blocks as samples by their size, and one more.
      return per.get().isParts()
          ? elements
          : (int) Math.min(elements, (points - 1L) * per.get().blockNumber());
    }

    /** Whether its size is known before there is a batch. */
    public boolean hasFixedSize() {
      return rowsPerSample == 0 && per.isEmpty() && !borrowed;
    }
  }

  /**
   * Generated code of one nest.
   *
   * @param methods the one to call, first, then its tiles; their names are unique in the first
   *     layer
   * @param layers names of the layers that share it, in their order
   */
  public record PlannedKernel(List<Method> methods, List<String> layers) {
    public PlannedKernel {
      methods = List.copyOf(methods);
      layers = List.copyOf(layers);
    }
  }

  /** One step of the program. */
  public sealed interface Call {
    /** The layer that it belongs to. */
    String layer();

    /** When it runs, by whether the layer's statistics are frozen. */
    Step.Condition condition();
  }

  /**
   * Runs a kernel.
   *
   * @param name what is done in that layer: {@code forwardPad}
   * @param kernel the number of the kernel in {@link Plan#kernels}
   * @param items the axis whose points it does a range of; empty when it always runs as a whole
   * @param range how threads may share it; empty when one runs it as a whole
   * @param onlyForInput whether nothing but the gradients of the inputs needs it
   * @param measures whether it moves running statistics, which one piece of a batch does for all
   */
  public record Run(
      String layer,
      String name,
      int kernel,
      List<Argument> arguments,
      Optional<Axis> items,
      Optional<Range> range,
      boolean onlyForInput,
      boolean measures,
      Step.Condition condition)
      implements Call {
    public Run {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * The items that a kernel does, each independent of the others: points of its outermost loop.
   * Threads take ranges of them.
   *
   * @param axis the axis whose points they are
   * @param align ranges begin at multiples of it
   * @param nanosPerItem an estimate of the time that one takes; with {@code perSample} for each
   *     sample of the batch
   * @param perSample whether every item goes through the whole batch
   */
  public record Range(Axis axis, int align, long nanosPerItem, boolean perSample) {}

  /**
   * Calls that run together, item by item: all of them on some items, then all on the next ones.
   *
   * @param range how threads may share the items
   * @param chunk items at a time
   * @param calls in their order
   * @param scales for each call, how many items one point of its own axis is
   */
  public record Stretch(
      String layer, Range range, int chunk, List<Call> calls, List<Integer> scales)
      implements Call {
    public Stretch {
      calls = List.copyOf(calls);
      scales = List.copyOf(scales);
    }

    @Override
    public Step.Condition condition() {
      return Step.Condition.ALWAYS;
    }

    /** Whether the pieces of a batch exchange something in the midst of it. */
    public boolean hasJoin() {
      return calls.stream().anyMatch(Join.class::isInstance);
    }
  }

  /** Counts a batch in counter number {@code counter}. */
  public record Count(String layer, int counter, Step.Condition condition) implements Call {}

  /**
   * Joins what the pieces of a batch have gathered.
   *
   * @param tensors what holds it
   * @param valuesPerSample values of a channel that one sample brings
   */
  public record Join(
      String layer,
      Step.Join.How how,
      List<BufferArgument> tensors,
      int valuesPerSample,
      Step.Condition condition)
      implements Call {
    public Join {
      tensors = List.copyOf(tensors);
    }
  }

  /** What a kernel is given. */
  public sealed interface Argument {}

  /**
   * A tensor in the working memory.
   *
   * @param field the buffer that it lives in
   * @param tensor its name
   */
  public record BufferArgument(String field, String tensor) implements Argument {}

  /**
   * A tensor of the user's, where it is.
   *
   * @param field the program's field that holds its array during a call
   */
  public record BorrowedArgument(String field) implements Argument {}

  /** One of the flat state arrays: {@code parameters}, {@code gradients}, {@code runningStats}. */
  public record StateArgument(String array) implements Argument {}

  /**
   * Where a tensor begins in its state array.
   *
   * @param entry the entry of the state that it is, or is the gradient of
   */
  public record OffsetArgument(String entry, int offset) implements Argument {}

  /** The number of samples of the whole batch, of which this may be a piece. */
  public record TotalBatchArgument() implements Argument {}

  /** Number of the first sample at hand in the whole batch. */
  public record FirstSampleArgument() implements Argument {}

  /** The number of samples. */
  public record BatchArgument() implements Argument {}

  /** The number of blocks of samples. */
  public record BlocksArgument(Axis axis) implements Argument {}

  /** The number of samples in a block when the batch is cut into parts. */
  public record BlockSizeArgument(Axis axis) implements Argument {}

  /** The first item of the range to do. */
  public record FromArgument() implements Argument {}

  /** The end of the range to do. */
  public record ToArgument() implements Argument {}

  /**
   * Weight of the new batch in a layer's running statistics.
   *
   * @param momentum the constant weight, unless cumulative
   * @param counter number of the counter to average by, or -1
   */
  public record AverageFactorArgument(double momentum, int counter) implements Argument {}

  /** Probability with which a layer drops values while it trains; 0 in an evaluation. */
  public record DropProbabilityArgument(double probability) implements Argument {}

  /** Key of a layer's random numbers in this step. */
  public record RandomKeyArgument(int layerIndex) implements Argument {}
}
