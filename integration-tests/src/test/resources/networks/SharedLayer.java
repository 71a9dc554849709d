package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * A linear layer that all points share.
 */
@Block
public interface SharedLayer {
  int OUT = Block.FIRST;

  @Conv1d(out = OUT, kernel = 1) Weighted conv();
  @BatchNorm1d BatchNorm bn();
  @ReLU Layer relu();
}
