package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** The encoder's output in, and an enum out. */
@Network(inputFrom = EncoderNet.class, labels = Risk.class)
interface DecoderNet {
  @Linear(in = 5, out = 3)
  Weighted head();
}
