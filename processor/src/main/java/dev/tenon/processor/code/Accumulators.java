package dev.tenon.processor.code;

import dev.tenon.processor.code.PointValues.Point;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Expr.BinaryOp;
import dev.tenon.processor.ir.Nest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The accumulators of all copies of a nest's body, in locals: set up, folded into, and added up at
 * the end.
 */
final class Accumulators {
  private final Nest nest;
  private final PointValues values;
  private final int partials;
  private final List<Map<String, List<Variable>>> groups = new ArrayList<>();

  Accumulators(Nest nest, PointValues values, MethodBody body, List<Point> points, int partials) {
    this.nest = nest;
    this.values = values;
    this.partials = partials;
    for (Point point : points) {
      Map<String, List<Variable>> group = new LinkedHashMap<>();
      for (Accumulator accumulator : nest.accumulators()) {
        List<Variable> variables = new ArrayList<>();
        for (int p = 0; p < partials; p++) {
          Value zero = new Literal(CodeType.of(accumulator.type()), 0);
          Value init =
              p == 0 ? body.place(values.value(accumulator.init(), point, null), Map.of()) : zero;
          if (values.inVectors()) {
            init = PointValues.vector(init);
          }
          String number = points.size() == 1 ? "" : number(accumulator.name(), groups.size());
          variables.add(body.mutable(init.type(), accumulator.name() + number + suffix(p), init));
        }
        group.put(accumulator.name(), variables);
      }
      groups.add(group);
    }
  }

  /** A number behind a name, apart from the digits that may end it. */
  private static String number(String name, int number) {
    return (Character.isDigit(name.charAt(name.length() - 1)) ? "_" : "") + number;
  }

  private String suffix(int partial) {
    return partials == 1 ? "" : String.valueOf((char) ('A' + partial));
  }

  void fold(MethodBody body, List<Point> points) {
    // Group copies of the same accumulator so that each gets one statement.
    Map<Variable, List<Value>> terms = new LinkedHashMap<>();
    List<Value> all = new ArrayList<>();
    List<Runnable> replacements = new ArrayList<>();
    for (Point point : points) {
      Map<String, Value> own = new HashMap<>();
      groups.get(point.group()).forEach((n, v) -> own.put(n, v.get(0)));
      List<Variable> targets = new ArrayList<>();
      List<Value> nexts = new ArrayList<>();
      for (Accumulator accumulator : nest.accumulators()) {
        List<Variable> variables = groups.get(point.group()).get(accumulator.name());
        if (accumulator.fold() instanceof Sum sum) {
          Value term = values.value(sum.term(), point, own);
          terms.computeIfAbsent(variables.get(point.partial()), v -> new ArrayList<>()).add(term);
          // Of a product that is added in one operation, the factors are what can be shared.
          all.addAll(isFused(term) ? factors(term) : List.of(term));
        } else {
          Value next = values.value(((Replace) accumulator.fold()).next(), point, own);
          if (values.inVectors()) {
            next = PointValues.vector(next);
          }
          targets.add(variables.get(0));
          nexts.add(next);
        }
      }
      if (!targets.isEmpty()) {
        replacements.add(() -> replace(body, targets, nexts));
      }
    }
    Map<Value, Integer> counts = MethodBody.count(all);
    terms.forEach(
        (variable, addends) -> {
          Value sum = variable;
          for (Value term : addends) {
            if (isFused(term)) {
              List<Value> factors = factors(term).stream().map(f -> body.place(f, counts)).toList();
              sum = new Value.MultiplyAdd(factors.get(0), factors.get(1), sum);
            } else {
              Value placed = body.place(term, counts);
              sum =
                  new Value.Binary(
                      BinaryOp.ADD, sum, values.inVectors() ? PointValues.vector(placed) : placed);
            }
          }
          body.add(new Statement.Assign(variable, sum));
        });
    replacements.forEach(Runnable::run);
  }

  /** Whether the term is a product of vectors: one operation multiplies and adds. */
  private static boolean isFused(Value term) {
    return term.type().isVector()
        && term instanceof Value.Binary binary
        && binary.op() == BinaryOp.MULTIPLY;
  }

  private static List<Value> factors(Value product) {
    return product.operands();
  }

  /** Assigns all at once: those that another one reads are computed before any is assigned. */
  private void replace(MethodBody body, List<Variable> targets, List<Value> values) {
    List<Value> nexts = withGuardedOnce(body, values);
    Map<Value, Integer> counts = MethodBody.count(nexts);
    List<Value> placed = nexts.stream().map(v -> body.place(v, counts)).toList();
    if (targets.size() == 1) {
      body.add(new Statement.Assign(targets.get(0), placed.get(0)));
      return;
    }
    List<Variable> next = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      next.add(
          body.oneOf(
              targets.get(i).type(), CamelCase.join("next", targets.get(i).name()), placed.get(i)));
    }
    for (int i = 0; i < targets.size(); i++) {
      body.add(new Statement.Assign(targets.get(i), next.get(i)));
    }
  }

  /** Reads what lies behind a condition, such as in a padded window, once for all uses. */
  private List<Value> withGuardedOnce(MethodBody body, List<Value> values) {
    Set<Value> accumulators = new HashSet<>();
    groups.forEach(group -> group.values().forEach(accumulators::addAll));
    Map<Value, Value> known = new HashMap<>();
    List<Value> result = values;
    Optional<Value> next = guarded(body, result, accumulators);
    while (next.isPresent()) {
      Value value = next.get();
      known.put(value, body.oneOf(value.type(), "value", value));
      result = result.stream().map(v -> v.replaced(known)).toList();
      next = guarded(body, result, accumulators);
    }
    return result;
  }

  private static Optional<Value> guarded(
      MethodBody body, List<Value> values, Set<Value> accumulators) {
    return MethodBody.count(values).entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .map(Map.Entry::getKey)
        .filter(value -> value instanceof Value.Select && !body.isFixed(value))
        .filter(value -> accumulators.stream().noneMatch(value::contains))
        .max(Comparator.comparingInt(Value::size));
  }

  /** The accumulators' final values: partial sums added in a fixed order, as a tree. */
  List<Map<String, Value>> totals(MethodBody body) {
    List<Map<String, Value>> totals = new ArrayList<>();
    for (Map<String, List<Variable>> group : groups) {
      int number = totals.size();
      Map<String, Value> total = new HashMap<>();
      group.forEach(
          (accumulatorName, variables) ->
              total.put(
                  accumulatorName,
                  variables.size() == 1
                      ? variables.get(0)
                      : body.constant(
                          variables.get(0).type(),
                          groups.size() == 1
                              ? accumulatorName
                              : accumulatorName + number(accumulatorName, number),
                          tree(variables))));
      totals.add(total);
    }
    return totals;
  }

  private static Value tree(List<? extends Value> values) {
    if (values.size() == 1) {
      return values.get(0);
    }
    int half = values.size() / 2;
    return new Value.Binary(
        BinaryOp.ADD, tree(values.subList(0, half)), tree(values.subList(half, values.size())));
  }
}
