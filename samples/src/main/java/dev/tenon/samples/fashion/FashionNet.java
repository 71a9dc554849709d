package dev.tenon.samples.fashion;

import dev.tenon.annotations.BatchNorm1d;
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
 * Grey images of 28 x 28 pixels to scores for ten kinds of garments. The batch norm in front learns
 * how bright images are, so nobody has to normalise them.
 */
@Network(input = {1, 28, 28})
public interface FashionNet {
  @BatchNorm2d(affine = false)
  BatchNorm brightness();

  @Conv2d(out = 32, kernel = 3, padding = 1, bias = false)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @MaxPool2d(kernel = 2)
  Layer pool1();

  @Conv2d(out = 64, kernel = 3, padding = 1, bias = false)
  Weighted conv2();

  @BatchNorm2d
  BatchNorm bn2();

  @ReLU
  Layer relu2();

  @MaxPool2d(kernel = 2)
  Layer pool2();

  @Flatten
  Layer flat();

  @Linear(out = 128, bias = false)
  Weighted hidden();

  @BatchNorm1d
  BatchNorm bn3();

  @ReLU
  Layer relu3();

  @Dropout(p = 0.3)
  Layer drop();

  @Linear(out = 10)
  Weighted head();
}
