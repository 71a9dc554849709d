package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * LeNet-5 as it is taught today: all feature maps read all maps before them, and the radial basis
 * functions are a linear layer. LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to
 * Document Recognition", 1998.
 */
@Network(input = {1, 32, 32})
public interface LeNet5 {
  @Conv2d(out = 6, kernel = 5) Weighted c1();
  @Tanh Layer tanh1();
  @AvgPool2d(kernel = 2) Layer s2();
  @Conv2d(out = 16, kernel = 5) Weighted c3();
  @Tanh Layer tanh3();
  @AvgPool2d(kernel = 2) Layer s4();
  @Conv2d(out = 120, kernel = 5) Weighted c5();
  @Tanh Layer tanh5();
  @Flatten Layer flat();
  @Linear(out = 84) Weighted f6();
  @Tanh Layer tanh6();
  @Linear(out = 10) Weighted output();
}
