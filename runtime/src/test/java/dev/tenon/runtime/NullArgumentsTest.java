package dev.tenon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tenon.runtime.file.ReadOptions;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.internal.call.CallBoundary;
import dev.tenon.runtime.internal.kernel.Pass;
import dev.tenon.runtime.internal.kernel.Statics;
import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Packing;
import dev.tenon.runtime.internal.parallel.BatchPiece;
import dev.tenon.runtime.internal.parallel.WorkerPool;
import dev.tenon.runtime.internal.save.ModelFiles;
import dev.tenon.runtime.loss.JointLoss;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.LossMean;
import dev.tenon.runtime.loss.Losses;
import dev.tenon.runtime.loss.Objective;
import dev.tenon.runtime.loss.Reduction;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.optim.Optimizers;
import dev.tenon.runtime.parallel.PieceGroup;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.schedule.Plateau;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.schedule.Schedules;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Claim;
import dev.tenon.runtime.state.Counter;
import dev.tenon.runtime.state.EndType;
import dev.tenon.runtime.state.LoadOptions;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.state.StateArrays;
import dev.tenon.runtime.state.StateBuilder;
import dev.tenon.runtime.state.StateSnapshot;
import dev.tenon.runtime.train.Batch;
import dev.tenon.runtime.train.ConfusionMatrix;
import dev.tenon.runtime.train.CsvLog;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.LastBatch;
import dev.tenon.runtime.train.Metric;
import dev.tenon.runtime.train.NullSamples;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import dev.tenon.runtime.train.TrainingListener;
import dev.tenon.runtime.typed.Candidate;
import dev.tenon.runtime.typed.Classification;
import dev.tenon.runtime.typed.Columns;
import dev.tenon.runtime.typed.LabelType;
import dev.tenon.runtime.typed.MultiLabel;
import dev.tenon.runtime.typed.Row;
import dev.tenon.runtime.typed.TypedEvaluation;
import dev.tenon.runtime.typed.TypedFit;
import dev.tenon.runtime.typed.TypedSamples;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Whoever passes null to a package that is exported is told which argument it was, by its name, and
 * not by whatever breaks later.
 */
class NullArgumentsTest {
  private static final List<String> PACKAGES =
      List.of(
          "",
          ".file",
          ".init",
          ".internal",
          ".internal.call",
          ".internal.kernel",
          ".internal.layout",
          ".internal.parallel",
          ".internal.save",
          ".layer",
          ".loss",
          ".math",
          ".model",
          ".optim",
          ".parallel",
          ".random",
          ".schedule",
          ".state",
          ".train",
          ".typed");

  /** Something of each type that is not null, made anew for each call. */
  private static final Map<Class<?>, Supplier<Object>> SAMPLES = new HashMap<>();

  private static void sample(Class<?> type, Supplier<Object> supplier) {
    SAMPLES.put(type, supplier);
  }

