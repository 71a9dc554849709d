package dev.tenon.processor.plan;

import java.util.List;

/**
 * The calls of a plan as instances of routines: what is done, once for each different layer, apart
 * from what it is done to.
 *
 * @param routines the different layers, in the order of the first layer that each serves
 * @param stretches the different stretches
 * @param instances the layers that have any calls, in their order
 * @param together the stretches of the network
 * @param forward what the training forward calls, in order
 * @param backward what backward calls
 * @param predict what evaluation calls
 */
public record Assembly(
    List<Routine> routines,
    List<Routine.Stretch> stretches,
    List<Instance> instances,
    List<Together> together,
    List<Item> forward,
    List<Item> backward,
    List<Item> predict) {

  public Assembly {
    routines = List.copyOf(routines);
    stretches = List.copyOf(stretches);
    instances = List.copyOf(instances);
    together = List.copyOf(together);
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    predict = List.copyOf(predict);
  }

  /**
   * A layer.
   *
   * @param name of its field in the program: {@code layer1_0_conv1}
   * @param layer its name in the network
   * @param routine what it does
   * @param buffers for each of the routine's arrays that it does not make itself, in order, the
   *     buffer
   * @param numbers for each of the routine's numbers, its value
   */
  public record Instance(
      String name, String layer, Routine routine, List<String> buffers, List<Integer> numbers) {
    public Instance {
      buffers = List.copyOf(buffers);
      numbers = List.copyOf(numbers);
    }
  }

  /**
   * A stretch of the network.
   *
   * @param name of its field in the program
   * @param members names of the instances that it runs
   */
  public record Together(String name, Routine.Stretch stretch, List<String> members) {
    public Together {
      members = List.copyOf(members);
    }
  }

  /**
   * A call of the program.
   *
   * @param field the instance, or the stretch
   * @param method the method of it
   */
  public record Item(String field, String method) {}
}
