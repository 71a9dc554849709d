package dev.tenon.processor.code;

import dev.tenon.processor.code.Statement.Declare;
import dev.tenon.processor.code.Statement.Loop;
import dev.tenon.processor.code.Value.Binary;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Expr.BinaryOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Gives a name to what the indices of several elements have in common, {@code n * 6400 + x * 64} in
 * {@code input[n * 6400 + x * 64 + 704]}, where the innermost of its loops begins. The compiled
 * code is the same: it is for readers.
 */
public final class IndexBases {
  /** Elements from which on a name makes a method shorter. */
  private static final int FEWEST = 3;

  /** A block of statements whose beginning knows a counter: the method's, or a loop's. */
  private record Place(int block, Value base) {}

  /** What is read or written from one base on. */
  private static final class Uses {
    int count;
    final Set<String> arrays = new LinkedHashSet<>();
    Variable name;
  }

  private final Map<Place, Uses> uses = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** For each variable, the block from whose beginning on it has its value; none of a local. */
  private final Map<String, Integer> blockOf = new HashMap<>();

  /** The blocks around the present statement, outermost first. */
  private final List<Integer> open = new ArrayList<>();

  private int blocks;

  private IndexBases(Method method) {
    method.parameters().forEach(this::take);
    method.values().forEach(this::takeAll);
  }

  /** The method with such names. */
  public static Method named(Method method) {
    IndexBases bases = new IndexBases(method);
    bases.walk(method, false);
    bases.uses.values().removeIf(use -> use.count < FEWEST);
    if (bases.uses.isEmpty()) {
      return method;
    }
    bases.uses.values().forEach(bases::name);
    return new Method(
        method.name(), method.comment(), method.parameters(), bases.walk(method, true));
  }

  private void take(Variable variable) {
    taken.add(variable.name());
  }

  private void takeAll(Value value) {
    if (value instanceof Variable variable) {
      take(variable);
    }
    value.operands().forEach(this::takeAll);
  }

  private void name(Uses use) {
    String base = use.arrays.size() == 1 ? use.arrays.iterator().next() + "At" : "at";
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + i;
    }
    use.name = new Variable(CodeType.INT, name);
  }

  private List<Statement> walk(Method method, boolean replaces) {
    blocks = 0;
    blockOf.clear();
    method.parameters().forEach(parameter -> blockOf.put(parameter.name(), 0));
    return block(method.body(), replaces);
  }

  /** A block of its own. */
  private List<Statement> block(List<Statement> body, boolean replaces) {
    int number = blocks++;
    open.add(number);
    List<Statement> inner = statements(body, replaces);
    open.remove(open.size() - 1);
    List<Statement> result = new ArrayList<>();
    uses.forEach(
        (place, use) -> {
          if (replaces && place.block() == number) {
            result.add(new Declare(use.name, place.base(), true));
          }
        });
    result.addAll(inner);
    return result;
  }

  private List<Statement> statements(List<Statement> body, boolean replaces) {
    UnaryOperator<Value> values = value -> replaces ? replaced(value) : counted(value);
    List<Statement> result = new ArrayList<>();
    for (Statement statement : body) {
      if (statement instanceof Loop loop) {
        // What runs inside knows the counter from its beginning on; the next block is that one.
        Integer before = blockOf.put(loop.variable().name(), blocks);
        result.add(loop.map(values, inner -> block(inner, replaces)));
        if (before != null) {
          blockOf.put(loop.variable().name(), before);
        } else {
          blockOf.remove(loop.variable().name());
        }
      } else {
        // A condition is no block of its own: an index may be worked out whether it holds or not.
        result.add(statement.map(values, inner -> statements(inner, replaces)));
      }
    }
    return result;
  }

  private Value counted(Value value) {
    if (value instanceof Get get) {
      Place place = place(get);
      if (place != null) {
        Uses use = uses.computeIfAbsent(place, p -> new Uses());
        use.count++;
        if (get.array() instanceof Variable array) {
          use.arrays.add(array.name());
        }
      }
    }
    value.operands().forEach(this::counted);
    return value;
  }

  private Value replaced(Value value) {
    if (value.operands().isEmpty()) {
      return value;
    }
    if (value instanceof Get get) {
      Uses use = place(get) == null ? null : uses.get(place(get));
      if (use != null) {
        Value index =
            base(get.index()) == get.index()
                ? use.name
                : new Binary(BinaryOp.ADD, use.name, ((Binary) get.index()).right());
        return new Get(replaced(get.array()), index, get.fixed(), get.vector());
      }
    }
    return value.withOperands(value.operands().stream().map(this::replaced).toList());
  }

  /** The base of an index, and where it is first known; null if it is short or made of locals. */
  private Place place(Get get) {
    Value base = base(get.index());
    if (!(base instanceof Binary)) {
      return null;
    }
    int depth = depth(base);
    return depth < 0 ? null : new Place(open.get(depth), base);
  }

  /** The index without the number that ends it. */
  private static Value base(Value index) {
    return index instanceof Binary sum && sum.op() == BinaryOp.ADD && sum.right() instanceof Literal
        ? sum.left()
        : index;
  }

  /** The number of the innermost open block that a value needs; -1 if it is known in none. */
  private int depth(Value value) {
    if (value instanceof Variable variable) {
      Integer block = blockOf.get(variable.name());
      return block == null ? -1 : open.indexOf(block);
    }
    if (!(value instanceof Binary || value instanceof Literal)) {
      return -1;
    }
    int depth = 0;
    for (Value operand : value.operands()) {
      int own = depth(operand);
      if (own < 0) {
        return -1;
      }
      depth = Math.max(depth, own);
    }
    return depth;
  }
}
