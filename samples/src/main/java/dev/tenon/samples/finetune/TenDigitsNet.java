package dev.tenon.samples.finetune;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.Use;
import dev.tenon.runtime.layer.Weighted;

/** The digits 0 to 9: the body, and a score for each. */
@Network(input = {1, 8, 8})
public interface TenDigitsNet {
  @Use(DigitsBody.class)
  DigitsBody body();

  @Linear(out = 10)
  Weighted head();
}
