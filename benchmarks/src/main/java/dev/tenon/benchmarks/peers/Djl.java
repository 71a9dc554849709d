package dev.tenon.benchmarks.peers;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Contender;
import dev.tenon.benchmarks.workload.Job;
import dev.tenon.benchmarks.workload.LayerSpec;
import dev.tenon.benchmarks.workload.NetworkSpec;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** DJL with its PyTorch engine: PyTorch's own kernels and autograd, driven from Java. */
final class Djl implements Contender {
  static final String NAME = "djl";

  static {
    // Everything comes from the class path. Its native libraries are unpacked to where builds go.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    Path cache = Path.of("benchmarks", "target", "djl").toAbsolutePath();
    if (System.getProperty("DJL_CACHE_DIR") == null) {
      System.setProperty("DJL_CACHE_DIR", cache.toString());
      System.setProperty("ENGINE_CACHE_DIR", cache.toString());
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    Engine engine = Engine.getEngine("PyTorch");
    return Engine.getDjlVersion() + ", PyTorch " + engine.getVersion();
  }

  @Override
  public boolean supports(Workload workload, int threads) {
    return true;
  }

  @Override
  public Job start(Problem problem, int threads) {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
    return switch (problem.workload().kind()) {
      case TRAINING_STEP -> new Training(problem);
      case FORWARD_BACKWARD -> new ForwardBackward(problem);
      case INFERENCE -> new Inference(problem);
    };
  }

  private static Shape shape(int batch, List<Integer> sample) {
    return new Shape(batch).addAll(new Shape(sample.stream().mapToLong(i -> i).toArray()));
  }

  /** A network with the problem's values. */
  private abstract static class NetworkJob implements Job {
    final Problem problem;
    final Model model = Model.newInstance("benchmark", "PyTorch");
    final Trainer trainer;
    final NDManager manager;
    final NDArray input;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private float rate = (float) Problem.CHECKED_RATE;

    NetworkJob(Problem problem) {
      this.problem = problem;
      Workload workload = problem.workload();
      NetworkSpec network = workload.network();
      model.setBlock(
          chain(
              network.layers(),
              problem.parameters().iterator(),
              problem.runningStats().iterator()));
      Tracker tracker = step -> rate;
      trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                  .optOptimizer(
                      Optimizer.sgd()
                          .setLearningRateTracker(tracker)
                          .optMomentum((float) Problem.MOMENTUM)
                          .build()));
      Shape shape = shape(workload.batch(), network.input());
      trainer.initialize(shape);
      manager = trainer.getManager();
      input = manager.create(problem.input(), shape);
      for (Block block : blocks) {
        for (String name : List.of("weight", "gamma", "bias", "beta")) {
          if (block.getDirectParameters().contains(name)) {
            parameters.add(block.getDirectParameters().get(name));
          }
        }
      }
    }

    final void measuredRate() {
      rate = (float) Problem.MEASURED_RATE;
    }

    final List<float[]> parameters() {
      return parameters.stream().map(p -> p.getArray().toFloatArray()).toList();
    }

    final List<float[]> gradients() {
      return parameters.stream().map(p -> p.getArray().getGradient().toFloatArray()).toList();
    }

    /** The next layers, with the next values. */
    private Block chain(
        List<LayerSpec> layers, Iterator<float[]> values, Iterator<float[]> runningStats) {
      SequentialBlock chain = new SequentialBlock();
      for (LayerSpec layer : layers) {
        if (layer instanceof LayerSpec.Residual residual) {
          Block body = chain(residual.body(), values, runningStats);
          Block shortcut =
              residual.shortcut().isEmpty()
                  ? Blocks.identityBlock()
                  : chain(residual.shortcut(), values, runningStats);
          chain.add(new ParallelBlock(NetworkJob::sum, List.of(body, shortcut)));
          continue;
        }
        Block block = block(layer);
        blocks.add(block);
        chain.add(block);
        if (layer instanceof LayerSpec.BatchNorm) {
          start(block, "gamma", values.next());
          start(block, "beta", values.next());
          start(block, "runningMean", runningStats.next());
          start(block, "runningVar", runningStats.next());
        } else if (layer instanceof LayerSpec.Linear) {
          start(block, "weight", values.next());
          start(block, "bias", values.next());
        } else if (layer instanceof LayerSpec.Conv2d conv) {
          start(block, "weight", values.next());
          if (conv.bias()) {
            start(block, "bias", values.next());
          }
        }
      }
      return chain;
    }

    private static NDList sum(List<NDList> paths) {
      return new NDList(paths.get(0).singletonOrThrow().add(paths.get(1).singletonOrThrow()));
    }

    private static void start(Block block, String name, float[] values) {
      Initializer initializer = (manager, shape, type) -> manager.create(values, shape);
      block.setInitializer(initializer, name);
    }

    private static Block block(LayerSpec layer) {
      if (layer instanceof LayerSpec.Linear linear) {
        return Linear.builder().setUnits(linear.out()).build();
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        return Conv2d.builder()
            .setKernelShape(new Shape(conv.kernel(), conv.kernel()))
            .optStride(new Shape(conv.stride(), conv.stride()))
            .optPadding(new Shape(conv.padding(), conv.padding()))
            .setFilters(conv.out())
            .optBias(conv.bias())
            .build();
      } else if (layer instanceof LayerSpec.BatchNorm) {
        return BatchNorm.builder().optEpsilon((float) LayerSpec.BatchNorm.EPS).build();
      } else if (layer instanceof LayerSpec.Relu) {
        return Activation.reluBlock();
      } else if (layer instanceof LayerSpec.MaxPool2d pool) {
        Shape window = new Shape(pool.kernel(), pool.kernel());
        return Pool.maxPool2dBlock(window, window);
      } else if (layer instanceof LayerSpec.GlobalAvgPool) {
        return Pool.globalAvgPool2dBlock();
      }
      return Blocks.batchFlattenBlock();
    }

    @Override
    public void close() {
      trainer.close();
      model.close();
    }
  }

