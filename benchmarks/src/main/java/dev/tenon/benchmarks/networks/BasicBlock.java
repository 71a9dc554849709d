package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.Add;
import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Block;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.From;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Two convolutions, and their input added to the result. */
@Block
public interface BasicBlock {
  int OUT = Block.FIRST;

  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false)
  Weighted conv2();

  @BatchNorm2d
  BatchNorm bn2();

  @From({"bn2", Block.INPUT})
  @Add
  Layer sum();

  @ReLU
  Layer relu2();
}
