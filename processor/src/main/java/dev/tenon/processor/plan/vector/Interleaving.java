package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.Ranges;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.Stretch;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds steps that can run together item by item: all of them on a few samples, or a few channels,
 * then all of them on the next. What one step writes is then still in the cache when the next one
 * reads it, and threads are handed one piece of work rather than several.
 *
 * <p>Steps can run so when each runs in ranges of the same axis, and every tensor that one of them
 * writes and another one uses is used at the point of that axis only: then no item depends on
 * another.
 *
 * <ul>
 *   <li><b>Samples.</b> A convolution, the sums of its output for a batch norm, an activation, a
 *       pool. Steps in between that are not of the kind move before or behind, if no other step
 *       minds.
 *   <li><b>Channels.</b> In programs that keep their channels first, a whole batch norm: statistics
 *       and what follows from them. Pieces of a batch exchange their statistics in the middle of
 *       it, so they run the steps one by one.
 * </ul>
 */
final class Interleaving {
  /** Bytes of the samples that a stretch works on at a time, if it can choose. */
  private static final long BYTES_OF_CHUNK = 256 * 1024;

  /** Bytes that the fewest samples may have: the second cache has twice as many. */
  private static final long MOST_BYTES = 512 * 1024;

  private final boolean channelsFirst;

  private Interleaving(boolean channelsFirst) {
    this.channelsFirst = channelsFirst;
  }

  /**
   * Finds the stretches of a phase.
   *
   * @param steps in their order
   * @param channelsFirst whether tensors lie channels first, so that a channel is a contiguous part
   *     of a sample
   */
  static List<Stretch> of(List<PlannedStep> steps, boolean channelsFirst) {
    Interleaving interleaving = new Interleaving(channelsFirst);
    return channelsFirst ? interleaving.byChannels(steps) : interleaving.bySamples(steps);
  }

  // ------------------------------------------------------------------------------- channels

  private List<Stretch> byChannels(List<PlannedStep> steps) {
    List<Stretch> result = new ArrayList<>();
    List<PlannedStep> open = new ArrayList<>();
    Together together = new Together();
    for (PlannedStep step : steps) {
      Optional<Member> member = member(step);
      boolean joins =
          step.host().isPresent()
              ? !open.isEmpty()
              : member.isPresent() && !open.isEmpty() && together.fits(member.get());
      if (!joins) {
        close(result, open, together.members);
        together = new Together();
        open.clear();
      }
      open.add(step);
      member.ifPresent(together::add);
      if (!joins && member.isEmpty()) {
        close(result, open, together.members);
        open.clear();
      }
    }
    close(result, open, together.members);
    return result;
  }

  private void close(List<Stretch> result, List<PlannedStep> open, List<Member> members) {
    if (sharesPixels(members)) {
      result.add(stretch(open, members));
    } else {
      open.forEach(step -> result.add(Stretch.alone(step)));
    }
  }

  /** Whether a tensor with a batch is used by several of the steps, so that it pays. */
  private static boolean sharesPixels(List<Member> members) {
    Set<String> seen = new HashSet<>();
    return members.stream()
        .flatMap(member -> member.uses().keySet().stream())
        .filter(tensor -> tensor.isBatched() && tensor.rank() >= 2)
        .anyMatch(tensor -> !seen.add(tensor.name()));
  }

  // -------------------------------------------------------------------------------- samples

  /** A step on its way into a stretch: what it would be there, and the tensors that it touches. */
  private record Candidate(
      PlannedStep step, Optional<Member> member, Set<String> writes, Set<String> uses) {}

  private Candidate candidate(PlannedStep step) {
    Optional<Nest> nest = step.work().map(Work::nest);
    Set<String> writes = nest.map(Interleaving::writes).orElse(Set.of());
    Set<String> uses = new HashSet<>(writes);
    nest.ifPresent(n -> n.loads().forEach(load -> uses.add(load.tensor().name())));
    return new Candidate(step, member(step), writes, uses);
  }

  /** The tensors that some steps touch. */
  private static final class Touched {
    private final Set<String> writes = new HashSet<>();
    private final Set<String> uses = new HashSet<>();

