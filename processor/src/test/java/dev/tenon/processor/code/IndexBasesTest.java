package dev.tenon.processor.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.code.Statement.Declare;
import dev.tenon.processor.code.Statement.Loop;
import dev.tenon.processor.code.Statement.Put;
import dev.tenon.processor.code.Value.Binary;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Expr.BinaryOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the indices of several elements have in common gets a name where its loop begins. */
class IndexBasesTest {
  private static final CodeType FLOATS = new CodeType("float", 1);
  private static final Variable X = new Variable(FLOATS, "x");
  private static final Variable Y = new Variable(FLOATS, "y");
  private static final Variable N = new Variable(CodeType.INT, "n");
  private static final Variable I = new Variable(CodeType.INT, "i");

  /** {@code n * 8 + i}. */
  private static final Value BASE = sum(new Binary(BinaryOp.MULTIPLY, N, Value.literal(8)), I);

  private static Value sum(Value left, Value right) {
    return new Binary(BinaryOp.ADD, left, right);
  }

  private static Get element(Variable array, Value index) {
    return new Get(array, index, false);
  }

  /** {@code for (i) y[i] = x[n * 8 + i] + x[n * 8 + i + 1] + ...}. */
  private static Method method(int elements) {
    Value total = element(X, BASE);
    for (int k = 1; k < elements; k++) {
      total = sum(total, element(X, sum(BASE, Value.literal(k))));
    }
    Statement body = new Put(element(Y, I), total, false);
    Statement loop =
        new Loop(I, Value.literal(0), Value.literal(6), Value.literal(1), true, List.of(body));
    return new Method("sum", List.of(), List.of(Y, X, N), List.of(loop));
  }

  @Test
  void threeElementsShareANameInTheInnermostLoopOfTheirIndex() {
    Loop loop = (Loop) IndexBases.named(method(3)).body().get(0);
    Variable at = new Variable(CodeType.INT, "xAt");
    assertThat(loop.body().get(0)).isEqualTo(new Declare(at, BASE, true));
    assertThat(((Put) loop.body().get(1)).value())
        .isEqualTo(
            sum(
                sum(element(X, at), element(X, sum(at, Value.literal(1)))),
                element(X, sum(at, Value.literal(2)))));
  }

  @Test
  void twoElementsAreShorterAsTheyAre() {
    assertThat(IndexBases.named(method(2))).isEqualTo(method(2));
  }

  /** {@code n * 8 + 1}: of no loop, so it has its name where the method begins. */
  @Test
  void anIndexOfParametersIsNamedAtTheBeginning() {
    Value base = new Binary(BinaryOp.MULTIPLY, N, Value.literal(8));
    List<Statement> puts =
        List.of(0, 1, 2).stream()
            .map(
                k ->
                    (Statement)
                        new Put(element(Y, sum(base, Value.literal(k))), element(X, N), false))
            .toList();
    Statement loop = new Loop(I, Value.literal(0), Value.literal(6), Value.literal(1), true, puts);
    Method named = IndexBases.named(new Method("set", List.of(), List.of(Y, X, N), List.of(loop)));
    assertThat(named.body().get(0))
        .isEqualTo(new Declare(new Variable(CodeType.INT, "yAt"), base, true));
  }

  /** A local has its value only from its declaration on, which may lie behind the beginning. */
  @Test
  void anIndexOfALocalIsLeftAlone() {
    Variable local = new Variable(CodeType.INT, "row");
    Value base = new Binary(BinaryOp.MULTIPLY, local, Value.literal(8));
    Value total = element(X, base);
    for (int k = 1; k < 4; k++) {
      total = sum(total, element(X, sum(base, Value.literal(k))));
    }
    Method method =
        new Method(
            "sum",
            List.of(),
            List.of(Y, X, N),
            List.of(new Declare(local, N, true), new Put(element(Y, N), total, false)));
    assertThat(IndexBases.named(method)).isEqualTo(method);
  }
}
