package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** 6 numbers, 1 boolean, 4 constants, arrays of 3 and 2, and a home of 1 + 1 + 2. */
@Network(features = Patient.class, labels = Risk.class)
interface PatientNet {
  @Linear(in = 20, out = 3)
  Weighted head();
}
