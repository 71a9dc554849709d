package dev.tenon.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.Plan.Buffer;
import dev.tenon.processor.plan.plain.Layouts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tensors that are never needed at the same moment, and lie alike, take turns in one array. */
class BufferPlannerTest {
  private static final Tensor A = tensor("a", 4);
  private static final Tensor B = tensor("b", 4);
  private static final Tensor C = tensor("c", 4);
  private static final Tensor WIDE = tensor("wide", 5);

  private static Tensor tensor(String name, int features) {
    return new Tensor("", name, ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, features));
  }

  /** A nest that reads one and writes another; the sizes do not matter here. */
  private static List<Nest> moment(Tensor from, Tensor to) {
    Axis sample = Axis.batch();
    Affine[] at = {Affine.of(sample), Affine.ZERO};
    return List.of(
        Nest.of(to.name(), "forward", "a copy")
            .over(sample)
            .store(Store.set(to, Expr.load(from, at), at))
            .build());
  }

  private static BufferPlanner planner(Set<String> keptZero, Set<Tensor> borrowed) {
    return new BufferPlanner(
        new Layouts()::of, keptZero::contains, borrowed::contains, Set.of("taken"));
  }

  private static BufferPlanner planned(
      BufferPlanner planner, List<List<Nest>> moments, Tensor first, Tensor last) {
    planner.plan(moments, false, List.of(first), Map.of(), List.of(last));
    return planner;
  }

  /**
   * {@code a} is read for the last time while {@code b} is written, so {@code c} takes its place.
   */
  @Test
  void anArrayIsUsedAgainOnceItsTensorIsNotNeeded() {
    BufferPlanner planner =
        planned(planner(Set.of(), Set.of()), List.of(moment(A, B), moment(B, C)), A, C);
    assertThat(planner.of(C)).isEqualTo(planner.of(A)).isNotEqualTo(planner.of(B));
    assertThat(planner.of(A).tenants()).containsExactly(A, C);
    assertThat(planner.buffers()).hasSize(2);
  }

  /** Held to the end, for the caller reads it then. */
  @Test
  void whatIsReadLaterKeepsItsArray() {
    BufferPlanner planner = planner(Set.of(), Set.of());
    planner.plan(List.of(moment(A, B), moment(B, C)), false, List.of(A), Map.of(), List.of(A, C));
    assertThat(planner.buffers()).extracting(Buffer::tenants).allMatch(t -> t.size() == 1);
  }

  @Test
  void rowsOfAnotherLengthAreAnotherArray() {
    BufferPlanner planner =
        planned(planner(Set.of(), Set.of()), List.of(moment(A, B), moment(B, WIDE)), A, WIDE);
    assertThat(planner.buffers()).hasSize(3);
    assertThat(planner.of(WIDE).length()).isEqualTo(5);
  }

  /** What must read as zero where nobody writes, and what is the user's, is shared with nobody. */
  @Test
  void whatIsKeptZeroOrIsTheUsersStandsAlone() {
    List<List<Nest>> moments = List.of(moment(A, B), moment(B, C));
    assertThat(planned(planner(Set.of("a"), Set.of()), moments, A, C).buffers()).hasSize(3);
    BufferPlanner ofUser = planned(planner(Set.of(), Set.of(A)), moments, A, C);
    assertThat(ofUser.buffers()).hasSize(3);
    assertThat(ofUser.of(A).borrowed()).isTrue();
  }

  /** It is filled between the moments, while what the first one reads is still there. */
  @Test
  void aTensorThatTheCallerFillsIsNeededFromThenOn() {
    List<List<Nest>> moments = List.of(moment(A, B), moment(C, WIDE));
    BufferPlanner filled = planner(Set.of(), Set.of());
    filled.plan(moments, false, List.of(A), Map.of(C, 1), List.of(WIDE));
    assertThat(filled.of(C).tenants()).containsExactly(C);

    BufferPlanner made = planned(planner(Set.of(), Set.of()), moments, A, WIDE);
    assertThat(made.of(C).tenants()).containsExactly(A, C);
  }

  @Test
  void namesThatAreTakenGetANumber() {
    Tensor taken = tensor("taken", 4);
    BufferPlanner planner =
        planned(planner(Set.of(), Set.of()), List.of(moment(A, taken)), A, taken);
    assertThat(planner.of(taken).name()).isEqualTo("taken2");
  }
}
