package dev.tenon.processor.ir;

import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Expr.AccumulatorValue;
import dev.tenon.processor.ir.Expr.Binary;
import dev.tenon.processor.ir.Expr.Call;
import dev.tenon.processor.ir.Expr.Cast;
import dev.tenon.processor.ir.Expr.Constant;
import dev.tenon.processor.ir.Expr.IndexValue;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Expr.Scalar;
import dev.tenon.processor.ir.Expr.Select;
import dev.tenon.processor.ir.Expr.Unary;
import dev.tenon.processor.ir.Expr.Uniform;
import dev.tenon.processor.ir.Step.Conditional;
import dev.tenon.processor.ir.Step.Increment;
import dev.tenon.runtime.internal.kernel.Blocks;
import dev.tenon.runtime.math.Functions;
import dev.tenon.runtime.random.Randoms;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/**
 * Runs nests as they are written, point by point, in double precision: what every plan and every
 * rendering must agree with. A FLOAT is computed as a double too, so a float network run here is
 * its own reference.
 *
 * <p>Memory is a map from tensor to values in row-major order. A tensor of values comes into being
 * with the first store that replaces its elements; before, every element is NaN, so that one which
 * a nest forgets shows.
 */
public final class KernelInterpreter {
  /** What the model passes to its kernels. */
  public interface Host {
    /** A run-time number other than a random key. */
    double number(HostScalar scalar);

    /** The key of a layer's random numbers. */
    long key(HostScalar scalar);

    /** Adds one to a counter. */
    void increment(String counter);

    /** Whether the statistics of a layer are frozen. */
    default boolean isFrozen(String layer) {
      return false;
    }
  }

  /** What becomes of the result of one operation. */
  public interface Rounding {
    /** Results as they are, in double precision. */
    Rounding NONE = (type, exact) -> exact;

    /**
     * The result that the operation gives instead.
     *
     * @param type type of the operation, FLOAT or DOUBLE
     */
    double round(ElementType type, double exact);

    /**
     * The result that adding a term to a sum gives instead.
     *
     * @param type type of the sum as the nest says it; a plan may take it in another one
     */
    default double roundSum(ElementType type, double exact) {
      return round(type, exact);
    }
  }

  /** One expression, ready to run at a point: the values of the nest's axes in order. */
  private interface Code {
    double at(int[] point);
  }

  private final int batch;
  private final Host host;
  private final Map<Tensor, double[]> memory;
  private final Rounding rounding;

  /**
   * Prepares a run.
   *
   * @param batch number of samples, at least 1
   * @param memory inputs, parameters and running statistics; takes everything else
   */
  public KernelInterpreter(int batch, Host host, Map<Tensor, double[]> memory) {
    this(batch, host, memory, Rounding.NONE);
  }

  /** Prepares a run whose arithmetic is rounded. */
  public KernelInterpreter(int batch, Host host, Map<Tensor, double[]> memory, Rounding rounding) {
    this.batch = batch;
    this.host = host;
    this.memory = memory;
    this.rounding = rounding;
  }

  /** Runs the steps in order. */
  public void run(List<Step> steps) {
    steps.forEach(this::run);
  }

  private void run(Step step) {
    if (step instanceof Conditional conditional) {
      if (conditional.condition().holds(host.isFrozen(conditional.layer()))) {
        run(conditional.step());
      }
    } else if (step instanceof Increment increment) {
      host.increment(increment.counter());
    } else if (step instanceof Nest nest) {
      new Run(nest).run();
    }
    // A whole batch has nothing to join.
  }

  /** Number of values of a tensor at this batch size. */
  public static int count(Tensor tensor, int batch) {
    int count = 1;
    for (int dim : tensor.dims()) {
      count *= extent(dim, batch);
    }
    return count;
  }

