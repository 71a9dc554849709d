package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * LeNet-5 with rectifiers and max pools, on MNIST's 28x28 with padding.
 */
@Network(input = {1, 28, 28})
public interface LeNet5Modern {
  @Conv2d(out = 6, kernel = 5, padding = 2) Weighted conv1();
  @ReLU Layer relu1();
  @MaxPool2d(kernel = 2) Layer pool1();
  @Conv2d(out = 16, kernel = 5) Weighted conv2();
  @ReLU Layer relu2();
  @MaxPool2d(kernel = 2) Layer pool2();
  @Flatten Layer flat();
  @Linear(out = 120) Weighted fc1();
  @ReLU Layer relu3();
  @Linear(out = 84) Weighted fc2();
  @ReLU Layer relu4();
  @Linear(out = 10) Weighted fc3();
}