    void add(Candidate candidate) {
      writes.addAll(candidate.writes());
      uses.addAll(candidate.uses());
    }

    /** Whether one of them writes what another step uses, or the other way round. */
    boolean minds(Candidate other) {
      return other.writes().stream().anyMatch(uses::contains)
          || other.uses().stream().anyMatch(writes::contains);
    }
  }

  private List<Stretch> bySamples(List<PlannedStep> steps) {
    List<Stretch> result = new ArrayList<>();
    List<Candidate> left = steps.stream().map(this::candidate).toList();
    while (!left.isEmpty()) {
      left = takeStretch(left, result);
    }
    return result;
  }

  /**
   * Adds the stretch that the first step begins, and what moves before it.
   *
   * @return what comes behind it
   */
  private List<Candidate> takeStretch(List<Candidate> steps, List<Stretch> result) {
    Candidate first = steps.get(0);
    if (first.member().isEmpty()) {
      result.add(Stretch.alone(first.step()));
      return steps.subList(1, steps.size());
    }
    List<PlannedStep> open = new ArrayList<>(List.of(first.step()));
    Together together = new Together();
    together.add(first.member().get());
    Touched touchedInside = new Touched();
    touchedInside.add(first);
    List<PlannedStep> before = new ArrayList<>();
    List<Candidate> behind = new ArrayList<>();
    Touched touchedBehind = new Touched();
    int next = 1;
    // Hosts count batches and join pieces: nothing moves past them.
    for (; next < steps.size() && steps.get(next).step().work().isPresent(); next++) {
      Candidate step = steps.get(next);
      if (touchedBehind.minds(step)) {
        behind.add(step);
        touchedBehind.add(step);
      } else if (step.member().isPresent() && together.fits(step.member().get())) {
        open.add(step.step());
        together.add(step.member().get());
        touchedInside.add(step);
      } else if (!touchedInside.minds(step)) {
        before.add(step.step());
      } else {
        behind.add(step);
        touchedBehind.add(step);
      }
    }
    if (open.size() == 1) {
      result.add(Stretch.alone(first.step()));
      return steps.subList(1, steps.size());
    }
    before.forEach(step -> result.add(Stretch.alone(step)));
    result.add(stretch(open, together.members));
    behind.addAll(steps.subList(next, steps.size()));
    return behind;
  }

  private static Set<String> writes(Nest nest) {
    Set<String> names = new HashSet<>();
    nest.stores().forEach(store -> names.add(store.tensor().name()));
    return names;
  }

  // -------------------------------------------------------------------------------- members

  /**
   * A step that can be part of a stretch.
   *
   * @param axis the axis of its nest that it runs in ranges of
   * @param scale how many points of it one point of its outermost loop is
   * @param align points of the axis that its ranges begin at multiples of
   */
  private record Member(Nest nest, Axis axis, int scale, int align) {
    /** The tensors that it uses, each with all indices that it uses it at. */
    Map<Tensor, List<List<Affine>>> uses() {
      Map<Tensor, List<List<Affine>>> uses = new LinkedHashMap<>();
      nest.loads()
          .forEach(
              load ->
                  uses.computeIfAbsent(load.tensor(), t -> new ArrayList<>()).add(load.index()));
      for (Store store : nest.stores()) {
        uses.computeIfAbsent(store.tensor(), t -> new ArrayList<>()).add(store.index());
      }
      return uses;
    }

    /** The dimensions in which a tensor is used at the item alone. */
    Set<Integer> ownDims(List<List<Affine>> indices) {
      Set<Integer> dims = new HashSet<>();
      IntStream.range(0, indices.get(0).size())
          .filter(d -> indices.stream().allMatch(i -> i.get(d).equals(Affine.of(axis))))
          .forEach(dims::add);
      return dims;
    }
  }

