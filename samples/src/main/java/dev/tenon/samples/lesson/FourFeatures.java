package dev.tenon.samples.lesson;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.BatchNorm;

/** Nothing but a batch norm of four features, with the defaults. */
@Network(input = 4)
public interface FourFeatures {
  @BatchNorm1d(features = 4)
  BatchNorm bn();
}
