package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** A multilayer perceptron for images of 28 x 28, with batch norm. */
@Network(input = 784)
public interface Mlp {
  @Linear(out = 256)
  Weighted hidden1();

  @BatchNorm1d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @Linear(out = 128)
  Weighted hidden2();

  @BatchNorm1d
  BatchNorm bn2();

  @ReLU
  Layer relu2();

  @Linear(out = 10)
  Weighted head();
}