  private Optional<Member> member(PlannedStep step) {
    Optional<ScheduledNest> scheduled = step.work().flatMap(Work::ready);
    Optional<Loop> loop = scheduled.flatMap(Ranges::of);
    if (loop.isEmpty()) {
      return Optional.empty();
    }
    Nest nest = step.work().orElseThrow().nest();
    Axis axis = loop.get().axis();
    int unroll = loop.get().unroll();
    if (!channelsFirst) {
      return axis.isBatch() ? Optional.of(new Member(nest, axis, 1, unroll)) : Optional.empty();
    }
    if (!axis.isFixed()) {
      return Optional.empty();
    }
    if (nest.parallel().contains(axis)) {
      return Optional.of(new Member(nest, axis, 1, unroll));
    }
    int lanes = MemoryFormat.LANES;
    return nest.parallel().stream()
        .filter(lane -> axis.name().equals(lane.name() + "Block"))
        .findFirst()
        .map(lane -> new Member(nest, lane, lanes, lanes * unroll));
  }

  /** Steps that can run together, and what decides whether another one can join them. */
  private final class Together {
    private final List<Member> members = new ArrayList<>();

    /** For each tensor in use, the dimensions in which every step uses it at the item alone. */
    private final Map<String, Set<Integer>> ownDims = new HashMap<>();

    private final Set<String> written = new HashSet<>();
    private final Map<String, Long> bytesPerSample = new HashMap<>();
    private long bytes;

    void add(Member member) {
      members.add(member);
      written.addAll(writes(member.nest()));
      member
          .uses()
          .forEach(
              (tensor, indices) -> {
                Set<Integer> own = member.ownDims(indices);
                ownDims.computeIfAbsent(tensor.name(), t -> new HashSet<>(own)).retainAll(own);
                if (bytesPerSample.put(tensor.name(), bytesOf(tensor)) == null) {
                  bytes += bytesOf(tensor);
                }
              });
    }

    boolean fits(Member next) {
      if (!members.isEmpty() && members.get(0).axis().extent() != next.axis().extent()) {
        return false;
      }
      return staysApart(next)
          && (channelsFirst
              || leastCommonMultiple(align(members), next.align()) * bytesWith(next) <= MOST_BYTES);
    }

    /** Whether whatever one writes and another one uses is used at the item alone. */
    private boolean staysApart(Member next) {
      Set<String> writes = writes(next.nest());
      return next.uses().entrySet().stream()
          .filter(use -> ownDims.containsKey(use.getKey().name()))
          .filter(
              use -> written.contains(use.getKey().name()) || writes.contains(use.getKey().name()))
          .noneMatch(
              use ->
                  Collections.disjoint(
                      ownDims.get(use.getKey().name()), next.ownDims(use.getValue())));
    }

    private long bytesWith(Member next) {
      return bytes
          + next.uses().keySet().stream()
              .filter(tensor -> !bytesPerSample.containsKey(tensor.name()))
              .mapToLong(Interleaving::bytesOf)
              .sum();
    }
  }

  private static long bytesOf(Tensor tensor) {
    if (!tensor.isBatched()) {
      return 0;
    }
    long values =
        tensor.dims().stream().filter(d -> d != Axis.BATCH).reduce(1, Math::multiplyExact);
    return values * (tensor.type() == ElementType.DOUBLE ? 8 : 4);
  }

  private static int align(List<Member> members) {
    return members.stream().mapToInt(Member::align).reduce(1, Interleaving::leastCommonMultiple);
  }

  private static int leastCommonMultiple(int a, int b) {
    int x = a;
    int y = b;
    while (y != 0) {
      int rest = x % y;
      x = y;
      y = rest;
    }
    return a / x * b;
  }

  private static long bytesPerSample(List<Member> members) {
    return members.stream()
        .flatMap(member -> member.uses().keySet().stream())
        .distinct()
        .mapToLong(Interleaving::bytesOf)
        .sum();
  }

  private Stretch stretch(List<PlannedStep> steps, List<Member> members) {
    int align = align(members);
    int chunk = align;
    if (!channelsFirst) {
      long most = BYTES_OF_CHUNK / Math.max(1, bytesPerSample(members));
      chunk = (int) Math.max(align, most / align * align);
    }
    List<Integer> scales = new ArrayList<>();
    int member = 0;
    for (PlannedStep step : steps) {
      scales.add(step.host().isPresent() ? 1 : members.get(member++).scale());
    }
    return new Stretch(
        steps, Optional.of(new Stretch.Items(members.get(0).axis(), scales, align, chunk)));
  }
}