  static {
    Loss<int[]> loss = Losses.crossEntropy();
    sample(Tensor.class, () -> Tensor.zeros(DType.FLOAT64, 3, 2));
    sample(Tensor[].class, () -> new Tensor[] {Tensor.zeros(DType.FLOAT64, 3, 2)});
    sample(int[].class, () -> new int[3]);
    sample(double[].class, () -> new double[2]);
    sample(float[].class, () -> new float[2]);
    sample(long[][].class, () -> new long[1][1]);
    sample(DType.class, () -> DType.FLOAT64);
    sample(List.class, () -> List.of(Tensor.zeros(DType.FLOAT64, 3, 2)));
    sample(String.class, () -> "text");
    sample(Path.class, () -> Path.of("no-such-folder", "log.csv"));
    sample(Object.class, () -> new int[3]);
    sample(
        PackedOrder.class,
        () -> Packing.of(new int[] {4}, new int[] {0}, new int[] {1}).order("weight", 3));
    sample(State.class, NullSamples::state);
    sample(Model.class, NullSamples::model);
    sample(JointTargets.class, () -> JointTargets.of(new int[3]));
    sample(JointLoss.class, () -> Losses.joint(loss));
    sample(Loss.class, () -> loss);
    sample(Objective.class, () -> Objective.of(loss));
    sample(LossMean.class, () -> Objective.of(loss).mean());
    sample(Reduction.class, () -> Reduction.SUM);
    sample(dev.tenon.runtime.loss.CrossEntropy.class, Losses::crossEntropy);
    sample(
        dev.tenon.runtime.loss.CrossEntropyProbabilities.class, Losses::crossEntropyProbabilities);
    sample(dev.tenon.runtime.loss.MeanSquaredError.class, Losses::meanSquaredError);
    sample(dev.tenon.runtime.loss.L1.class, Losses::l1);
    sample(dev.tenon.runtime.loss.Huber.class, () -> Losses.huber(1));
    sample(
        dev.tenon.runtime.loss.BinaryCrossEntropyWithLogits.class,
        Losses::binaryCrossEntropyWithLogits);
    sample(dev.tenon.runtime.loss.NegativeLogLikelihood.class, Losses::negativeLogLikelihood);
    sample(OptimizerSpec.class, () -> Optimizers.sgd(0.1));
    sample(dev.tenon.runtime.optim.Sgd.class, () -> Optimizers.sgd(0.1));
    sample(dev.tenon.runtime.optim.Adam.class, () -> Optimizers.adam(0.1));
    sample(dev.tenon.runtime.optim.AdamW.class, () -> Optimizers.adamW(0.1));
    sample(dev.tenon.runtime.optim.RmsProp.class, () -> Optimizers.rmsProp(0.1));
    sample(
        dev.tenon.runtime.optim.ParameterGroups.class,
        () -> Optimizers.groups(Optimizers.sgd(0.1)));
    sample(dev.tenon.runtime.train.Every.class, () -> dev.tenon.runtime.train.Every.epochs(1));
    sample(Predicate.class, () -> (Predicate<Object>) object -> true);
    sample(Schedule.class, () -> Schedules.cosine(3));
    sample(Plateau.class, Schedules::plateau);
    sample(Initializer.class, () -> Initializer.constant(1));
    sample(Dataset.class, NullSamples::data);
    sample(Batch.class, () -> NullSamples.data().newBatch());
    sample(Trainer.class, NullSamples::trainer);
    sample(Trainer.Start.class, () -> Trainer.of(NullSamples.model()));
    sample(TrainerBuilder.class, () -> Trainer.of(NullSamples.model()).loss(loss));
    sample(dev.tenon.runtime.train.FitOptions.class, NullSamples::options);
    sample(Consumer.class, () -> (Consumer<Object>) options -> {});
    sample(TrainingListener[].class, () -> new TrainingListener[0]);
    sample(LastBatch.class, () -> LastBatch.KEEP);
    sample(Metric.class, () -> Metric.LOSS);
    sample(ConfusionMatrix.class, () -> ConfusionMatrix.of(new long[1][1]));
    sample(
        Evaluation.class,
        () -> new Evaluation(1, 1, 1, 1, List.of(), ConfusionMatrix.of(new long[1][1])));
    sample(Tensor.class, () -> Tensor.zeros(DType.FLOAT64, 3, 2));
    sample(
        CallBoundary.class,
        () -> new CallBoundary("Net", NullSamples.state(), new int[] {2}, new int[] {2}));
    sample(Claim.class, () -> NullSamples.state().claim());
    sample(Parameter.class, () -> NullSamples.state().parameters().get(0));
    sample(StateBuilder.class, () -> State.builder(DType.FLOAT32));
    sample(StateArrays.class, () -> NullSamples.state().arrays());
    sample(LoadOptions.class, LoadOptions::strict);
    sample(TensorSpec.class, () -> TensorSpec.of("input", DType.FLOAT64, 2));
    sample(Packing.class, () -> Packing.of(new int[] {2}, new int[] {0}, new int[] {1}));
    sample(CheckpointSection.class, CheckpointSection::empty);
    sample(EndType.class, () -> new EndType("Record", List.of()));
    sample(Class.class, () -> Runnable.class);
    sample(java.lang.invoke.MethodHandles.Lookup.class, java.lang.invoke.MethodHandles::lookup);
    sample(Throwable.class, () -> new IllegalStateException("cause"));
    sample(Map.class, Map::of);
    sample(Weights.class, () -> Weights.of(Map.of()));
    sample(ReadOptions.class, ReadOptions::defaults);
    sample(WorkerPool.class, () -> WorkerPool.of(1));
    sample(BatchPiece.class, BatchPiece::new);
    sample(PieceGroup.class, () -> new PieceGroup(2, 1));
    sample(PiecewiseModel.class, () -> PiecewiseModel.of(NullSamples.model(), 2, 1));
    sample(Pass.class, () -> new Pass(NullSamples.state(), 1, 0));
    sample(Statics.class, Statics::new);
    sample(ModelFiles.class, ModelFiles::new);
    sample(Columns.class, TypedSamples::columns);
    sample(Columns.Builder.class, () -> Columns.builder("Record"));
    sample(Row.class, TypedSamples::row);
    sample(LabelType.class, TypedSamples::labels);
    sample(TypedEvaluation.class, TypedSamples::evaluation);
    sample(MultiLabel.class, () -> new MultiLabel<>("x", List.of(new Candidate<>("a", 0.5))));
    sample(Classification.class, () -> new Classification<>(List.of(new Candidate<>("a", 0.5))));
    sample(RunningStat.class, NullArgumentsTest::runningStat);
    sample(Counter.class, () -> counter());
    sample(TypedFit.class, TypedSamples::fit);
    sample(StateSnapshot.class, () -> new StateSnapshot(NullSamples.state()));
    sample(CsvLog.class, () -> CsvLog.to(Path.of("no-such-folder", "log.csv")));
  }

