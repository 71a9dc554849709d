package dev.tenon.processor.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr.BinaryOp;
import dev.tenon.processor.ir.Expr.UnaryOp;
import dev.tenon.processor.ir.Tensor.Role;
import org.junit.jupiter.api.Test;

/** What a local is called by what it holds. */
class LocalNameTest {
  private static final Variable INDEX = new Variable(CodeType.INT, "i");
  private static final Variable X =
      new Variable(
          CodeType.of(ElementType.FLOAT).array(1), "input", new Meaning.OfTensor(0, "input"));
  private static final Variable ROWS =
      new Variable(
          CodeType.of(ElementType.FLOAT).array(2),
          "weightRows",
          new Meaning.OfTensor(1, "weightRows"));

  private static String base(Value value) {
    return LocalName.of(value).base();
  }

  @Test
  void anElementIsCalledAfterItsArray() {
    LocalName name = LocalName.of(new Value.Get(X, INDEX, true));
    assertThat(name.base()).isEqualTo("input");
    assertThat(name.alone()).isEqualTo("inputI");
  }

  @Test
  void aRowIsOneOfItsRows() {
    assertThat(base(new Value.Get(ROWS, INDEX, true))).isEqualTo("weightRow");
  }

  /** In the flat array of all parameters, the offset tells which of them it is. */
  @Test
  void anElementOfTheStateIsCalledAfterItsTensor() {
    Variable parameters = StateArrays.variable(CodeType.of(ElementType.FLOAT), Role.PARAMETER);
    Variable offset = new Variable(CodeType.INT, "biasOffset", new Meaning.OfTensor(2, "bias"));
    Value index = new Value.Binary(BinaryOp.ADD, offset, INDEX);
    assertThat(base(new Value.Get(parameters, index, true))).isEqualTo("bias");
  }

  @Test
  void aResultIsCalledAfterItsOperation() {
    Value one = Value.literal(1);
    assertThat(base(new Value.Binary(BinaryOp.ADD, INDEX, one))).isEqualTo("total");
    assertThat(base(new Value.Binary(BinaryOp.SUBTRACT, INDEX, one))).isEqualTo("difference");
    assertThat(base(new Value.Binary(BinaryOp.SUBTRACT, one, INDEX))).isEqualTo("complement");
    assertThat(base(new Value.Binary(BinaryOp.DIVIDE, INDEX, one))).isEqualTo("quotient");
    assertThat(base(new Value.Unary(UnaryOp.SQRT, INDEX))).isEqualTo("root");
  }

  /** By what the variable stands for, whatever its name. */
  @Test
  void aMultipleOfTheBatchIsACount() {
    Value batch = new Value.Cast(CodeType.DOUBLE, RuntimeArgument.BATCH.variable());
    Value other = new Value.Cast(CodeType.DOUBLE, new Variable(CodeType.INT, "batch"));
    Value pixels = new Value.Literal(CodeType.DOUBLE, 64);
    assertThat(base(new Value.Binary(BinaryOp.MULTIPLY, batch, pixels))).isEqualTo("count");
    assertThat(base(new Value.Binary(BinaryOp.MULTIPLY, other, pixels))).isEqualTo("product");
  }
}