  private static final class Training extends NetworkJob {
    private final NDArray labels;

    Training(Problem problem) {
      super(problem);
      labels = manager.create(problem.labels()).toType(ai.djl.ndarray.types.DataType.INT64, false);
    }

    @Override
    public Answer answer() {
      List<Float> losses = new ArrayList<>();
      for (int i = 0; i < Problem.CHECKED_STEPS; i++) {
        losses.add(step(true));
      }
      measuredRate();
      return Answer.ofTraining(losses, problem.parameters(), parameters());
    }

    @Override
    public void run() {
      step(false);
    }

    /** Everything that a step makes is freed at its end, as DJL's batches are. */
    private float step(boolean wanted) {
      float value = Float.NaN;
      try (NDManager step = manager.newSubManager()) {
        input.tempAttach(step);
        labels.tempAttach(step);
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList scores = trainer.forward(new NDList(input));
          NDArray loss = trainer.getLoss().evaluate(new NDList(labels), scores);
          collector.backward(loss);
          if (wanted) {
            value = loss.getFloat();
          }
        }
        trainer.step();
      }
      return value;
    }
  }

  private static final class ForwardBackward extends NetworkJob {
    private final NDArray outputGradient;

    ForwardBackward(Problem problem) {
      super(problem);
      Workload workload = problem.workload();
      outputGradient =
          manager.create(
              problem.outputGradient(), shape(workload.batch(), workload.network().output()));
      input.setRequiresGradient(true);
    }

    @Override
    public Answer answer() {
      float[] output = pass(true);
      return Answer.ofBackward(output, input.getGradient().toFloatArray(), gradients());
    }

    @Override
    public void run() {
      pass(false);
    }

    private float[] pass(boolean wanted) {
      try (NDManager pass = manager.newSubManager()) {
        input.tempAttach(pass);
        try (GradientCollector collector = trainer.newGradientCollector()) {
          collector.zeroGradients();
          NDArray output = trainer.forward(new NDList(input)).singletonOrThrow();
          // The collector's own backward starts from ones, and a product with the gradient to make
          // it start from that would cost two passes over memory that nobody else makes.
          JniUtils.backward((PtNDArray) output, (PtNDArray) outputGradient, false, false);
          return wanted ? output.toFloatArray() : null;
        }
      }
    }
  }

  private static final class Inference extends NetworkJob {
    private final Predictor<NDList, NDList> predictor;

    Inference(Problem problem) {
      super(problem);
      predictor = model.newPredictor(new NoopTranslator());
    }

    @Override
    public Answer answer() throws TranslateException {
      try (NDList output = predictor.predict(new NDList(input))) {
        return Answer.ofInference(output.singletonOrThrow().toFloatArray());
      }
    }

    @Override
    public void run() throws TranslateException {
      predictor.predict(new NDList(input)).close();
    }

    @Override
    public void close() {
      predictor.close();
      super.close();
    }
  }
}
