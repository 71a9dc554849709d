package dev.tenon.processor.code;

import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What must hold of every generated method; a violation is a mistake of ours, not of the user. Each
 * value is looked at once.
 *
 * <ul>
 *   <li>It stays within its budget of bytecode.
 *   <li>A variable is declared before it is used, once, and used as the type that it was declared
 *       with; what is final is not assigned again.
 *   <li>Every parameter is used.
 *   <li>Operands have the same type, one that the operation takes; arrays are indexed by ints.
 *   <li>A value that is kept or stored has the type of what holds it.
 *   <li>A method that is called is one of the kernel's and gets as many arguments as it has
 *       parameters, each of its parameter's type.
 * </ul>
 */
public final class MethodVerifier {
  private static final CodeType FLOAT = CodeType.of(ElementType.FLOAT);

  /** What has been declared of a variable. */
  private record Declared(CodeType type, boolean isFinal) {}

  private final Method method;
  private final Map<String, Method> callable;
  private final Map<String, Declared> inScope = new HashMap<>();

  /** What each block has declared, the innermost last. */
  private final List<List<String>> blocks = new ArrayList<>();

  private final Set<String> used = new HashSet<>();

  private MethodVerifier(Method method, Map<String, Method> callable) {
    this.method = method;
    this.callable = callable;
  }

  /** Checks the methods of one kernel, which may call each other. */
  public static void verify(List<Method> kernel) {
    Map<String, Method> callable = new HashMap<>();
    for (Method method : kernel) {
      if (callable.put(method.name(), method) != null) {
        throw new IllegalStateException(method.name() + " is there twice");
      }
    }
    kernel.forEach(method -> new MethodVerifier(method, callable).verify());
  }

  private void verify() {
    int bytes = BytecodeEstimate.of(method);
    require(
        bytes <= BytecodeEstimate.BUDGET,
        "would take ",
        bytes,
        " bytes of bytecode; the budget is ",
        BytecodeEstimate.BUDGET);
    blocks.add(new ArrayList<>());
    method.parameters().forEach(parameter -> declare(parameter, true));
    block(method.body());
    for (Variable parameter : method.parameters()) {
      require(used.contains(parameter.name()), "does not use its parameter ", parameter.name());
    }
  }

  /** Nothing is put together for what holds. */
  private void require(boolean holds, Object... problem) {
    if (!holds) {
      throw new IllegalStateException(
          method.name()
              + " "
              + Arrays.stream(problem).map(String::valueOf).collect(Collectors.joining()));
    }
  }

  // ------------------------------------------------------------------------------ variables

  private void declare(Variable variable, boolean isFinal) {
    Declared before = inScope.put(variable.name(), new Declared(variable.type(), isFinal));
    require(before == null, "declares ", variable.name(), " twice");
    blocks.get(blocks.size() - 1).add(variable.name());
  }

  private Declared use(Variable variable) {
    Declared declared = inScope.get(variable.name());
    require(declared != null, "uses ", variable.name(), ", which is not declared there");
    require(
        declared.type().equals(variable.type()),
        "uses ",
        variable.name(),
        " as ",
        variable.type(),
        ", which is ",
        declared.type());
    used.add(variable.name());
    return declared;
  }

  private void assign(Variable variable) {
    require(!use(variable).isFinal(), "assigns ", variable.name(), ", which is final");
  }

  // ----------------------------------------------------------------------------- statements

  private void block(List<Statement> statements) {
    blocks.add(new ArrayList<>());
    statements.forEach(this::statement);
    blocks.remove(blocks.size() - 1).forEach(inScope::remove);
  }

  private void statement(Statement statement) {
    if (statement instanceof Statement.Declare declare) {
      is(declare.variable().type(), declare.value());
      declare(declare.variable(), declare.isFinal());
    } else if (statement instanceof Statement.Assign assign) {
      is(assign.variable().type(), assign.value());
      assign(assign.variable());
    } else if (statement instanceof Statement.Put put) {
      CodeType element = type(put.target());
      require(!element.isArray(), "stores an array in ", put.target());
      is(element, put.value());
    } else if (statement instanceof Statement.Loop loop) {
      loop(loop);
    } else if (statement instanceof Statement.WhenInside when) {
      when.ranges().forEach(range -> is(CodeType.INT, range.index()));
      block(when.body());
    } else if (statement instanceof Statement.WhenNotFinite when) {
      for (Value value : when.values()) {
        require(type(value).isReal(), "asks whether ", value, " is finite");
      }
      block(when.body());
    } else if (statement instanceof Statement.Copy copy) {
      CodeType array = array(copy.from());
      is(array, copy.to());
      is(CodeType.INT, copy.fromIndex());
      is(CodeType.INT, copy.toIndex());
      is(CodeType.INT, copy.length());
    } else if (statement instanceof Statement.Fill fill) {
      is(array(fill.array()).element(), fill.value());
      is(CodeType.INT, fill.fromIndex());
      is(CodeType.INT, fill.toIndex());
    } else {
      invoke((Statement.Invoke) statement);
    }
  }

