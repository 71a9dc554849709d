package dev.tenon.processor.layer;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where a layer writes its loop nests: the tensors that it reads and writes, by role, and the three
 * sequences (training forward, backward, evaluation forward) that its nests are appended to.
 *
 * <p>All value tensors are batched and channels-first: {@code [N, channels, ...]}. Training and
 * evaluation use different tensors, so an evaluation never disturbs a step under way.
 */
public final class Lowering {
  /** The tensors that join a layer to its neighbours. */
  public record Ends(
      List<Tensor> inputs,
      Tensor output,
      Tensor outputGradient,
      List<Tensor> inputGradients,
      List<Tensor> predictInputs,
      Tensor predictOutput) {
    public Ends {
      inputs = List.copyOf(inputs);
      inputGradients = List.copyOf(inputGradients);
      predictInputs = List.copyOf(predictInputs);
    }
  }

  private final String layer;
  private final int layerIndex;
  private final ElementType real;
  private final Ends ends;
  private final Map<String, Tensor> state;
  private final List<Step> forward = new ArrayList<>();
  private final List<Step> backward = new ArrayList<>();
  private final List<Step> predict = new ArrayList<>();

  /**
   * Prepares the lowering of one layer.
   *
   * @param real FLOAT or DOUBLE, the network's precision
   * @param state the layer's parameters and running statistics, by the names of {@link StateSpec}
   */
  public Lowering(
      String layer, int layerIndex, ElementType real, Ends ends, Map<String, Tensor> state) {
    this.layer = layer;
    this.layerIndex = layerIndex;
    this.real = real;
    this.ends = ends;
    this.state = Map.copyOf(state);
  }

  /** The layer's name. */
  public String layer() {
    return layer;
  }

  /** Number of the layer in its network; random keys differ by it. */
  public int layerIndex() {
    return layerIndex;
  }

  /** The network's precision: FLOAT or DOUBLE. */
  public ElementType real() {
    return real;
  }

  /** What the training forward reads. */
  public Tensor input() {
    return only(ends.inputs());
  }

  /** The same for a layer that joins several values. */
  public List<Tensor> inputs() {
    return ends.inputs();
  }

  /** What the training forward writes. */
  public Tensor output() {
    return ends.output();
  }

  /** dL/doutput, complete when backward reads it. */
  public Tensor outputGradient() {
    return ends.outputGradient();
  }

  /** dL/dinput, which backward must write completely. */
  public Tensor inputGradient() {
    return only(ends.inputGradients());
  }

  /** The same for a layer that joins several values. */
  public List<Tensor> inputGradients() {
    return ends.inputGradients();
  }

  /** What the evaluation forward reads. */
  public Tensor predictInput() {
    return only(ends.predictInputs());
  }

  /** The same for a layer that joins several values. */
  public List<Tensor> predictInputs() {
    return ends.predictInputs();
  }

  private Tensor only(List<Tensor> tensors) {
    if (tensors.size() != 1) {
      throw new IllegalStateException(layer + " reads " + tensors.size() + " values, not one");
    }
    return tensors.get(0);
  }

  /** What the evaluation forward writes. */
  public Tensor predictOutput() {
    return ends.predictOutput();
  }

  /** A parameter or running statistic, by its name inside the layer. */
  public Tensor state(String name) {
    Tensor tensor = state.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(layer + " has no state " + name);
    }
    return tensor;
  }

  /** The gradient of a parameter, which backward must write completely (not add to). */
  public Tensor gradient(String name) {
    return state(name).gradient();
  }

  /**
   * A tensor of the layer's own: kept from forward to backward when both use it, scratch otherwise.
   * Sizes may begin with {@link Axis#BATCH}.
   */
  public Tensor own(String name, ElementType type, Integer... dims) {
    return new Tensor(layer, name, type, Role.VALUE, List.of(dims));
  }

  /** A run-time number of this layer. */
  public HostScalar scalar(HostScalar.Kind kind) {
    return switch (kind) {
      case BATCH -> HostScalar.BATCH;
      case TOTAL_BATCH -> HostScalar.TOTAL_BATCH;
      default -> new HostScalar(kind, layer);
    };
  }

  /** Starts a nest of this layer. */
  public Nest.Builder nest(String name, String summary) {
    return Nest.of(layer, name, summary);
  }

  public void forward(Nest nest) {
    forward.add(nest);
  }

  public void backward(Nest nest) {
    backward.add(nest);
  }

  public void predict(Nest nest) {
    predict.add(nest);
  }

  /** Appends to the training forward a nest that runs only while frozen, or only while not. */
  public void forward(Step.Condition condition, Nest nest) {
    forward.add(new Step.Conditional(condition, nest));
  }

  /** Appends to backward a nest that runs only while frozen, or only while not. */
  public void backward(Step.Condition condition, Nest nest) {
    backward.add(new Step.Conditional(condition, nest));
  }

  /** Joins what the pieces of a batch have gathered, in the training forward. */
  public void joinForward(
      Step.Condition condition, Step.Join.How how, int valuesPerSample, Tensor... tensors) {
    forward.add(join(condition, how, valuesPerSample, tensors));
  }

  /** Joins what the pieces of a batch have gathered, in backward. */
  public void joinBackward(
      Step.Condition condition, Step.Join.How how, int valuesPerSample, Tensor... tensors) {
    backward.add(join(condition, how, valuesPerSample, tensors));
  }

  private Step join(
      Step.Condition condition, Step.Join.How how, int valuesPerSample, Tensor... tensors) {
    Step join = new Step.Join(layer, how, List.of(tensors), valuesPerSample);
    return condition == Step.Condition.ALWAYS ? join : new Step.Conditional(condition, join);
  }

  /** Counts one batch, in the training forward, unless the layer is frozen. */
  public void increment(String counter) {
    forward.add(
        new Step.Conditional(
            Step.Condition.NOT_FROZEN, new Step.Increment(layer, layer + "." + counter)));
  }

  public List<Step> forward() {
    return List.copyOf(forward);
  }

  public List<Step> backward() {
    return List.copyOf(backward);
  }

  public List<Step> predict() {
    return List.copyOf(predict);
  }

  /**
   * The usual axes of a value of this shape: {@code n, c} and then {@code x}; {@code y, x}; {@code
   * z, y, x} for one to three spatial axes.
   */
  public static List<Axis> axes(Shape shape) {
    String[] spatial = {"z", "y", "x"};
    List<Axis> axes = new ArrayList<>();
    axes.add(Axis.batch());
    axes.add(new Axis("c", shape.channels()));
    int rank = shape.rank() - 1;
    IntStream.range(0, rank)
        .forEach(
            i ->
                axes.add(new Axis(rank <= 3 ? spatial[3 - rank + i] : "x" + i, shape.size(i + 1))));
    return axes;
  }
}