  /** A size, of which the batch, or a number that follows from it, may be the unknown. */
  private static int extent(int size, int batch) {
    Axis axis = new Axis("", size);
    if (axis.isFixed()) {
      return size;
    }
    if (axis.isBatch()) {
      return batch;
    }
    return axis.isParts()
        ? Blocks.numberOfParts(batch, axis.blockNumber())
        : Blocks.number(batch, axis.blockNumber());
  }

  /** One nest under way. */
  private final class Run {
    private final Nest nest;
    private final List<Axis> axes;
    private final int[] extents;
    private final int[] point;
    private final double[] accumulators;

    /** The axis over blocks of samples, if there is one: inside of it, a batch is its block. */
    private final int[] blocks;

    Run(Nest nest) {
      this.nest = nest;
      this.axes = nest.axes();
      this.extents = axes.stream().mapToInt(a -> extent(a.extent(), batch)).toArray();
      this.blocks =
          IntStream.range(0, extents.length).filter(i -> axes.get(i).isBlocks()).toArray();
      this.point = new int[extents.length];
      this.accumulators = new double[nest.accumulators().size()];
    }

    void run() {
      for (Store store : nest.stores()) {
        if (store.mode() == Store.Mode.SET) {
          memory.computeIfAbsent(store.tensor(), KernelInterpreter.this::unwritten);
        }
      }
      List<Runnable> stores = new ArrayList<>();
      nest.stores().forEach(store -> stores.add(compile(store)));
      if (nest.accumulators().isEmpty()) {
        forEachPoint(0, axes.size(), () -> stores.forEach(Runnable::run));
        return;
      }
      Runnable init = compileInit();
      Runnable fold = compileFold();
      int parallel = nest.parallel().size();
      forEachPoint(
          0,
          parallel,
          () -> {
            if (nest.repairs() && !isBroken()) {
              return;
            }
            init.run();
            forEachPoint(parallel, axes.size(), fold);
            stores.forEach(Runnable::run);
          });
    }

    /** Whether one of the elements that it may replace is not finite. */
    private boolean isBroken() {
      return nest.stores().stream()
          .anyMatch(
              store ->
                  !Double.isFinite(
                      written(store.tensor())[
                          new Position(store.tensor(), store.index()).at(point)]));
    }

    private void forEachPoint(int from, int to, Runnable body) {
      if (from == to) {
        body.run();
        return;
      }
      int first = 0;
      int end = extents[from];
      if (axes.get(from).isBatch() && blocks.length > 0) {
        Axis block = axes.get(blocks[0]);
        int size =
            block.isParts() ? Blocks.sizeOfParts(batch, block.blockNumber()) : block.blockNumber();
        first = point[blocks[0]] * size;
        end = Math.min(batch, first + size);
      }
      for (int i = first; i < end; i++) {
        point[from] = i;
        forEachPoint(from + 1, to, body);
      }
    }

    private Runnable compileInit() {
      Code[] init = new Code[accumulators.length];
      for (int i = 0; i < init.length; i++) {
        init[i] = compile(nest.accumulators().get(i).init());
      }
      return () -> {
        for (int i = 0; i < init.length; i++) {
          accumulators[i] = init[i].at(point);
        }
      };
    }

    /** All accumulators read what they were before the point. */
    private Runnable compileFold() {
      Code[] next = new Code[accumulators.length];
      for (int i = 0; i < next.length; i++) {
        int slot = i;
        Accumulator.Fold fold = nest.accumulators().get(i).fold();
        Code value = compile(fold instanceof Sum sum ? sum.term() : ((Replace) fold).next());
        next[i] =
            fold instanceof Sum sum
                ? summed(sum.term().type(), p -> value.at(p) + accumulators[slot])
                : value;
      }
      double[] values = new double[next.length];
      return () -> {
        for (int i = 0; i < next.length; i++) {
          values[i] = next[i].at(point);
        }
        System.arraycopy(values, 0, accumulators, 0, values.length);
      };
    }

