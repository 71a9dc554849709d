package dev.tenon.samples.lesson;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.BatchNorm;

/** As {@link FourFeatures}, with an epsilon large enough to be seen. */
@Network(input = 4)
public interface LargeEps {
  @BatchNorm1d(features = 4, eps = 1)
  BatchNorm bn();
}
