package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;
import java.util.List;

/**
 * DenseNet-40 with growth 12, without bottlenecks and without compression, for images of 32x32.
 * Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks", 2017.
 */
@Network(input = {3, 32, 32})
public interface DenseNet40 {
  @Conv2d(out = 16, kernel = 3, padding = 1, bias = false) Weighted conv1();
  @Use(value = DenseLayer.class, sizes = 12, repeat = 12) List<DenseLayer> block1();
  @Use(value = Transition.class, sizes = 160) Transition trans1();
  @Use(value = DenseLayer.class, sizes = 12, repeat = 12) List<DenseLayer> block2();
  @Use(value = Transition.class, sizes = 304) Transition trans2();
  @Use(value = DenseLayer.class, sizes = 12, repeat = 12) List<DenseLayer> block3();
  @BatchNorm2d BatchNorm bn();
  @ReLU Layer relu();
  @GlobalAvgPool Layer pool();
  @Linear(out = 10) Weighted fc();
}