    private Runnable compile(Store store) {
      double[] values = written(store.tensor());
      Position position = new Position(store.tensor(), store.index());
      Code value = compile(store.value());
      boolean add = store.mode() == Store.Mode.ADD;
      ElementType type = store.value().type();
      return () -> {
        int at = position.at(point);
        double computed = value.at(point);
        if (at >= 0) {
          values[at] = add ? rounding.round(type, values[at] + computed) : computed;
        } else if (!add) {
          throw new IndexOutOfBoundsException(nest.name() + " stores outside " + store.tensor());
        }
      };
    }

    private Code compile(Expr expr) {
      if (expr instanceof Constant constant) {
        return p -> constant.value();
      }
      if (expr instanceof Load load) {
        return compile(load);
      }
      if (expr instanceof AccumulatorValue value) {
        int slot = slot(value.name());
        return p -> accumulators[slot];
      }
      if (expr instanceof Scalar scalar) {
        double number = host.number(scalar.scalar());
        return p -> number;
      }
      if (expr instanceof IndexValue value) {
        Linear index = new Linear(value.index());
        return index::at;
      }
      if (expr instanceof Uniform uniform) {
        long key = host.key(uniform.key());
        Linear index = new Linear(uniform.index());
        return p -> Randoms.uniform(key, index.at(p));
      }
      if (expr instanceof Unary unary) {
        Code operand = compile(unary.operand());
        return switch (unary.op()) {
          case NEGATE -> p -> -operand.at(p);
          case SQRT -> rounded(unary.type(), p -> Math.sqrt(operand.at(p)));
          case EXP -> rounded(unary.type(), p -> Functions.exp(operand.at(p)));
          case LOG -> rounded(unary.type(), p -> Functions.log(operand.at(p)));
          case TANH -> rounded(unary.type(), p -> Functions.tanh(operand.at(p)));
          case ERF -> rounded(unary.type(), p -> Functions.erf(operand.at(p)));
        };
      }
      if (expr instanceof Call call) {
        Code operand = compile(call.operand());
        MethodHandle method = method(call);
        return rounded(
            call.type(),
            p -> {
              try {
                return ((Number) method.invoke(argument(call, operand.at(p)))).doubleValue();
              } catch (Throwable e) {
                throw new IllegalStateException(call.toString(), e);
              }
            });
      }
      if (expr instanceof Cast cast) {
        Code operand = compile(cast.operand());
        return cast.type() == ElementType.INT
            ? p -> (int) operand.at(p)
            : rounded(cast.type(), operand);
      }
      if (expr instanceof Select select) {
        return compile(select);
      }
      return compile((Binary) expr);
    }

    private static Object argument(Call call, double value) {
      return call.type() == ElementType.FLOAT ? (Object) (float) value : (Object) value;
    }

