package dev.tenon.samples.tabular;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Concat;
import dev.tenon.annotations.Embedding;
import dev.tenon.annotations.From;
import dev.tenon.annotations.IndexInput;
import dev.tenon.annotations.Input;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/**
 * The species of a penguin, from what a table says of it: four sizes, which are numbers, and the
 * island and the sex, which are categories.
 */
@Network
interface PenguinNet {
  /** Length and depth of the bill, length of the flippers, body mass. */
  @Input(4)
  Layer sizes();

  /** Millimetres and grams become numbers of about the same size: mean 0, variance 1. */
  @BatchNorm1d(affine = false)
  BatchNorm scaled();

  /** Where it was found: a number that names one of three islands. */
  @IndexInput
  Layer island();

  /** Each island becomes two numbers, which are learnt. */
  @Embedding(num = 3, dim = 2)
  Weighted islandCode();

  /** 0 where the sex is not known, 1 for a female, 2 for a male. */
  @IndexInput
  Layer sex();

  /** What is not known says nothing: its code is zero and stays so. */
  @Embedding(num = 3, dim = 2, paddingIndex = 0)
  Weighted sexCode();

  /** Numbers and codes side by side: 4 + 2 + 2. */
  @From({"scaled", "islandCode", "sexCode"})
  @Concat
  Layer all();

  @Linear(out = 16)
  Weighted hidden();

  @ReLU
  Layer relu();

  @Linear(out = 3)
  Weighted species();
}
