package dev.tenon.processor.render;

import com.palantir.javapoet.CodeBlock;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.plan.Plan;
import dev.tenon.processor.plan.Plan.Argument;
import java.util.List;

/** What the class of a routine gives its kernels: fields of its own, and of the program. */
final class Arguments {
  /** The field of a routine's class that holds the program. */
  static final String PROGRAM = "program";

  private Arguments() {}

  /**
   * One argument.
   *
   * @param numbers names of the class's fields that are numbers
   * @param from the first item
   * @param to the end of the items
   */
  static CodeBlock of(Argument argument, List<String> numbers, CodeBlock from, CodeBlock to) {
    if (argument instanceof Plan.BufferArgument buffer) {
      return CodeBlock.of("$N", buffer.field());
    }
    if (argument instanceof Plan.BorrowedArgument borrowed) {
      return program(borrowed.field());
    }
    if (argument instanceof Plan.StateArgument state) {
      return program(state.array());
    }
    if (argument instanceof Plan.OffsetArgument offset) {
      return CodeBlock.of("$N", numbers.get(offset.offset()));
    }
    if (argument instanceof Plan.FromArgument) {
      return from;
    }
    if (argument instanceof Plan.ToArgument) {
      return to;
    }
    if (argument instanceof Plan.BatchArgument) {
      return program(ProgramFields.BATCH);
    }
    if (argument instanceof Plan.BlocksArgument blocks) {
      return extent(blocks.axis());
    }
    if (argument instanceof Plan.BlockSizeArgument size) {
      return CodeBlock.of(
          "$T.sizeOfParts($L, $L)",
          GeneratedNames.BLOCKS,
          program(ProgramFields.BATCH),
          size.axis().blockNumber());
    }
    CodeBlock pass = program(ProgramFields.PASS);
    if (argument instanceof Plan.TotalBatchArgument) {
      return CodeBlock.of("$L.piece().totalBatch()", pass);
    }
    if (argument instanceof Plan.FirstSampleArgument) {
      return CodeBlock.of("$L.piece().firstSample()", pass);
    }
    if (argument instanceof Plan.RandomKeyArgument key) {
      return CodeBlock.of("$L.randomKey($N)", pass, numbers.get(key.layerIndex()));
    }
    if (argument instanceof Plan.DropProbabilityArgument drop) {
      return CodeBlock.of("$L.dropProbability($L)", pass, drop.probability());
    }
    Plan.AverageFactorArgument factor = (Plan.AverageFactorArgument) argument;
    return factor.counter() < 0
        ? CodeBlock.of("$L", factor.momentum())
        : CodeBlock.of(
            "1.0 / $L[$N]", program(ProgramFields.COUNTERS), numbers.get(factor.counter()));
  }

  /** A field of the program. */
  static CodeBlock program(String field) {
    return CodeBlock.of("$N.$N", PROGRAM, field);
  }

  /** The number of points of an axis in the call under way. */
  static CodeBlock extent(Axis axis) {
    if (axis.isFixed()) {
      return CodeBlock.of("$L", axis.extent());
    }
    if (axis.isBatch()) {
      return program(ProgramFields.BATCH);
    }
    return CodeBlock.of(
        "$T.$L($L, $L)",
        GeneratedNames.BLOCKS,
        axis.isParts() ? "numberOfParts" : "number",
        program(ProgramFields.BATCH),
        axis.blockNumber());
  }

  /** The call that has threads share the items of a step of this object. */
  static CodeBlock shared(CodeBlock step, Plan.Range range) {
    long nanos = range.nanosPerItem();
    String each = nanos + (nanos > Integer.MAX_VALUE ? "L" : "");
    return CodeBlock.of(
        "$L.run(this, $L, $L, $L, $L)",
        program(ProgramFields.WORKERS),
        step,
        extent(range.axis()),
        range.align(),
        range.perSample()
            ? CodeBlock.of("(long) $L * $L", program(ProgramFields.BATCH), each)
            : CodeBlock.of("$L", each));
  }
}