    private static MethodHandle method(Call call) {
      Class<?> type = call.type() == ElementType.FLOAT ? float.class : double.class;
      try {
        return MethodHandles.publicLookup()
            .findStatic(
                Class.forName(qualified(call.in())),
                call.method(),
                MethodType.methodType(type, type))
            .asType(MethodType.methodType(Object.class, Object.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(call.toString(), e);
      }
    }

    /** As the class loader calls it. */
    private static String qualified(HostClass in) {
      String name = in.nameInPackage().replace('.', '$');
      return in.packageName().isEmpty() ? name : in.packageName() + "." + name;
    }

    private Code compile(Load load) {
      double[] values = written(load.tensor());
      Position position = new Position(load.tensor(), load.index());
      double outside = load.outside() == Outside.ZERO ? 0 : Double.NEGATIVE_INFINITY;
      boolean never = load.outside() == Outside.NEVER;
      return p -> {
        int at = position.at(p);
        if (at < 0 && never) {
          throw new IndexOutOfBoundsException(nest.name() + " loads outside " + load.tensor());
        }
        return at < 0 ? outside : values[at];
      };
    }

    private Code compile(Select select) {
      Code left = compile(select.left());
      Code right = compile(select.right());
      Code whenTrue = compile(select.whenTrue());
      Code whenFalse = compile(select.whenFalse());
      return p -> {
        double l = left.at(p);
        double r = right.at(p);
        boolean holds =
            switch (select.op()) {
              case LESS -> l < r;
              case LESS_EQUAL -> l <= r;
              case GREATER -> l > r;
              case EQUAL -> l == r;
              case NOT_EQUAL -> l != r;
            };
        return (holds ? whenTrue : whenFalse).at(p);
      };
    }

    private Code compile(Binary binary) {
      Code left = compile(binary.left());
      Code right = compile(binary.right());
      boolean isInt = binary.type() == ElementType.INT;
      return switch (binary.op()) {
        case ADD -> rounded(binary.type(), p -> left.at(p) + right.at(p));
        case SUBTRACT -> rounded(binary.type(), p -> left.at(p) - right.at(p));
        case MULTIPLY -> rounded(binary.type(), p -> left.at(p) * right.at(p));
        case DIVIDE ->
            isInt
                ? p -> quotient((int) left.at(p), (int) right.at(p))
                : rounded(binary.type(), p -> left.at(p) / right.at(p));
        case MIN -> p -> Math.min(left.at(p), right.at(p));
        case MAX -> p -> Math.max(left.at(p), right.at(p));
      };
    }

    private Code rounded(ElementType type, Code exact) {
      // Integers are exact, and most runs do not round: they shall not pay for it.
      return type == ElementType.INT || rounding == Rounding.NONE
          ? exact
          : p -> rounding.round(type, exact.at(p));
    }

    private Code summed(ElementType type, Code exact) {
      return type == ElementType.INT || rounding == Rounding.NONE
          ? exact
          : p -> rounding.roundSum(type, exact.at(p));
    }

    /** As Java divides ints. */
    private static int quotient(int dividend, int divisor) {
      return dividend / divisor;
    }

    private int slot(String accumulator) {
      for (int i = 0; i < accumulators.length; i++) {
        if (nest.accumulators().get(i).name().equals(accumulator)) {
          return i;
        }
      }
      throw new NoSuchElementException(nest.name() + " has no accumulator " + accumulator);
    }

    /** An index, ready to run. */
    private final class Linear {
      private final int constant;
      private final int[] coefficients;
      private final List<Code> lookups = new ArrayList<>();
      private final List<Integer> lookupCoefficients = new ArrayList<>();

      Linear(Affine index) {
        constant = index.constant();
        coefficients = axes.stream().mapToInt(index::coefficient).toArray();
        for (Lookup lookup : nest.lookups()) {
          if (index.uses(lookup.axis())) {
            lookups.add(compile(lookup.value()));
            lookupCoefficients.add(index.coefficient(lookup.axis()));
          }
        }
      }

      int at(int[] point) {
        int value = constant;
        for (int i = 0; i < coefficients.length; i++) {
          value += coefficients[i] * point[i];
        }
        for (int i = 0; i < lookups.size(); i++) {
          value += lookupCoefficients.get(i) * (int) lookups.get(i).at(point);
        }
        return value;
      }
    }

    /** Row-major position of an element, negative outside the tensor. */
    private final class Position {
      private final Linear[] index;
      private final int[] dims;

      Position(Tensor tensor, List<Affine> index) {
        this.index = index.stream().map(Linear::new).toArray(Linear[]::new);
        this.dims = tensor.dims().stream().mapToInt(d -> extent(d, batch)).toArray();
      }

      int at(int[] point) {
        int position = 0;
        for (int i = 0; i < dims.length; i++) {
          int at = index[i].at(point);
          if (at < 0 || at >= dims[i]) {
            return -1;
          }
          position = position * dims[i] + at;
        }
        return position;
      }
    }
  }

  private double[] unwritten(Tensor tensor) {
    double[] values = new double[count(tensor, batch)];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  private double[] written(Tensor tensor) {
    double[] values = memory.get(tensor);
    if (values == null) {
      throw new IllegalStateException(tensor + " has not been written");
    }
    return values;
  }
}
