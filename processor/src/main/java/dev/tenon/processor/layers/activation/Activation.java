package dev.tenon.processor.layers.activation;

import static dev.tenon.processor.layers.common.Text.text;

import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * A function of one element and its derivative.
 *
 * @param forward in words: {@code y = tanh(x)}
 * @param backward in words: {@code dx = (1 - y^2) * dy}
 * @param value the function of x
 * @param kept what the gradient is computed from
 * @param gradient dx of what is kept and of dy
 * @param isClamp whether it is the identity between bounds and a constant beyond each
 */
record Activation(
    String forward,
    String backward,
    UnaryOperator<Expr> value,
    Kept kept,
    BinaryOperator<Expr> gradient,
    boolean isClamp) {

  private Activation(
      String forward,
      String backward,
      UnaryOperator<Expr> value,
      Kept kept,
      BinaryOperator<Expr> gradient) {
    this(forward, backward, value, kept, gradient, false);
  }

  /** What backward reads of the forward. */
  enum Kept {
    INPUT,
    OUTPUT
  }

  /** {@code max(x, 0)}; the gradient passes where y is above 0 or NaN. */
  static Activation relu() {
    return new Activation(
        "y = max(x, 0)",
        "dx = y <= 0 ? 0 : dy",
        x -> Expr.max(x, of(x, 0)),
        Kept.OUTPUT,
        (y, dy) -> Expr.select(Comparison.LESS_EQUAL, y, of(y, 0), of(y, 0), dy),
        true);
  }

  /** {@code x > 0 ? x : slope * x}; the gradient at 0 and at NaN is the slope. */
  static Activation leakyRelu(double slope) {
    UnaryOperator<Expr> value =
        x -> Expr.select(Comparison.GREATER, x, of(x, 0), x, Expr.multiply(of(x, slope), x));
    // With a negative slope the output is positive on both sides.
    String kept = slope < 0 ? "x" : "y";
    return new Activation(
        text("y = x > 0 ? x : %s * x", slope),
        text("dx = %s > 0 ? dy : %s * dy", kept, slope),
        value,
        slope < 0 ? Kept.INPUT : Kept.OUTPUT,
        (k, dy) ->
            Expr.select(Comparison.GREATER, k, of(k, 0), dy, Expr.multiply(of(k, slope), dy)));
  }

  /** {@code min(max(x, min), max)}; the gradient passes between the bounds and at NaN. */
  static Activation clamp(double min, double max) {
    return new Activation(
        text("y = min(max(x, %s), %s)", min, max),
        text("dx = %s < y < %s ? dy : 0", min, max),
        x -> Expr.min(Expr.max(x, of(x, min)), of(x, max)),
        Kept.OUTPUT,
        (y, dy) ->
            Expr.select(
                Comparison.LESS_EQUAL,
                y,
                of(y, min),
                of(y, 0),
                Expr.select(Comparison.LESS_EQUAL, of(y, max), y, of(y, 0), dy)),
        true);
  }

  /** {@code min(max(x + 3, 0), 6) / 6}; the gradient is 1/6 inside, 0 outside and at NaN. */
  static Activation hardSigmoid() {
    return new Activation(
        "y = min(max(x + 3, 0), 6) / 6",
        "dx = -3 < x < 3 ? dy / 6 : 0",
        Activation::hardSigmoid,
        // Near the bounds x + 3 rounds, so the output does not tell on which side the input was.
        Kept.INPUT,
        (x, dy) ->
            Expr.select(
                Comparison.GREATER,
                x,
                of(x, -3),
                Expr.select(Comparison.LESS, x, of(x, 3), Expr.divide(dy, of(x, 6)), of(x, 0)),
                of(x, 0)));
  }

  private static Expr hardSigmoid(Expr x) {
    Expr shifted = Expr.add(x, of(x, 3));
    return Expr.divide(Expr.min(Expr.max(shifted, of(x, 0)), of(x, 6)), of(x, 6));
  }

  /** {@code x * hardsigmoid(x)}; the gradient is 0 up to -3, 1 from 3 on and at NaN. */
  static Activation hardSwish() {
    return new Activation(
        "y = x * min(max(x + 3, 0), 6) / 6",
        "dx = x <= -3 ? 0 : x < 3 ? (x / 3 + 0.5) * dy : dy",
        x -> Expr.multiply(x, hardSigmoid(x)),
        Kept.INPUT,
        (x, dy) ->
            Expr.select(
                Comparison.LESS_EQUAL,
                x,
                of(x, -3),
                of(x, 0),
                Expr.select(
                    Comparison.LESS,
                    x,
                    of(x, 3),
                    Expr.multiply(Expr.add(Expr.divide(x, of(x, 3)), of(x, 0.5)), dy),
                    dy)));
  }

  /** {@code 1 / (1 + e^-x)}. */
  static Activation sigmoid() {
    return new Activation(
        "y = 1 / (1 + e^-x)",
        "dx = y * (1 - y) * dy",
        Activation::sigmoid,
        Kept.OUTPUT,
        (y, dy) -> Expr.multiply(Expr.multiply(y, Expr.subtract(of(y, 1), y)), dy));
  }

  /** Where the power is infinite the quotient is 0, so it is right for both signs. */
  private static Expr sigmoid(Expr x) {
    return Expr.divide(
        of(x, 1), Expr.add(of(x, 1), Expr.exp(new Expr.Unary(Expr.UnaryOp.NEGATE, x))));
  }

  /** {@code tanh(x)}. */
  static Activation tanh() {
    return new Activation(
        "y = tanh(x)",
        "dx = (1 - y^2) * dy",
        Expr::tanh,
        Kept.OUTPUT,
        (y, dy) -> Expr.multiply(Expr.subtract(of(y, 1), Expr.multiply(y, y)), dy));
  }

  /** {@code x * s} with {@code s = sigmoid(x)}; the derivative is {@code s (1 + x (1 - s))}. */
  static Activation silu() {
    return new Activation(
        "y = x * s, s = 1 / (1 + e^-x)",
        "dx = s * (1 + x * (1 - s)) * dy, s = 1 / (1 + e^-x)",
        x -> Expr.multiply(x, sigmoid(x)),
        Kept.INPUT,
        (x, dy) -> {
          Expr s = sigmoid(x);
          Expr rest = Expr.multiply(x, Expr.subtract(of(x, 1), s));
          return Expr.multiply(Expr.multiply(s, Expr.add(of(x, 1), rest)), dy);
        });
  }

  /**
   * {@code x P(x)} with {@code P(x) = (1 + erf(x / sqrt 2)) / 2}, the distribution function of the
   * normal distribution; the derivative is {@code P(x) + x e^(-x^2 / 2) / sqrt(2 pi)}.
   */
  static Activation gelu() {
    return new Activation(
        "y = x * P, P = (1 + erf(x / sqrt(2))) / 2",
        "dx = (P + x * e^(-x^2 / 2) / sqrt(2 pi)) * dy, P = (1 + erf(x / sqrt(2))) / 2",
        x -> Expr.multiply(x, normalDistribution(x)),
        Kept.INPUT,
        (x, dy) -> {
          Expr power = Expr.exp(Expr.multiply(Expr.multiply(of(x, -0.5), x), x));
          Expr density = Expr.multiply(of(x, 1 / Math.sqrt(2 * Math.PI)), power);
          return Expr.multiply(Expr.add(normalDistribution(x), Expr.multiply(x, density)), dy);
        });
  }

  private static Expr normalDistribution(Expr x) {
    Expr erf = Expr.erf(Expr.multiply(x, of(x, Math.sqrt(0.5))));
    return Expr.multiply(of(x, 0.5), Expr.add(of(x, 1), erf));
  }

  /**
   * {@code x (1 + t) / 2} with {@code t = tanh(k (x + 0.044715 x^3))} and {@code k = sqrt(2 / pi)};
   * the derivative is {@code (1 + t) / 2 + x (1 - t^2) k (1 + 3 * 0.044715 x^2) / 2}.
   */
  static Activation geluOfTanh() {
    return new Activation(
        "y = x * (1 + t) / 2, t = tanh(sqrt(2 / pi) * (x + 0.044715 x^3))",
        "dx = ((1 + t) / 2 + x * (1 - t^2) * sqrt(2 / pi) * (1 + 0.134145 x^2) / 2) * dy,"
            + " t = tanh(sqrt(2 / pi) * (x + 0.044715 x^3))",
        x -> Expr.multiply(Expr.multiply(of(x, 0.5), x), Expr.add(of(x, 1), cubicTanh(x))),
        Kept.INPUT,
        (x, dy) -> {
          Expr t = cubicTanh(x);
          Expr slope =
              Expr.multiply(
                  of(x, ROOT_OF_TWO_OVER_PI / 2),
                  Expr.add(of(x, 1), Expr.multiply(of(x, 3 * CUBIC), Expr.multiply(x, x))));
          Expr change =
              Expr.multiply(Expr.multiply(x, Expr.subtract(of(x, 1), Expr.multiply(t, t))), slope);
          Expr level = Expr.multiply(of(x, 0.5), Expr.add(of(x, 1), t));
          return Expr.multiply(Expr.add(level, change), dy);
        });
  }

  private static final double ROOT_OF_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  private static Expr cubicTanh(Expr x) {
    Expr cube = Expr.multiply(Expr.multiply(x, x), x);
    Expr sum = Expr.add(x, Expr.multiply(of(x, CUBIC), cube));
    return Expr.tanh(Expr.multiply(of(x, ROOT_OF_TWO_OVER_PI), sum));
  }

  /** A constant of the type of another expression. */
  private static Expr of(Expr like, double value) {
    return Expr.constant(like.type(), value);
  }
}