  private static State tracked() {
    return State.builder(DType.FLOAT64).runningStat("bn.mean", 0, 2).counter("bn.count").build(0);
  }

  private static RunningStat runningStat() {
    return tracked().runningStats().get(0);
  }

  private static Counter counter() {
    return tracked().counterList().get(0);
  }

  /** Null is legal here, or the class is only made by the runtime. */
  private static final List<String> EXEMPT =
      List.of(
          // Objects are equal to no null, and the compiler writes the methods of enums.
          "equals(",
          "valueOf(",
          // What the runtime hands to listeners and users: they call no constructor.
          "EpochReport(",
          "History(",
          "FitEnd(",
          "Split(",
          // Listeners are called by the runtime.
          "CsvLog.onStart(",
          "CsvLog.onEpoch(",
          "TrainingListener.",
          // Optimisers are asked by the trainer, with a section of the checkpoint that it makes.
          "Optimizer.write(",
          "Optimizer.read(",
          // What is called with its array says what null was given for.
          "CallBoundary.one(",
          // An evaluation may have no confusion matrix.
          "Evaluation(",
          "LoadReport(",
          "Candidate(",
          "Classification(",
          "MultiLabel(",
          "NumberErrors(",
          // What is written into a row is a component of the user's; a null is told by its name.
          "Row.choice(",
          "Row.index(",
          "Row.numbers(",
          "Row.record(",
          // An exception may have no cause, and then no message either.
          "WeightsException(",
          // A call that was made from no other ends without one.
          "Claim.end(",
          "CallBoundary.end(");

  /** Null stands for what a layer was declared without, or is told by the name of the record. */
  private static final List<String> NULLABLE =
      List.of(
          "TypedModel.sample",
          "Weighted.bias",
          "Norm.weight",
          "Norm.bias",
          "BatchNorm.weight",
          "BatchNorm.bias",
          "BatchNorm.mean",
          "BatchNorm.var",
          "BatchNorm.count",
          "InstanceNorm.weight",
          "InstanceNorm.bias",
          "InstanceNorm.mean",
          "InstanceNorm.var",
          "InstanceNorm.count");

