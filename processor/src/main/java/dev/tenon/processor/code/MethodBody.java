package dev.tenon.processor.code;

import dev.tenon.processor.code.Statement.Declare;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A method body under construction. Blocks nest as loops do; a value that is read in a loop but
 * does not depend on it is computed once, in the outermost block that knows all of its variables.
 */
final class MethodBody {
  private final KernelNames.Locals names;
  private final Function<Value, Optional<LocalName>> called;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<String, Integer> depthOf = new HashMap<>();
  private final Map<Value, LocalName> suggestions = new HashMap<>();
  private final IdentityHashMap<Value, Boolean> fixed = new IdentityHashMap<>();

  private static final class Block {
    final List<Statement> statements = new ArrayList<>();
    final Map<Value, Variable> known = new HashMap<>();
  }

  /**
   * An empty method.
   *
   * @param called what the author of the layer calls a value, if anything
   */
  MethodBody(KernelNames.Locals names, Function<Value, Optional<LocalName>> called) {
    this.names = names;
    this.called = called;
    blocks.add(new Block());
  }

  private int depth() {
    return blocks.size() - 1;
  }

  private Block top() {
    return blocks.get(depth());
  }

  /** Opens a block, of which the variable (if any) belongs to the block. */
  void open(Variable variable) {
    blocks.add(new Block());
    if (variable != null) {
      depthOf.put(variable.name(), depth());
    }
  }

  /** Closes the innermost block and gives its statements. */
  List<Statement> close() {
    return blocks.remove(depth()).statements;
  }

  void add(Statement statement) {
    top().statements.add(statement);
  }

  /** The whole method, once it is finished. */
  List<Statement> finish() {
    List<String> declared = new ArrayList<>();
    collectDeclared(top().statements, declared);
    return Renaming.of(top().statements, names.resolve(declared));
  }

  private static void collectDeclared(List<Statement> statements, List<String> declared) {
    for (Statement statement : statements) {
      if (statement instanceof Declare declare) {
        declared.add(declare.variable().name());
      } else if (statement instanceof Statement.Loop loop) {
        collectDeclared(loop.body(), declared);
      } else if (statement instanceof Statement.WhenInside when) {
        collectDeclared(when.body(), declared);
      } else if (statement instanceof Statement.WhenNotFinite when) {
        collectDeclared(when.body(), declared);
      }
    }
  }

  /** Says what to call the local that may come to hold this value. */
  void suggest(Value value, LocalName name) {
    suggestions.putIfAbsent(value, name);
  }

  /** Declares a variable that will be assigned again; values that read it are never kept. */
  Variable mutable(CodeType type, String name, Value initial) {
    Variable variable = new Variable(type, names.exact(name));
    depthOf.put(variable.name(), Integer.MAX_VALUE);
    add(new Declare(variable, initial, false));
    return variable;
  }

  /** Declares a constant of this very name here. */
  Variable constant(CodeType type, String name, Value value) {
    return constant(new Variable(type, names.exact(name)), value);
  }

  /** Declares one of several constants of this name here. */
  Variable oneOf(CodeType type, String name, Value value) {
    return constant(new Variable(type, names.placeholder(name, name)), value);
  }

  private Variable constant(Variable variable, Value value) {
    depthOf.put(variable.name(), depth());
    add(new Declare(variable, value, true));
    return variable;
  }

  /** Counts how often each value occurs in these expressions, to share what occurs twice. */
  static Map<Value, Integer> count(List<Value> values) {
    Map<Value, Integer> counts = new HashMap<>();
    values.forEach(value -> count(value, counts));
    return counts;
  }

  private static void count(Value value, Map<Value, Integer> counts) {
    if (counts.merge(value, 1, Integer::sum) == 1) {
      value.operands().forEach(operand -> count(operand, counts));
    }
  }

  /**
   * The value, with every part that can be computed further out, or that occurs more than once,
   * replaced by a local.
   */
  Value place(Value value, Map<Value, Integer> counts) {
    if (value instanceof Literal || value instanceof Variable) {
      return value;
    }
    for (Block block : isWorthKeeping(value) ? blocks : List.<Block>of()) {
      Variable known = block.known.get(value);
      if (known != null) {
        return known;
      }
    }
    int depth = isWorthKeeping(value) && isFixed(value) ? depthOf(value) : Integer.MAX_VALUE;
    boolean keeps = depth <= depth();
    if (keeps && (depth < depth() || counts.getOrDefault(value, 0) > 1)) {
      List<Value> operands = value.operands().stream().map(v -> place(v, counts)).toList();
      Block block = blocks.get(depth);
      LocalName name =
          called
              .apply(value)
              .or(() -> Optional.ofNullable(suggestions.get(value)))
              .orElseGet(() -> LocalName.of(value));
      Variable variable = new Variable(value.type(), names.placeholder(name.base(), name.alone()));
      depthOf.put(variable.name(), depth);
      block.statements.add(new Declare(variable, value.withOperands(operands), true));
      block.known.put(value, variable);
      return variable;
    }
    if (value instanceof Value.Select select) {
      // The branches are evaluated only when chosen; a load inside must not move out of them.
      return select.withOperands(select.operands().stream().map(v -> place(v, counts)).toList());
    }
    return value.withOperands(value.operands().stream().map(v -> place(v, counts)).toList());
  }

  private int depthOf(Value value) {
    if (value instanceof Variable variable) {
      return depthOf.getOrDefault(variable.name(), 0);
    }
    return value.operands().stream().mapToInt(this::depthOf).max().orElse(0);
  }

  /** Integer arithmetic is left where it stands: it reads better, and the JIT moves it. */
  private static boolean isWorthKeeping(Value value) {
    return value instanceof Get || (!value.type().equals(CodeType.INT) && !isTrivial(value));
  }

  private static boolean isTrivial(Value value) {
    return value.operands().stream().allMatch(operand -> operand instanceof Literal)
        || (value instanceof Value.Cast cast && cast.operand() instanceof Variable);
  }

  /** Whether nothing that the method writes can change the value. */
  boolean isFixed(Value value) {
    Boolean known = fixed.get(value);
    if (known == null) {
      known =
          !(value instanceof Get get && !get.fixed())
              && value.operands().stream().allMatch(this::isFixed);
      fixed.put(value, known);
    }
    return known;
  }
}
