package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * VGG-11 with batch normalisation for images of 32x32, whose classifier is one linear layer.
 */
@Network(input = {3, 32, 32})
public interface Vgg11BnCifar {
  @Name("features.0") @Conv2d(out = 64, kernel = 3, padding = 1) Weighted conv1();
  @Name("features.1") @BatchNorm2d BatchNorm bn1();
  @Name("features.2") @ReLU Layer relu1();
  @Name("features.3") @MaxPool2d(kernel = 2) Layer pool1();
  @Name("features.4") @Conv2d(out = 128, kernel = 3, padding = 1) Weighted conv2();
  @Name("features.5") @BatchNorm2d BatchNorm bn2();
  @Name("features.6") @ReLU Layer relu2();
  @Name("features.7") @MaxPool2d(kernel = 2) Layer pool2();
  @Name("features.8") @Conv2d(out = 256, kernel = 3, padding = 1) Weighted conv3();
  @Name("features.9") @BatchNorm2d BatchNorm bn3();
  @Name("features.10") @ReLU Layer relu3();
  @Name("features.11") @Conv2d(out = 256, kernel = 3, padding = 1) Weighted conv4();
  @Name("features.12") @BatchNorm2d BatchNorm bn4();
  @Name("features.13") @ReLU Layer relu4();
  @Name("features.14") @MaxPool2d(kernel = 2) Layer pool3();
  @Name("features.15") @Conv2d(out = 512, kernel = 3, padding = 1) Weighted conv5();
  @Name("features.16") @BatchNorm2d BatchNorm bn5();
  @Name("features.17") @ReLU Layer relu5();
  @Name("features.18") @Conv2d(out = 512, kernel = 3, padding = 1) Weighted conv6();
  @Name("features.19") @BatchNorm2d BatchNorm bn6();
  @Name("features.20") @ReLU Layer relu6();
  @Name("features.21") @MaxPool2d(kernel = 2) Layer pool4();
  @Name("features.22") @Conv2d(out = 512, kernel = 3, padding = 1) Weighted conv7();
  @Name("features.23") @BatchNorm2d BatchNorm bn7();
  @Name("features.24") @ReLU Layer relu7();
  @Name("features.25") @Conv2d(out = 512, kernel = 3, padding = 1) Weighted conv8();
  @Name("features.26") @BatchNorm2d BatchNorm bn8();
  @Name("features.27") @ReLU Layer relu8();
  @Name("features.28") @MaxPool2d(kernel = 2) Layer pool5();
  @Flatten Layer flat();
  @Linear(out = 10) Weighted classifier();
}
