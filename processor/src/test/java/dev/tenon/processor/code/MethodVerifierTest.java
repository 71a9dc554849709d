package dev.tenon.processor.code;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.processor.code.Statement.Assign;
import dev.tenon.processor.code.Statement.Declare;
import dev.tenon.processor.code.Statement.Invoke;
import dev.tenon.processor.code.Statement.Loop;
import dev.tenon.processor.code.Statement.Put;
import dev.tenon.processor.code.Value.Binary;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.BinaryOp;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule, broken by the smallest method that can. */
class MethodVerifierTest {
  private static final CodeType FLOAT = CodeType.of(ElementType.FLOAT);
  private static final Variable ROW = new Variable(FLOAT.array(1), "row");
  private static final Variable COUNT = new Variable(CodeType.INT, "count");
  private static final Variable I = new Variable(CodeType.INT, "i");
  private static final Variable SUM = new Variable(FLOAT, "sum");
  private static final Value ZERO = new Literal(FLOAT, 0);
  private static final Get FIRST = new Get(ROW, Value.literal(0), false);

  private static Method method(String name, List<Variable> parameters, Statement... body) {
    return new Method(name, List.of(), parameters, List.of(body));
  }

  private static void isFine(Statement... body) {
    assertThatCode(() -> MethodVerifier.verify(List.of(method("kernel", List.of(ROW), body))))
        .doesNotThrowAnyException();
  }

  private static void isWrong(String why, Statement... body) {
    isWrong(why, method("kernel", List.of(ROW), body));
  }

