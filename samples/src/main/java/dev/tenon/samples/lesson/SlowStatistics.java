package dev.tenon.samples.lesson;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.BatchNorm;

/** As {@link FourFeatures}, with running statistics that move half as fast. */
@Network(input = 4)
public interface SlowStatistics {
  @BatchNorm1d(features = 4, momentum = 0.05)
  BatchNorm bn();
}
