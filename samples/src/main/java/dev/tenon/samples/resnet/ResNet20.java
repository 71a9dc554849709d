package dev.tenon.samples.resnet;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.GlobalAvgPool;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Name;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.annotations.Use;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;
import java.util.List;

/**
 * The network of 20 layers for small images from He et al., "Deep Residual Learning for Image
 * Recognition" (2015), section 4.2, with convolutions as shortcuts where the size changes. The
 * state has the names that torchvision's ResNets have.
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

  @Name("layer2.0")
  @Use(value = DownBlock.class, sizes = 32)
  DownBlock down2();

  @Name("layer2.1")
  @Use(value = BasicBlock.class, sizes = 32, repeat = 2)
  List<BasicBlock> layer2();

  @Name("layer3.0")
  @Use(value = DownBlock.class, sizes = 64)
  DownBlock down3();

  @Name("layer3.1")
  @Use(value = BasicBlock.class, sizes = 64, repeat = 2)
  List<BasicBlock> layer3();

  @GlobalAvgPool
  Layer pool();

  @Linear(out = 10)
  Weighted fc();
}
