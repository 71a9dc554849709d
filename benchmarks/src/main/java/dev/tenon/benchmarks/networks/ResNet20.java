package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.GlobalAvgPool;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.annotations.Use;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;
import java.util.List;

/**
 * ResNet-20 for images of 32 x 32, with convolutions as shortcuts where the size changes. The
 * samples have the same network, but compile no vector kernels unless told to.
 */
@Network(input = {3, 32, 32})
public interface ResNet20 {
  @Conv2d(out = 16, kernel = 3, padding = 1, bias = false)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu();

  @Use(value = BasicBlock.class, sizes = 16, repeat = 3)
  List<BasicBlock> layer1();

  @Use(value = DownBlock.class, sizes = 32)
  DownBlock down2();

  @Use(value = BasicBlock.class, sizes = 32, repeat = 2)
  List<BasicBlock> layer2();

  @Use(value = DownBlock.class, sizes = 64)
  DownBlock down3();

  @Use(value = BasicBlock.class, sizes = 64, repeat = 2)
  List<BasicBlock> layer3();

  @GlobalAvgPool
  Layer pool();

  @Linear(out = 10)
  Weighted head();
}
