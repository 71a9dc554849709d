package dev.tenon.annotations;

/** What a convolution finds around its input. PyTorch's {@code padding_mode}. */
public enum PaddingMode {
  /** Zeros. */
  ZEROS,

  /**
   * The input mirrored at its border: {@code 3 2 | 1 2 3 | 2 1}. The padding must be smaller than
   * the input.
   */
  REFLECT,

  /** The nearest element of the input: {@code 1 1 | 1 2 3 | 3 3}. */
  REPLICATE,

  /**
   * The input again, as if it were a ring: {@code 2 3 | 1 2 3 | 1 2}. The padding must not be
   * larger than the input.
   */
  CIRCULAR
}
