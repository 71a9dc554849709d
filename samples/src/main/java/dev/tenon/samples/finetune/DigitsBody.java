package dev.tenon.samples.finetune;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Block;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.Flatten;
import dev.tenon.annotations.MaxPool2d;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** What both networks have in common: grey images of 8 x 8 pixels to 128 features. */
@Block
public interface DigitsBody {
  @Conv2d(out = 16, kernel = 3, padding = 1, bias = false)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @MaxPool2d(kernel = 2)
  Layer pool1();

  @Conv2d(out = 32, kernel = 3, padding = 1, bias = false)
  Weighted conv2();

  @BatchNorm2d
  BatchNorm bn2();

  @ReLU
  Layer relu2();

  @MaxPool2d(kernel = 2)
  Layer pool2();

  @Flatten
  Layer flat();
}
