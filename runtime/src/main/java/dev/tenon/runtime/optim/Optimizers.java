package dev.tenon.runtime.optim;

import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Norm;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.Parameter;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Where optimisers start: PyTorch's defaults, to be changed by the methods of each. */
public final class Optimizers {
  private Optimizers() {}

  /**
   * Stochastic gradient descent without momentum.
   *
   * @param learningRate finite, at least 0
   * @return a specification with momentum 0, dampening 0, weight decay 0, no Nesterov
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public static Sgd sgd(double learningRate) {
    return new Sgd(learningRate);
  }

  /**
   * Adam.
   *
   * @param learningRate finite, at least 0; PyTorch's default is 1e-3
   * @return a specification with betas 0.9 and 0.999, eps 1e-8, weight decay 0
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public static Adam adam(double learningRate) {
    return new Adam(learningRate);
  }

  /**
   * Adam with decoupled weight decay.
   *
   * @param learningRate finite, at least 0; PyTorch's default is 1e-3
   * @return a specification with betas 0.9 and 0.999, eps 1e-8, weight decay 1e-2
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public static AdamW adamW(double learningRate) {
    return new AdamW(learningRate);
  }

  /**
   * RMSprop.
   *
   * @param learningRate finite, at least 0; PyTorch's default is 1e-2
   * @return a specification with alpha 0.99, eps 1e-8, weight decay 0, momentum 0, not centred
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public static RmsProp rmsProp(double learningRate) {
    return new RmsProp(learningRate);
  }

  /**
   * Other options for some of the parameters: {@code groups(...).with(norms(model), ...)}.
   *
   * @param rest how parameters are optimised that belong to no group
   * @return a specification without groups
   */
  public static ParameterGroups groups(OptimizerSpec rest) {
    return new ParameterGroups(Objects.requireNonNull(rest, "rest"));
  }

  /**
   * Scales and shifts of normalisations, for a group without weight decay.
   *
   * @param model whose layers to look at
   * @return true for the weight and the bias of every normalisation
   */
  public static Predicate<Parameter> norms(Model model) {
    Objects.requireNonNull(model, "model");
    Set<String> names = new HashSet<>();
    for (Layer layer : model.layers()) {
      if (layer instanceof Norm norm && norm.isAffine()) {
        names.add(norm.weight().name());
        if (norm.hasBias()) {
          names.add(norm.bias().name());
        }
      }
    }
    return parameter -> names.contains(parameter.name());
  }

  /**
   * Biases of all layers, normalisations among them.
   *
   * @return true for parameters that are called bias
   */
  public static Predicate<Parameter> biases() {
    return parameter -> parameter.name().endsWith(".bias");
  }
}
