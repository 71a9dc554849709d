package dev.tenon.processor.code;

import dev.tenon.processor.ir.Tensor;

/** What a variable of generated code stands for; its name is for readers. */
public sealed interface Meaning {
  /** A local or a loop variable, which a method makes by itself. */
  enum Local implements Meaning {
    /** The only one. */
    LOCAL
  }

  /** A number that the running program knows, not the compiler. */
  enum RuntimeArgument implements Meaning {
    /** The number of samples that are worked on together. */
    BATCH(CodeType.INT, "batch"),

    /** The size of the whole batch, of which they may be a piece. */
    TOTAL_BATCH(CodeType.INT, "totalBatch"),

    /** The number of the first of them in the whole batch. */
    FIRST_SAMPLE(CodeType.INT, "firstSample"),

    /** The number of blocks of samples. */
    BLOCKS(CodeType.INT, "blocks"),

    /** The number of samples in a block. */
    BLOCK_SIZE(CodeType.INT, "blockSize"),

    /** The number of lanes of a vector: a constant of the class. */
    LANES(CodeType.INT, "LANES"),

    /** How much of a batch's statistics goes into the running ones. */
    AVERAGE_FACTOR(CodeType.DOUBLE, "averageFactor"),

    /** The probability that dropout drops an element. */
    DROP_PROBABILITY(CodeType.DOUBLE, "dropProbability"),

    /** The key of random numbers. */
    RANDOM_KEY(CodeType.LONG, "randomKey"),

    /** The first point of a range of the outermost loop. */
    FROM(CodeType.INT, "from"),

    /** The end of that range. */
    TO(CodeType.INT, "to");

    private final Value.Variable variable;

    RuntimeArgument(CodeType type, String name) {
      variable = new Value.Variable(type, name, this);
    }

    /** The variable in every method that has it. */
    public Value.Variable variable() {
      return variable;
    }
  }

  /** One of the model's flat arrays, in which tensors of this role lie. */
  record StateArray(Tensor.Role role) implements Meaning {}

  /**
   * A tensor's array, or for a slice of the state its offset in the flat one.
   *
   * @param number the tensor's place among those of the nest
   * @param called what the tensor is called in the code
   */
  record OfTensor(int number, String called) implements Meaning {}
}
