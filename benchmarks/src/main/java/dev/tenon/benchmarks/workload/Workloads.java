package dev.tenon.benchmarks.workload;

import dev.tenon.benchmarks.networks.BatchNorm16x32x32Model;
import dev.tenon.benchmarks.networks.BatchNorm256Model;
import dev.tenon.benchmarks.networks.BatchNorm64x56x56Model;
import dev.tenon.benchmarks.networks.BatchNorm64x8x8Model;
import dev.tenon.benchmarks.networks.Conv16x32x32Model;
import dev.tenon.benchmarks.networks.Conv32x16x16Model;
import dev.tenon.benchmarks.networks.Conv64x8x8Model;
import dev.tenon.benchmarks.networks.LeNetModel;
import dev.tenon.benchmarks.networks.Linear784To256Model;
import dev.tenon.benchmarks.networks.MlpModel;
import dev.tenon.benchmarks.networks.ResNet20Model;
import dev.tenon.benchmarks.networks.TinyModel;
import dev.tenon.runtime.model.SingleModel;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/** All workloads, in the order of the table. */
public final class Workloads {
  private static final NetworkSpec MLP =
      new NetworkSpec(
          "Mlp",
          List.of(784),
          List.of(
              new LayerSpec.Linear(784, 256),
              new LayerSpec.BatchNorm(256),
              new LayerSpec.Relu(),
              new LayerSpec.Linear(256, 128),
              new LayerSpec.BatchNorm(128),
              new LayerSpec.Relu(),
              new LayerSpec.Linear(128, 10)));

  private static final NetworkSpec LENET =
      new NetworkSpec(
          "LeNet",
          List.of(1, 28, 28),
          List.of(
              new LayerSpec.Conv2d(1, 16, 3, 1, 1, true),
              new LayerSpec.BatchNorm(16),
              new LayerSpec.Relu(),
              new LayerSpec.MaxPool2d(2),
              new LayerSpec.Conv2d(16, 32, 3, 1, 1, true),
              new LayerSpec.BatchNorm(32),
              new LayerSpec.Relu(),
              new LayerSpec.MaxPool2d(2),
              new LayerSpec.Flatten(),
              new LayerSpec.Linear(1568, 10)));

  private static final NetworkSpec TINY =
      new NetworkSpec(
          "Tiny",
          List.of(4),
          List.of(
              new LayerSpec.Linear(4, 16),
              new LayerSpec.BatchNorm(16),
              new LayerSpec.Relu(),
              new LayerSpec.Linear(16, 3)));

  private static final NetworkSpec RESNET20 =
      new NetworkSpec(
          "ResNet20",
          List.of(3, 32, 32),
          List.of(
              new LayerSpec.Conv2d(3, 16, 3, 1, 1, false),
              new LayerSpec.BatchNorm(16),
              new LayerSpec.Relu(),
              residual(16, 16),
              new LayerSpec.Relu(),
              residual(16, 16),
              new LayerSpec.Relu(),
              residual(16, 16),
              new LayerSpec.Relu(),
              residual(16, 32),
              new LayerSpec.Relu(),
              residual(32, 32),
              new LayerSpec.Relu(),
              residual(32, 32),
              new LayerSpec.Relu(),
              residual(32, 64),
              new LayerSpec.Relu(),
              residual(64, 64),
              new LayerSpec.Relu(),
              residual(64, 64),
              new LayerSpec.Relu(),
              new LayerSpec.GlobalAvgPool(),
              new LayerSpec.Linear(64, 10)));

  /** All of them. */
  public static final List<Workload> ALL =
      List.of(
          batchNorm(32, List.of(16, 32, 32), BatchNorm16x32x32Model::create),
          batchNorm(128, List.of(64, 8, 8), BatchNorm64x8x8Model::create),
          batchNorm(64, List.of(64, 56, 56), BatchNorm64x56x56Model::create),
          batchNorm(4096, List.of(256), BatchNorm256Model::create),
          kernel(
              "linear-128x784-256",
              128,
              List.of(784),
              new LayerSpec.Linear(784, 256),
              Linear784To256Model::create),
          conv(16, 32, Conv16x32x32Model::create),
          conv(32, 16, Conv32x16x16Model::create),
          conv(64, 8, Conv64x8x8Model::create),
          training("mlp", 64, MLP, MlpModel::create),
          training("mlp", 256, MLP, MlpModel::create),
          training("lenet", 64, LENET, LeNetModel::create),
          training("resnet20", 32, RESNET20, ResNet20Model::create),
          training("resnet20", 128, RESNET20, ResNet20Model::create),
          training("tiny", 16, TINY, TinyModel::create),
          inference("mlp", 1, MLP, MlpModel::create),
          inference("mlp", 64, MLP, MlpModel::create),
          inference("lenet", 1, LENET, LeNetModel::create),
          inference("lenet", 64, LENET, LeNetModel::create));

  private Workloads() {}

  /**
   * A workload by its name.
   *
   * @throws NoSuchElementException if there is none of that name
   */
  public static Workload named(String name) {
    return ALL.stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new NoSuchElementException("No workload " + name + "; there are " + ALL + "."));
  }

  /** Two convolutions and a way around them, which halve the image where they widen it. */
  private static LayerSpec residual(int in, int out) {
    int stride = in == out ? 1 : 2;
    List<LayerSpec> shortcut =
        in == out
            ? List.of()
            : List.of(
                new LayerSpec.Conv2d(in, out, 1, stride, 0, false), new LayerSpec.BatchNorm(out));
    return new LayerSpec.Residual(
        List.of(
            new LayerSpec.Conv2d(in, out, 3, stride, 1, false),
            new LayerSpec.BatchNorm(out),
            new LayerSpec.Relu(),
            new LayerSpec.Conv2d(out, out, 3, 1, 1, false),
            new LayerSpec.BatchNorm(out)),
        shortcut);
  }

  private static Workload batchNorm(
      int batch, List<Integer> input, LongFunction<SingleModel> model) {
    StringBuilder name = new StringBuilder("batchnorm-").append(batch);
    input.forEach(size -> name.append('x').append(size));
    return kernel(name.toString(), batch, input, new LayerSpec.BatchNorm(input.get(0)), model);
  }

  private static Workload conv(int channels, int size, LongFunction<SingleModel> model) {
    int batch = 32;
    return kernel(
        "conv-" + batch + "x" + channels + "x" + size + "x" + size,
        batch,
        List.of(channels, size, size),
        new LayerSpec.Conv2d(channels, channels, 3, 1, 1, false),
        model);
  }

  private static Workload kernel(
      String name,
      int batch,
      List<Integer> input,
      LayerSpec layer,
      LongFunction<SingleModel> model) {
    return new Workload(
        name, Kind.FORWARD_BACKWARD, new NetworkSpec(name, input, List.of(layer)), batch, model);
  }

  private static Workload training(
      String name, int batch, NetworkSpec network, LongFunction<SingleModel> model) {
    return new Workload("train-" + name + "-" + batch, Kind.TRAINING_STEP, network, batch, model);
  }

  private static Workload inference(
      String name, int batch, NetworkSpec network, LongFunction<SingleModel> model) {
    return new Workload("infer-" + name + "-" + batch, Kind.INFERENCE, network, batch, model);
  }
}
