package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** One linear layer. */
@Network(input = 784)
public interface Linear784To256 {
  @Linear(out = 256)
  Weighted linear();
}
