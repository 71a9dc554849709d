package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.Flatten;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.MaxPool2d;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** A small convolutional network for images of 28 x 28, with batch norm. */
@Network(input = {1, 28, 28})
public interface LeNet {
  @Conv2d(out = 16, kernel = 3, padding = 1)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @MaxPool2d(kernel = 2)
  Layer pool1();

  @Conv2d(out = 32, kernel = 3, padding = 1)
  Weighted conv2();

  @BatchNorm2d
  BatchNorm bn2();

  @ReLU
  Layer relu2();

  @MaxPool2d(kernel = 2)
  Layer pool2();

  @Flatten
  Layer flat();

  @Linear(out = 10)
  Weighted head();
}
