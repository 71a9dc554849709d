package dev.tenon.samples.first;

import static dev.tenon.runtime.optim.Optimizers.adam;

import java.util.List;

/** A light with two switches: it is on when they differ. A network learns that from four cases. */
public final class First {
  private First() {}

  /**
   * Runs the sample.
   *
   * @param args none
   */
  public static void main(String[] args) {
    List<Switches> switches =
        List.of(
            new Switches(false, false),
            new Switches(false, true),
            new Switches(true, false),
            new Switches(true, true));
    List<Light> lights = List.of(Light.OFF, Light.ON, Light.ON, Light.OFF);

    LightNetModel model = LightNetModel.create(1); // the seed of its initial values
    model.fit(switches, lights, 200, options -> options.optimizer(adam(0.05)));

    for (Switches each : switches) {
      System.out.println(each + ": " + model.predict(each).label());
    }
  }
}
