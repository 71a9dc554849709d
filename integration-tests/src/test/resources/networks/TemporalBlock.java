package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * A residual block along time, of as many channels as it reads.
 */
@Block
public interface TemporalBlock {
  int OUT = Block.FIRST;
  int DILATION = Block.SECOND;

  @Conv1d(out = OUT, kernel = 7, padding = 3 * DILATION, dilation = DILATION) Weighted conv1();
  @ReLU Layer relu1();
  @Dropout(p = 0.05) Layer drop1();
  @Conv1d(out = OUT, kernel = 7, padding = 3 * DILATION, dilation = DILATION) Weighted conv2();
  @ReLU Layer relu2();
  @Dropout(p = 0.05) Layer drop2();
  @From({"drop2", Block.INPUT}) @Add Layer sum();
  @ReLU Layer relu();
}
