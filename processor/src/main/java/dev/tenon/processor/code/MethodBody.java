package dev.tenon.processor.code;

import dev.tenon.processor.code.Statement.Declare;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A method body under construction. Blocks nest as loops do; a value that is read in a loop but
 * does not depend on it is computed once, in the outermost block that knows all of its variables.
 */
final class MethodBody {
  private final KernelNames.Locals names;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<String, Integer> depthOf = new HashMap<>();

  private static final class Block {
    final List<Statement> statements = new ArrayList<>();
    final Map<Value, Variable> known = new HashMap<>();
  }

  MethodBody(KernelNames.Locals names) {
    this.names = names;
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

  List<Statement> statements() {
    return top().statements;
  }

  String uniqueName(String base) {
    return names.named(base);
  }

  /** Declares a variable that will be assigned again; values that read it are never kept. */
  Variable mutable(CodeType type, String base, Value initial) {
    Variable variable = new Variable(type, names.named(base));
    depthOf.put(variable.name(), Integer.MAX_VALUE);
    add(new Declare(variable, initial, false));
    return variable;
  }

  /** Marks the variable as one that changes, without declaring it. */
  void markMutable(Variable variable) {
    depthOf.put(variable.name(), Integer.MAX_VALUE);
  }

  /** Declares a constant here. */
  Variable constant(CodeType type, String base, Value value) {
    Variable variable = new Variable(type, names.named(base));
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
    for (Block block : blocks) {
      Variable known = block.known.get(value);
      if (known != null) {
        return known;
      }
    }
    int depth = depthOf(value);
    boolean keeps = depth <= depth() && isWorthKeeping(value) && isFixed(value);
    if (keeps && (depth < depth() || counts.getOrDefault(value, 0) > 1)) {
      List<Value> operands = value.operands().stream().map(v -> place(v, counts)).toList();
      Block block = blocks.get(depth);
      Variable variable = new Variable(value.type(), names.numbered(hint(value)));
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
    return value.operands().stream().allMatch(operand -> operand instanceof Literal);
  }

  private static boolean isFixed(Value value) {
    return !(value instanceof Get get && !get.fixed())
        && value.operands().stream().allMatch(MethodBody::isFixed);
  }

  private static String hint(Value value) {
    if (value instanceof Get get) {
      Value array = get.array();
      while (array instanceof Get inner) {
        array = inner.array();
      }
      String name = ((Variable) array).name();
      return StateArrays.isName(name) ? firstVariable(get.index()) : name;
    }
    return "t";
  }

  /** A state array holds many tensors; the offset that an index starts with tells which. */
  private static String firstVariable(Value index) {
    Value leftmost = index;
    while (!leftmost.operands().isEmpty()) {
      leftmost = leftmost.operands().get(0);
    }
    return leftmost instanceof Variable variable ? variable.name() : "state";
  }
}