  private static void isWrong(String why, Method... kernel) {
    assertThatThrownBy(() -> MethodVerifier.verify(List.of(kernel)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("kernel " + why);
  }

  private static Statement setFirst(Value value) {
    return new Put(FIRST, value, false);
  }

  private static Loop loop(Variable variable, Statement... body) {
    return new Loop(
        variable, Value.literal(0), Value.literal(8), Value.literal(1), true, List.of(body));
  }

  @Test
  void whatKernelsDoIsFine() {
    isFine(
        new Declare(SUM, ZERO, false),
        loop(I, new Assign(SUM, new Binary(BinaryOp.ADD, SUM, new Get(ROW, I, true)))),
        setFirst(SUM));
    isFine(
        new Declare(I, Value.literal(0), false),
        new Loop(
            I,
            null,
            Value.literal(8),
            Value.literal(4),
            false,
            List.of(new Put(new Get(ROW, I, false), ZERO, true))));
  }

  @Test
  void aMethodStaysWithinItsBudget() {
    Statement[] many = Collections.nCopies(2_000, setFirst(ZERO)).toArray(Statement[]::new);
    isWrong("would take 26001 bytes of bytecode; the budget is 6000", many);
  }

  @Test
  void aVariableIsDeclaredBeforeItIsUsed() {
    isWrong("uses sum, which is not declared there", setFirst(SUM));
    isWrong("uses sum, which is not declared there", setFirst(SUM), new Declare(SUM, ZERO, true));
  }

  @Test
  void aVariableEndsWithItsBlock() {
    isWrong(
        "uses sum, which is not declared there",
        loop(I, new Declare(SUM, ZERO, true)),
        setFirst(SUM));
    isFine(
        loop(I, new Declare(SUM, ZERO, true), setFirst(SUM)),
        loop(I, new Declare(SUM, ZERO, true), setFirst(SUM)));
  }

  @Test
  void aVariableIsDeclaredOnce() {
    isWrong("declares sum twice", new Declare(SUM, ZERO, true), new Declare(SUM, ZERO, true));
    isWrong("declares i twice", loop(I, loop(I)));
    isWrong("declares row twice", method("kernel", List.of(ROW, ROW), setFirst(ZERO)));
  }

  @Test
  void aVariableIsUsedAsWhatItWasDeclared() {
    Variable other = new Variable(CodeType.DOUBLE, "sum");
    isWrong("uses sum as double, which is float", new Declare(SUM, ZERO, false), setFirst(other));
  }

  @Test
  void whatIsFinalIsNotAssigned() {
    isWrong("assigns sum, which is final", new Declare(SUM, ZERO, true), new Assign(SUM, ZERO));
    isWrong("assigns i, which is final", loop(I, new Assign(I, Value.literal(1))));
    isWrong(
        "assigns count, which is final",
        method("kernel", List.of(COUNT), new Assign(COUNT, Value.literal(1))));
  }

  @Test
  void everyParameterIsUsed() {
    isWrong(
        "does not use its parameter count", method("kernel", List.of(ROW, COUNT), setFirst(ZERO)));
  }

  @Test
  void operandsHaveOneType() {
    isWrong(
        "puts float and int together", setFirst(new Binary(BinaryOp.ADD, ZERO, Value.literal(1))));
    isWrong("puts float[] and float[] together", setFirst(new Binary(BinaryOp.ADD, ROW, ROW)));
    isWrong(
        "puts float and int together",
        setFirst(new Value.Select(Expr.Comparison.LESS, ZERO, Value.literal(1), ZERO, ZERO)));
  }

  @Test
  void anOperationTakesItsOperands() {
    isWrong("takes SQRT of int", setFirst(new Value.Unary(Expr.UnaryOp.SQRT, Value.literal(4))));
    Value lanes = new Value.Broadcast(ZERO);
    isWrong(
        "chooses between float by comparing FloatVector",
        setFirst(new Value.Select(Expr.Comparison.LESS, lanes, lanes, ZERO, ZERO)));
    isWrong(
        "has 0.5, which is no int",
        setFirst(new Value.Cast(FLOAT, new Literal(CodeType.INT, 0.5))));
  }

  @Test
  void onlyArraysAreIndexedAndByInts() {
    isWrong(
        "takes Literal[type=float, value=0.0] for an array",
        setFirst(new Get(ZERO, Value.literal(0), true)));
    isWrong(
        "has Literal[type=float, value=0.0], float, where int belongs",
        setFirst(new Get(ROW, ZERO, true)));
  }

  @Test
  void whatIsKeptOrStoredHasTheTypeOfItsPlace() {
    String why = "has Literal[type=int, value=1.0], int, where float belongs";
    isWrong(why, setFirst(Value.literal(1)));
    isWrong(why, new Declare(SUM, Value.literal(1), true));
    isWrong(why, new Declare(SUM, ZERO, false), new Assign(SUM, Value.literal(1)));
    isWrong(why, new Statement.Fill(ROW, Value.literal(0), Value.literal(8), Value.literal(1)));
  }

  @Test
  void onlyNumbersAreAskedWhetherTheyAreFinite() {
    isWrong(
        "asks whether Literal[type=int, value=1.0] is finite",
        new Statement.WhenNotFinite(List.of(Value.literal(1)), List.of()));
  }

  @Test
  void loopsCountInIntsFromSomewhere() {
    isWrong("counts a loop in sum, which is float", loop(SUM));
    isWrong(
        "has a loop over i that begins nowhere",
        new Loop(I, null, Value.literal(8), Value.literal(1), true, List.of()));
  }

  @Test
  void whatIsCalledIsThereAndGetsItsArguments() {
    Method tile = method("kernelTile", List.of(ROW), setFirst(ZERO));
    Statement right = new Invoke("kernelTile", List.of(ROW));
    assertThatCode(
            () -> MethodVerifier.verify(List.of(method("kernel", List.of(ROW), right), tile)))
        .doesNotThrowAnyException();
    isWrong("calls kernelTile, which is not there", right);
    isWrong(
        "calls kernelTile with 2 arguments in place of 1",
        method("kernel", List.of(ROW), new Invoke("kernelTile", List.of(ROW, ROW))),
        tile);
    isWrong(
        "has Literal[type=int, value=1.0], int, where float[] belongs",
        method("kernel", List.of(), new Invoke("kernelTile", List.of(Value.literal(1)))),
        tile);
  }

  @Test
  void methodsOfAKernelHaveNamesOfTheirOwn() {
    Method kernel = method("kernel", List.of(ROW), setFirst(ZERO));
    isWrong("is there twice", kernel, kernel);
  }
}
