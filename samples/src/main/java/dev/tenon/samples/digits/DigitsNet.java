package dev.tenon.samples.digits;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.Dropout;
import dev.tenon.annotations.Flatten;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.MaxPool2d;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/**
 * Grey images of 8 x 8 pixels to scores for the digits 0 to 9: three convolutions, each with batch
 * norm and ReLU. The convolutions need no bias, because the batch norm behind them would subtract
 * it again.
 */
@Network(input = {1, 8, 8})
public interface DigitsNet {
  @Conv2d(out = 8, kernel = 3, padding = 1, bias = false)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @Conv2d(out = 16, kernel = 3, padding = 1, bias = false)
  Weighted conv2();

  @BatchNorm2d
  BatchNorm bn2();

  @ReLU
  Layer relu2();

  @MaxPool2d(kernel = 2)
  Layer pool1();

  @Conv2d(out = 32, kernel = 3, padding = 1, bias = false)
  Weighted conv3();

  @BatchNorm2d
  BatchNorm bn3();

  @ReLU
  Layer relu3();

  @MaxPool2d(kernel = 2)
  Layer pool2();

  @Flatten
  Layer flat();

  @Dropout(p = 0.4)
  Layer drop();

  @Linear(out = 10)
  Weighted head();
}
