package dev.tenon.processor.differential;

import dev.tenon.processor.reference.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A network drawn at random. It need not be right: whether it is, the compiler's front end says.
 *
 * @param name name of the type
 * @param source declaration of the type
 * @param work operations a sample, about
 */
record RandomNetwork(String name, String source, long work) {
  private static final int MOST_LAYERS = 12;

  /** How often a network names its inputs, and how often it marks outputs. */
  private static final double SEVERAL = 0.35;

  /** How often a layer of such a network is an output; the last one always is. */
  private static final double MARKED = 0.25;

  /** The interpreter takes some 20 ns for each. */
  private static final long MOST_WORK = 40_000;

  /** The most channels, and the largest other axis, by the number of the other axes. */
  private static final int[][] SIZES = {{40, 1}, {9, 24}, {8, 13}, {4, 7}};

  /** Draws a network of 1 to 12 layers, one of them a batch norm at least. */
  static RandomNetwork draw(String name, SplittableRandom random) {
    // Numbers of their own, so that networks with one input and output stay what they were.
    SplittableRandom ofEnds = new SplittableRandom(name.hashCode());
    boolean namesInputs = ofEnds.nextDouble() < SEVERAL;
    boolean marksOutputs = ofEnds.nextDouble() < SEVERAL;
    List<Integer> input = input(random);
    int count = 1 + random.nextInt(MOST_LAYERS);
    int batchNorm = random.nextInt(count);
    RandomLayers draws = new RandomLayers(random, input, namesInputs);
    List<String> layers = new ArrayList<>();
    if (namesInputs) {
      layers.addAll(draws.inputs(ofEnds));
    }
    int first = layers.size();
    for (int i = 0; i < count; i++) {
      layers.add(draws.next("l" + i, i == batchNorm, MOST_WORK));
    }
    layers.addAll(draws.join("all"));
    for (int i = first; marksOutputs && i < layers.size(); i++) {
      if (i == layers.size() - 1 || ofEnds.nextDouble() < MARKED) {
        layers.set(i, "@Output " + layers.get(i));
      }
    }
    String source =
        "@SuppressWarnings({\"BatchNorm1dMomentumConvention\", \"BatchNorm2dMomentumConvention\","
            + " \"BatchNorm3dMomentumConvention\", \"InstanceNorm1dMomentumConvention\","
            + " \"InstanceNorm2dMomentumConvention\", \"InstanceNorm3dMomentumConvention\","
            + " \"BatchNorm1dOutput\", \"DropoutBeforeNorm\", \"Dropout2dBeforeNorm\","
            + " \"LinearWithoutActivation\", \"SoftmaxOutput\"})\n"
            + Networks.source(
                name,
                random.nextBoolean() ? "float64" : "float32",
                namesInputs ? List.of() : input,
                layers);
    return new RandomNetwork(name, source, draws.work());
  }

  private static List<Integer> input(SplittableRandom random) {
    int axes;
    do {
      axes = random.nextInt(SIZES.length);
    } while (!RandomLayers.normalises(1 + axes));
    List<Integer> input = new ArrayList<>(List.of(1 + random.nextInt(SIZES[axes][0])));
    for (int i = 0; i < axes; i++) {
      input.add(1 + random.nextInt(SIZES[axes][1]));
    }
    return input;
  }
}
