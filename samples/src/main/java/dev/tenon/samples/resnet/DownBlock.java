package dev.tenon.samples.resnet;

import dev.tenon.annotations.Add;
import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Block;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.From;
import dev.tenon.annotations.Name;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/**
 * A {@link BasicBlock} that halves the image and changes the number of channels, also on the way
 * around: {@code [channels, height, width]} to {@code [OUT, height / 2, width / 2]}.
 */
@Block
public interface DownBlock {
  int OUT = Block.FIRST;

  @Conv2d(out = OUT, kernel = 3, stride = 2, padding = 1, bias = false)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false)
  Weighted conv2();

  @BatchNorm2d
  BatchNorm bn2();

  @Name("downsample.0")
  @From(Block.INPUT)
  @Conv2d(out = OUT, kernel = 1, stride = 2, bias = false)
  Weighted shortcut();

  @Name("downsample.1")
  @BatchNorm2d
  BatchNorm shortcutNorm();

  @From({"bn2", "shortcutNorm"})
  @Add
  Layer sum();

  @ReLU
  Layer relu2();
}
