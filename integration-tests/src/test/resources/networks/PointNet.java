package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;
import java.util.List;

/**
 * PointNet for classification without its transforms of input and features, the paper's "vanilla"
 * version, of 1024 points. Qi, Su, Mo, Guibas, "PointNet: Deep Learning on Point Sets for 3D
 * Classification and Segmentation", 2017.
 */
@Network(input = {3, 1024})
public interface PointNet {
  @Use(value = SharedLayer.class, sizes = 64, repeat = 2) List<SharedLayer> points1();
  @Use(value = SharedLayer.class, sizes = 64) SharedLayer points2();
  @Use(value = SharedLayer.class, sizes = 128) SharedLayer points3();
  @Use(value = SharedLayer.class, sizes = 1024) SharedLayer points4();
  @MaxPool1d(kernel = 1024) Layer pool();
  @Flatten Layer flat();
  @Linear(out = 512) Weighted fc1();
  @BatchNorm1d BatchNorm bn1();
  @ReLU Layer relu1();
  @Linear(out = 256) Weighted fc2();
  @BatchNorm1d BatchNorm bn2();
  @ReLU Layer relu2();
  @Dropout(p = 0.3) Layer drop();
  @Linear(out = 40) Weighted fc3();
}
