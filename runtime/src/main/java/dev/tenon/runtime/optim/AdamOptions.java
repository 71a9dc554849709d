package dev.tenon.runtime.optim;

/** The options that {@link Adam} and {@link AdamW} share, checked. */
record AdamOptions(
    String name,
    double learningRate,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    boolean amsgrad,
    boolean maximize) {
  AdamOptions {
    Options.notNegative(name, "learningRate", learningRate);
    Options.beta(name, "beta1", beta1);
    Options.beta(name, "beta2", beta2);
    Options.notNegative(name, "eps", eps);
    Options.notNegative(name, "weightDecay", weightDecay);
  }

  static AdamOptions defaults(String name, double learningRate, double weightDecay) {
    return new AdamOptions(name, learningRate, 0.9, 0.999, 1e-8, weightDecay, false, false);
  }

  AdamOptions withBetas(double newBeta1, double newBeta2) {
    return new AdamOptions(
        name, learningRate, newBeta1, newBeta2, eps, weightDecay, amsgrad, maximize);
  }

  AdamOptions withEps(double newEps) {
    return new AdamOptions(
        name, learningRate, beta1, beta2, newEps, weightDecay, amsgrad, maximize);
  }

  AdamOptions withWeightDecay(double newDecay) {
    return new AdamOptions(name, learningRate, beta1, beta2, eps, newDecay, amsgrad, maximize);
  }

  AdamOptions withAmsgrad() {
    return new AdamOptions(name, learningRate, beta1, beta2, eps, weightDecay, true, maximize);
  }

  AdamOptions withMaximize() {
    return new AdamOptions(name, learningRate, beta1, beta2, eps, weightDecay, amsgrad, true);
  }

  /** Returns name and options. */
  @Override
  public String toString() {
    return name
        + "[learningRate="
        + learningRate
        + ", beta1="
        + beta1
        + ", beta2="
        + beta2
        + ", eps="
        + eps
        + ", weightDecay="
        + weightDecay
        + ", amsgrad="
        + amsgrad
        + ", maximize="
        + maximize
        + "]";
  }
}