  @Test
  void nullIsNamed() throws ReflectiveOperationException {
    List<String> silent = new ArrayList<>();
    int calls = 0;
    for (String name : PACKAGES) {
      List<Class<?>> types =
          new ClassFileImporter()
                  .withImportOption(new ImportOption.DoNotIncludeTests())
                  .importPackages("dev.tenon.runtime" + name)
                  .stream()
                  .filter(type -> type.getPackageName().equals("dev.tenon.runtime" + name))
                  .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                  .<Class<?>>map(type -> type.reflect())
                  .filter(NullArgumentsTest::isReachable)
                  .toList();
      for (Class<?> type : types) {
        for (Executable executable : executables(type)) {
          for (int i = 0; i < executable.getParameterCount(); i++) {
            String parameter = type.getSimpleName() + "." + executable.getParameters()[i].getName();
            if (!executable.getParameterTypes()[i].isPrimitive() && !NULLABLE.contains(parameter)) {
              calls++;
              call(type, executable, i, silent);
            }
          }
        }
      }
    }
    assertThat(calls).isGreaterThan(400);
    assertThat(silent).isEmpty();
  }

  /** What is nested in an interface is public, whatever the interface is. */
  private static boolean isReachable(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isReachable(type.getEnclosingClass()));
  }

  private static List<Executable> executables(Class<?> type) {
    List<Executable> all = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && !method.isSynthetic()
          && !Modifier.isAbstract(method.getModifiers())) {
        all.add(method);
      }
    }
    if (!Modifier.isAbstract(type.getModifiers()) && !type.isEnum()) {
      all.addAll(List.of(type.getConstructors()));
    }
    all.removeIf(
        executable -> {
          String text = type.getSimpleName() + "." + executable.getName() + "(";
          String simple = executable.getName().replaceFirst(".*[.$]", "") + "(";
          return EXEMPT.stream().anyMatch(e -> text.startsWith(e) || simple.equals(e));
        });
    return all;
  }

  /** Somebody has to say what to pass. */
  private static final class NoSample extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSample(Class<?> type) {
      super(type.getName());
    }
  }

  private static void call(Class<?> type, Executable executable, int at, List<String> silent)
      throws ReflectiveOperationException {
    java.lang.reflect.Parameter parameter = executable.getParameters()[at];
    String what = type.getSimpleName() + "." + executable.getName() + ": " + parameter;
    if (!Modifier.isStatic(executable.getModifiers())
        && executable instanceof Method
        && !type.isInterface()
        && !SAMPLES.containsKey(type)) {
      silent.add(what + ": there is no sample of " + type);
      return;
    }
    Object[] arguments = new Object[executable.getParameterCount()];
    try {
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = i == at ? null : value(executable.getParameterTypes()[i]);
      }
      if (executable instanceof Method method) {
        Object target = Modifier.isStatic(method.getModifiers()) ? null : value(type);
        method.invoke(target, arguments);
      } else {
        ((java.lang.reflect.Constructor<?>) executable).newInstance(arguments);
      }
      silent.add(what + " is taken");
    } catch (NoSample e) {
      silent.add(what + ": there is no sample of " + e.getMessage());
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      boolean named =
          (thrown instanceof NullPointerException || thrown instanceof IllegalArgumentException)
              && thrown.getMessage() != null
              && thrown.getMessage().contains(parameter.getName())
              // The virtual machine's own words come from somewhere below.
              && !thrown.getMessage().startsWith("Cannot ");
      if (!named) {
        silent.add(what + " gives " + thrown);
      }
    }
  }

  /** An object of an interface whose methods give 0, false or null. */
  private static Object nothing(Class<?> type) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
          }
          return switch (method.getReturnType().getName()) {
            case "boolean" -> false;
            case "int" -> 0;
            case "long" -> 0L;
            case "float" -> 0f;
            case "double" -> 0.0;
            default -> null;
          };
        });
  }

  private static Object value(Class<?> type) {
    if (type.isPrimitive()) {
      return type == boolean.class
          ? (Object) false
          : type == double.class
              ? (Object) 0.5
              : type == float.class ? (Object) 0.5f : type == long.class ? (Object) 2L : (Object) 2;
    }
    Supplier<Object> sample = SAMPLES.get(type);
    if (sample == null && type.isArray()) {
      return java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
    }
    if (sample == null && type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (sample == null && type.isInterface() && !type.isSealed()) {
      return nothing(type);
    }
    if (sample == null) {
      throw new NoSample(type);
    }
    return sample.get();
  }
}