  private void loop(Statement.Loop loop) {
    require(
        loop.variable().type().equals(CodeType.INT),
        "counts a loop in ",
        loop.variable().name(),
        ", which is ",
        loop.variable().type());
    require(
        loop.declared() == (loop.from() != null),
        "has a loop over ",
        loop.variable().name(),
        " that begins nowhere");
    is(CodeType.INT, loop.to());
    is(CodeType.INT, loop.step());
    if (!loop.declared()) {
      assign(loop.variable());
      block(loop.body());
      return;
    }
    is(CodeType.INT, loop.from());
    blocks.add(new ArrayList<>());
    declare(loop.variable(), true);
    block(loop.body());
    blocks.remove(blocks.size() - 1).forEach(inScope::remove);
  }

  private void invoke(Statement.Invoke invoke) {
    Method called = callable.get(invoke.method());
    require(called != null, "calls ", invoke.method(), ", which is not there");
    require(
        called.parameters().size() == invoke.arguments().size(),
        "calls ",
        invoke.method(),
        " with ",
        invoke.arguments().size(),
        " arguments in place of ",
        called.parameters().size());
    for (int i = 0; i < called.parameters().size(); i++) {
      is(called.parameters().get(i).type(), invoke.arguments().get(i));
    }
  }

  // --------------------------------------------------------------------------------- values

  private void is(CodeType wanted, Value value) {
    CodeType actual = type(value);
    require(actual.equals(wanted), "has ", value, ", ", actual, ", where ", wanted, " belongs");
  }

  private CodeType array(Value value) {
    CodeType type = type(value);
    require(type.isArray(), "takes ", value, " for an array");
    return type;
  }

  private CodeType number(Value value) {
    CodeType type = type(value);
    require(!type.isArray() && !type.isVector(), "takes ", value, " for a number");
    return type;
  }

  /** The type of a value, all of whose parts are right. */
  private CodeType type(Value value) {
    if (value instanceof Value.Literal literal) {
      require(
          literal.type().isReal() || literal.value() == Math.rint(literal.value()),
          "has ",
          literal.value(),
          ", which is no ",
          literal.type());
    } else if (value instanceof Variable variable) {
      // A constant of the class.
      if (variable.meaning() != RuntimeArgument.LANES) {
        use(variable);
      }
    } else if (value instanceof Value.Get get) {
      CodeType element = array(get.array()).element();
      is(CodeType.INT, get.index());
      require(!get.vector() || element.equals(FLOAT), "reads a vector of ", element);
    } else if (value instanceof Value.Broadcast broadcast) {
      is(FLOAT, broadcast.scalar());
    } else if (value instanceof Value.Cast cast) {
      number(cast.operand());
    } else if (value instanceof Value.Unary unary) {
      CodeType operand = type(unary.operand());
      boolean takes =
          unary.op() == UnaryOp.NEGATE
              ? !operand.isArray()
              : operand.isReal() || operand.isVector();
      require(takes, "takes ", unary.op(), " of ", operand);
    } else if (value instanceof Value.Binary binary) {
      same(binary.left(), binary.right());
    } else if (value instanceof Value.MultiplyAdd sum) {
      is(CodeType.VECTOR, sum.left());
      is(CodeType.VECTOR, sum.right());
      is(CodeType.VECTOR, sum.addend());
    } else if (value instanceof Value.Select select) {
      CodeType compared = same(select.left(), select.right());
      CodeType chosen = same(select.whenTrue(), select.whenFalse());
      // A number may choose between vectors, but a vector chooses lane by lane.
      require(
          chosen.isVector() || !compared.isVector(),
          "chooses between ",
          chosen,
          " by comparing ",
          compared);
    } else {
      ((Value.Call) value).arguments().forEach(this::number);
    }
    return value.type();
  }

  /** The one type of two operands, numbers or vectors. */
  private CodeType same(Value left, Value right) {
    CodeType type = type(left);
    CodeType other = type(right);
    require(type.equals(other) && !type.isArray(), "puts ", type, " and ", other, " together");
    return type;
  }
}
