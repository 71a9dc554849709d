package dev.tenon.processor.code;

import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Statement.Put;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The parameters of a method, found in its body. */
final class FreeVariables {
  private FreeVariables() {}

  /**
   * What a body uses and does not declare: its parameters, in the same order everywhere. Arrays
   * that it writes come first, then those that it reads, then numbers, the batch and the range
   * last.
   */
  static List<Variable> of(List<Statement> statements, Nest nest) {
    Set<Variable> free = new LinkedHashSet<>();
    collect(statements, new HashSet<>(), free);
    List<Tensor> outputs = nest.stores().stream().map(Store::tensor).toList();
    Comparator<Variable> kind =
        Comparator.comparingInt(
            variable -> {
              if (variable.type().isArray()) {
                boolean written =
                    outputs.stream().anyMatch(tensor -> isArrayOf(variable, tensor, nest));
                return written ? 0 : 1;
              }
              return !(variable.meaning() instanceof RuntimeArgument argument)
                  ? 2
                  : switch (argument) {
                    case BATCH -> 3;
                    case FROM -> 4;
                    case TO -> 5;
                    default -> 2;
                  };
            });
    return free.stream().sorted(kind).toList();
  }

  private static boolean isArrayOf(Variable variable, Tensor tensor, Nest nest) {
    return tensor.isState()
        ? variable.meaning().equals(new Meaning.StateArray(tensor.role()))
        : variable.meaning() instanceof Meaning.OfTensor of
            && nest.tensors().get(of.number()).equals(tensor);
  }

  private static void collect(
      List<Statement> statements, Set<Variable> declared, Set<Variable> free) {
    Set<Variable> here = new HashSet<>(declared);
    for (Statement statement : statements) {
      if (statement instanceof Statement.Declare declare) {
        collect(declare.value(), here, free);
        here.add(declare.variable());
      } else if (statement instanceof Statement.Assign assign) {
        collect(assign.variable(), here, free);
        collect(assign.value(), here, free);
      } else if (statement instanceof Put put) {
        collect(put.target(), here, free);
        collect(put.value(), here, free);
      } else if (statement instanceof Statement.Loop loop) {
        if (loop.from() != null) {
          collect(loop.from(), here, free);
        }
        collect(loop.to(), here, free);
        Set<Variable> inside = new HashSet<>(here);
        if (loop.declared()) {
          inside.add(loop.variable());
        }
        collect(loop.body(), inside, free);
      } else if (statement instanceof Statement.WhenInside when) {
        when.ranges().forEach(range -> collect(range.index(), here, free));
        collect(when.body(), here, free);
      } else if (statement instanceof Statement.WhenNotFinite when) {
        when.values().forEach(value -> collect(value, here, free));
        collect(when.body(), here, free);
      } else if (statement instanceof Statement.Copy copy) {
        for (Value value :
            List.of(copy.from(), copy.fromIndex(), copy.to(), copy.toIndex(), copy.length())) {
          collect(value, here, free);
        }
      } else if (statement instanceof Statement.Fill fill) {
        for (Value value : List.of(fill.array(), fill.fromIndex(), fill.toIndex(), fill.value())) {
          collect(value, here, free);
        }
      } else if (statement instanceof Statement.Invoke invoke) {
        invoke.arguments().forEach(argument -> collect(argument, here, free));
      }
    }
  }

  private static void collect(Value value, Set<Variable> declared, Set<Variable> free) {
    if (value instanceof Variable variable) {
      if (!declared.contains(variable) && variable.meaning() != RuntimeArgument.LANES) {
        free.add(variable);
      }
    } else {
      value.operands().forEach(operand -> collect(operand, declared, free));
    }
  }
}
