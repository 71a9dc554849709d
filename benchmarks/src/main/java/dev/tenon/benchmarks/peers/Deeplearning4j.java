package dev.tenon.benchmarks.peers;

import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Contender;
import dev.tenon.benchmarks.workload.Job;
import dev.tenon.benchmarks.workload.Kind;
import dev.tenon.benchmarks.workload.LayerSpec;
import dev.tenon.benchmarks.workload.NetworkSpec;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Deeplearning4j's {@code MultiLayerNetwork}, a chain, on its CPU back end. */
final class Deeplearning4j implements Contender {
  static final String NAME = "deeplearning4j";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    Nd4j.getBackend();
    String library = Loader.getLoadedLibraries().get("nd4jcpu");
    return properties().getProperty("version") + ", " + Path.of(library).getParent().getFileName();
  }

  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream stream =
        MultiLayerNetwork.class.getResourceAsStream(
            "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties")) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  @Override
  public boolean supports(Workload workload, int threads) {
    return workload.network().layers().stream().noneMatch(LayerSpec.Residual.class::isInstance);
  }

  @Override
  public boolean nesterov() {
    return true;
  }

  @Override
  public Job start(Problem problem, int threads) {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    // As its documentation advises: otherwise it asks the JVM for a collection every few steps.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    return switch (problem.workload().kind()) {
      case TRAINING_STEP -> new Training(problem);
      case FORWARD_BACKWARD -> new ForwardBackward(problem);
      case INFERENCE -> new Inference(problem);
    };
  }

  private static INDArray array(int batch, List<Integer> sample, float[] values) {
    long[] shape = new long[sample.size() + 1];
    shape[0] = batch;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = sample.get(i - 1);
    }
    return Nd4j.create(values, shape, 'c');
  }

  /** A parameter by its key, and whether it lies there as [in, out]. */
  private record Slot(String key, boolean transposed) {}

  private abstract static class NetworkJob implements Job {
    final Problem problem;
    final MultiLayerNetwork network;
    final INDArray input;
    private final List<Slot> slots = new ArrayList<>();

    NetworkJob(Problem problem) {
      this.problem = problem;
      Workload workload = problem.workload();
      NetworkSpec spec = workload.network();
      NeuralNetConfiguration.ListBuilder list =
          new NeuralNetConfiguration.Builder()
              .dataType(DataType.FLOAT)
              .updater(new Nesterovs(Problem.CHECKED_RATE, Problem.MOMENTUM))
              .list();
      List<String> stats = new ArrayList<>();
      List<LayerSpec> layers = spec.layers();
      int at = 0;
      for (int i = 0; i < layers.size(); i++) {
        LayerSpec layer = layers.get(i);
        if (layer instanceof LayerSpec.Flatten) {
          // The input type below makes the list flatten by itself.
          continue;
        }
        boolean output = workload.kind() == Kind.TRAINING_STEP && i == layers.size() - 1;
        list.layer(at, layer(layer, output));
        if (layer instanceof LayerSpec.Linear) {
          slots.add(new Slot(at + "_W", true));
          slots.add(new Slot(at + "_b", false));
        } else if (layer instanceof LayerSpec.Conv2d conv) {
          slots.add(new Slot(at + "_W", false));
          if (conv.bias()) {
            slots.add(new Slot(at + "_b", false));
          }
        } else if (layer instanceof LayerSpec.BatchNorm) {
          slots.add(new Slot(at + "_gamma", false));
          slots.add(new Slot(at + "_beta", false));
          stats.add(at + "_mean");
          stats.add(at + "_var");
        }
        at++;
      }
      List<Integer> in = spec.input();
      list.setInputType(
          in.size() == 1
              ? InputType.feedForward(in.get(0))
              : InputType.convolutional(in.get(1), in.get(2), in.get(0)));
      network = new MultiLayerNetwork(list.build());
      network.init();
      for (int p = 0; p < slots.size(); p++) {
        Slot slot = slots.get(p);
        INDArray target = network.getParam(slot.key());
        float[] values = problem.parameters().get(p);
        target.assign(
            slot.transposed()
                ? Nd4j.create(values, new long[] {target.size(1), target.size(0)}, 'c').transpose()
                : Nd4j.create(values, target.shape(), 'c'));
      }
      for (int s = 0; s < stats.size(); s++) {
        INDArray target = network.getParam(stats.get(s));
        target.assign(Nd4j.create(problem.runningStats().get(s), target.shape(), 'c'));
      }
      input = array(workload.batch(), in, problem.input());
    }

    private static Layer layer(LayerSpec layer, boolean output) {
      if (layer instanceof LayerSpec.Linear linear) {
        return output
            ? new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(linear.out())
                .build()
            : new DenseLayer.Builder().activation(Activation.IDENTITY).nOut(linear.out()).build();
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        return new ConvolutionLayer.Builder(conv.kernel(), conv.kernel())
            .stride(conv.stride(), conv.stride())
            .padding(conv.padding(), conv.padding())
            .nOut(conv.out())
            .hasBias(conv.bias())
            .activation(Activation.IDENTITY)
            .build();
      } else if (layer instanceof LayerSpec.BatchNorm) {
        return new BatchNormalization.Builder()
            .eps(LayerSpec.BatchNorm.EPS)
            .useLogStd(false)
            .build();
      } else if (layer instanceof LayerSpec.Relu) {
        return new ActivationLayer(Activation.RELU);
      } else if (layer instanceof LayerSpec.MaxPool2d pool) {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(pool.kernel(), pool.kernel())
            .stride(pool.kernel(), pool.kernel())
            .build();
      } else if (layer instanceof LayerSpec.GlobalAvgPool) {
        return new GlobalPoolingLayer.Builder(PoolingType.AVG).build();
      }
      throw new IllegalArgumentException("No layer for " + layer + ".");
    }

    final List<float[]> parameters() {
      return slots.stream().map(slot -> read(slot, network.getParam(slot.key()))).toList();
    }

    final List<float[]> gradients(Gradient gradient) {
      return slots.stream().map(slot -> read(slot, gradient.getGradientFor(slot.key()))).toList();
    }

    private static float[] read(Slot slot, INDArray array) {
      return values(slot.transposed() ? array.transpose() : array);
    }

    static float[] values(INDArray array) {
      return array.dup('c').data().asFloat();
    }

    @Override
    public void close() {
      network.close();
    }
  }

  private static final class Training extends NetworkJob {
    private final INDArray labels;

    Training(Problem problem) {
      super(problem);
      Workload workload = problem.workload();
      int classes = workload.network().output().get(0);
      float[] oneHot = new float[workload.batch() * classes];
      for (int n = 0; n < workload.batch(); n++) {
        oneHot[n * classes + problem.labels()[n]] = 1;
      }
      labels = array(workload.batch(), List.of(classes), oneHot);
    }

    @Override
    public Answer answer() {
      List<Float> losses = new ArrayList<>();
      for (int step = 0; step < Problem.CHECKED_STEPS; step++) {
        network.fit(input, labels);
        losses.add((float) network.score());
      }
      network.setLearningRate(Problem.MEASURED_RATE);
      return Answer.ofTraining(losses, problem.parameters(), parameters());
    }

    @Override
    public void run() {
      network.fit(input, labels);
    }
  }

  private static final class ForwardBackward extends NetworkJob {
    private final INDArray outputGradient;

    ForwardBackward(Problem problem) {
      super(problem);
      Workload workload = problem.workload();
      outputGradient =
          array(workload.batch(), workload.network().output(), problem.outputGradient());
    }

    @Override
    public Answer answer() {
      network.setInput(input);
      List<INDArray> activations = network.feedForward(true, false);
      float[] output = values(activations.get(activations.size() - 1));
      Pair<Gradient, INDArray> gradients = network.backpropGradient(outputGradient, null);
      return Answer.ofBackward(
          output, values(gradients.getSecond()), gradients(gradients.getFirst()));
    }

    @Override
    public void run() {
      network.setInput(input);
      network.feedForward(true, false);
      network.backpropGradient(outputGradient, null);
    }
  }

  private static final class Inference extends NetworkJob {
    Inference(Problem problem) {
      super(problem);
    }

    @Override
    public Answer answer() {
      return Answer.ofInference(values(network.output(input, false)));
    }

    @Override
    public void run() {
      network.output(input, false);
    }
  }
}
