package dev.tenon.samples.autoencoder;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.ConvTranspose2d;
import dev.tenon.annotations.MaxPool2d;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.Output;
import dev.tenon.annotations.ReLU;
import dev.tenon.annotations.Sigmoid;
import dev.tenon.annotations.Upsample;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/**
 * An image of 64 pixels becomes a code of 8 numbers, and the code becomes an image again. Both the
 * code and the image are outputs.
 */
@Network(input = {1, 8, 8})
interface DigitsAutoencoder {
  @Conv2d(out = 16, kernel = 3, padding = 1, bias = false)
  Weighted conv1();

  @BatchNorm2d
  BatchNorm bn1();

  @ReLU
  Layer relu1();

  @MaxPool2d(kernel = 2)
  Layer pool();

  @Conv2d(out = 32, kernel = 3, padding = 1, bias = false)
  Weighted conv2();

  @BatchNorm2d
  BatchNorm bn2();

  @ReLU
  Layer relu2();

  /** The narrow place: a convolution over the whole image, 8x1x1. */
  @Output
  @Conv2d(out = 8, kernel = 4)
  Weighted code();

  /** And the way back: from 1 x 1 to 4 x 4 pixels. */
  @ConvTranspose2d(out = 32, kernel = 4, bias = false)
  Weighted spread();

  @BatchNorm2d
  BatchNorm bn3();

  @ReLU
  Layer relu3();

  /** To 8 x 8 pixels; the convolution behind it smooths the steps. */
  @Upsample(scale = 2)
  Layer larger();

  @Conv2d(out = 16, kernel = 3, padding = 1, bias = false)
  Weighted conv3();

  @BatchNorm2d
  BatchNorm bn4();

  @ReLU
  Layer relu4();

  @Conv2d(out = 1, kernel = 3, padding = 1)
  Weighted ink();

  /** Ink is between 0 and 1. */
  @Output
  @Sigmoid
  Layer image();
}
