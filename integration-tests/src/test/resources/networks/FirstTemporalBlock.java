package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * A residual block along time that changes the channels.
 */
@Block
public interface FirstTemporalBlock {
  int OUT = Block.FIRST;

  @Conv1d(out = OUT, kernel = 7, padding = 3) Weighted conv1();
  @ReLU Layer relu1();
  @Dropout(p = 0.05) Layer drop1();
  @Conv1d(out = OUT, kernel = 7, padding = 3) Weighted conv2();
  @ReLU Layer relu2();
  @Dropout(p = 0.05) Layer drop2();
  @From(Block.INPUT) @Conv1d(out = OUT, kernel = 1) Weighted downsample();
  @From({"drop2", "downsample"}) @Add Layer sum();
  @ReLU Layer relu();
}
