package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * U-Net with batch normalisation, padding, so that images keep their size, and a quarter of the
 * published channels. Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical
 * Image Segmentation", 2015.
 */
@Network(input = {1, 64, 64})
public interface UNet {
  @Use(value = DoubleConv.class, sizes = 16) DoubleConv down1();
  @MaxPool2d(kernel = 2) Layer pool1();
  @Use(value = DoubleConv.class, sizes = 32) DoubleConv down2();
  @MaxPool2d(kernel = 2) Layer pool2();
  @Use(value = DoubleConv.class, sizes = 64) DoubleConv down3();
  @MaxPool2d(kernel = 2) Layer pool3();
  @Use(value = DoubleConv.class, sizes = 128) DoubleConv down4();
  @MaxPool2d(kernel = 2) Layer pool4();
  @Use(value = DoubleConv.class, sizes = 256) DoubleConv bottom();

  @ConvTranspose2d(out = 128, kernel = 2, stride = 2) Weighted up4();
  @From({"down4", "up4"}) @Concat Layer both4();
  @Use(value = DoubleConv.class, sizes = 128) DoubleConv merge4();
  @ConvTranspose2d(out = 64, kernel = 2, stride = 2) Weighted up3();
  @From({"down3", "up3"}) @Concat Layer both3();
  @Use(value = DoubleConv.class, sizes = 64) DoubleConv merge3();
  @ConvTranspose2d(out = 32, kernel = 2, stride = 2) Weighted up2();
  @From({"down2", "up2"}) @Concat Layer both2();
  @Use(value = DoubleConv.class, sizes = 32) DoubleConv merge2();
  @ConvTranspose2d(out = 16, kernel = 2, stride = 2) Weighted up1();
  @From({"down1", "up1"}) @Concat Layer both1();
  @Use(value = DoubleConv.class, sizes = 16) DoubleConv merge1();
  @Conv2d(out = 2, kernel = 1) Weighted head();
}
