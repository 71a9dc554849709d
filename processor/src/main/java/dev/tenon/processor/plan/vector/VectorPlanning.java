package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.backend.CodePlanning;
import dev.tenon.processor.plan.backend.Decisions;
import dev.tenon.processor.plan.backend.Pass;
import dev.tenon.processor.plan.backend.SharedPasses;
import dev.tenon.processor.plan.rewrite.IntsAsFloats;
import dev.tenon.processor.plan.schedule.GeneralScheduler;
import dev.tenon.processor.plan.schedule.KnownSchedules;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Takes a program to what vectors run fast: the list of passes is {@link #passes}. */
final class VectorPlanning implements CodePlanning {
  private final boolean winograd;
  private final Predicate<ScheduledNest> fits;
  private final KnownSchedules schedules = new KnownSchedules();

  /** The sizes of state tensors that have become tensors of more dimensions. */
  private Map<String, List<Integer>> views = Map.of();

  /** Whether images stay as users have them, and vectors run along the pixels of a channel. */
  private boolean channelsFirst;

  /** Where everything lies; until that is decided, along what the tensors made so far lie. */
  private VectorFormats formats = new VectorFormats(Map.of(), Set.of(), false);

  VectorPlanning(boolean winograd, Predicate<ScheduledNest> fits) {
    this.winograd = winograd;
    this.fits = fits;
  }

  @Override
  public List<Pass> passes() {
    List<Pass> passes = new ArrayList<>();
    passes.add(Pass.of("ReshapeElision", this::withoutReshapes));
    passes.add(SharedPasses.disjointStores());
    passes.add(SharedPasses.fusion(MemoryFormat.LANES));
    passes.add(Pass.ofProgram("ChannelsFirst", this::channelsFirst));
    passes.add(ofNests("IntsAsFloats", nest -> Optional.of(List.of(intsAsFloats(nest)))));
    passes.add(Pass.of("GatherForm", VectorPlanning::gathers));
    passes.add(Pass.of("BlockedSums", this::sums));
    passes.add(ofNests("LaneSums", this::inPlaces));
    if (winograd) {
      passes.add(Pass.deciding("Winograd", this::inTiles));
    }
    passes.add(ofNests("FunctionSplit", nest -> Optional.of(FunctionSplit.of(nest))));
    passes.add(Pass.of("VectorFormats", this::inPanels));
    passes.add(Pass.of("VectorScheduler", this::scheduled));
    passes.add(Pass.of("EdgeCopies", program -> new EdgeCopies(formats).around(program)));
    passes.add(
        Pass.of(
            "Interleaving",
            program -> program.withStretches(steps -> Interleaving.of(steps, channelsFirst))));
    return passes;
  }

  /** A pass over nests; what is looked up can be anywhere, so such nests run on numbers as is. */
  private static Pass ofNests(String name, Function<Nest, Optional<List<Nest>>> change) {
    return Pass.of(
        name,
        program ->
            program.withSteps(steps -> PlannedProgram.inPlace(steps, withoutLookups(change))));
  }

  private static Function<Nest, Optional<List<Nest>>> withoutLookups(
      Function<Nest, Optional<List<Nest>>> change) {
    return nest -> nest.lookups().isEmpty() ? change.apply(nest) : Optional.empty();
  }

  private PlannedProgram withoutReshapes(PlannedProgram program) {
    ReshapeElision.Result reshaped = ReshapeElision.of(program.program());
    views = reshaped.views();
    return PlannedProgram.of(reshaped.program());
  }

  private Program channelsFirst(Program program) {
    Optional<Program> fitting = ChannelsFirst.of(program);
    channelsFirst = fitting.isPresent();
    formats = new VectorFormats(Map.of(), Set.of(), channelsFirst);
    return fitting.orElse(program);
  }

  /** Vectors of one type only: numbers below 2^24, such as places in a window, are exact floats. */
  private static Nest intsAsFloats(Nest nest) {
    boolean keepsInts =
        nest.accumulators().stream().anyMatch(a -> a.type() == ElementType.INT)
            || nest.loads().stream().anyMatch(l -> l.type() == ElementType.INT)
            || nest.stores().stream().anyMatch(s -> s.tensor().type() == ElementType.INT);
    return keepsInts ? IntsAsFloats.of(nest) : nest;
  }

  private static PlannedProgram gathers(PlannedProgram program) {
    return program.withSteps(
        steps -> {
          List<PlannedStep> result = new ArrayList<>();
          for (PlannedStep step : steps) {
            Optional<List<Nest>> gathers = step.open().flatMap(withoutLookups(GatherForm::of));
            if (gathers.isEmpty()) {
              result.add(step);
              continue;
            }
            Nest nest = step.open().orElseThrow();
            PlannedProgram.removeClearing(result, nest.stores().get(0).tensor());
            gathers.get().forEach(gather -> result.add(step.with(Work.general(gather))));
          }
          return result;
        });
  }

  private PlannedProgram sums(PlannedProgram program) {
    FloatSums sums = new FloatSums(program.nests(), channelsFirst, formats);
    return program.withSteps(steps -> PlannedProgram.inPlace(steps, withoutLookups(sums::of)));
  }

  /** Sums along pixels, as a sum for each place of a block and the sum of those. */
  private Optional<List<Nest>> inPlaces(Nest nest) {
    return formats
        .summedAxis(nest)
        .map(
            axis -> {
              List<Nest> nests = LaneSums.of(nest, axis);
              nests
                  .get(0)
                  .stores()
                  .forEach(s -> formats.setLaneDim(s.tensor(), s.tensor().rank() - 1));
              return nests;
            });
  }

  /** Convolutions by Winograd's way, where that is faster. */
  private PlannedProgram inTiles(PlannedProgram program, Decisions decisions) {
    Function<Nest, Optional<List<Nest>>> tiles =
        nest ->
            Winograd.of(nest)
                .map(
                    result -> {
                      formats.setLaneDim(result.weights(), 0);
                      decisions.add(nest.layer(), nest.name() + ": Winograd F(4, 3)");
                      return result.nests();
                    });
    return program.withSteps(steps -> PlannedProgram.inPlace(steps, withoutLookups(tiles)));
  }

  /**
   * Decides how everything lies. A weight that some nest turns out not to be able to read in panels
   * stays in the order of its dimensions, which changes what others read, so it is decided again.
   */
  private PlannedProgram inPanels(PlannedProgram program) {
    Map<String, Integer> made = formats.laneDims();
    Set<String> rowMajor = new HashSet<>();
    while (true) {
      formats = new VectorFormats(made, rowMajor, channelsFirst);
      PlannedProgram panels =
          program.withSteps(steps -> PlannedProgram.inPlace(steps, withoutLookups(this::inPanels)));
      formats.decide(panels.nests());
      Optional<String> unreadable = unreadable(panels.nests());
      if (unreadable.isEmpty()) {
        return panels;
      }
      if (!rowMajor.add(unreadable.get())) {
        throw new IllegalStateException(unreadable.get() + " can lie in no way");
      }
    }
  }

  private Optional<List<Nest>> inPanels(Nest nest) {
    List<Nest> result = new ArrayList<>();
    for (Nest part : GradientParts.of(nest, formats).orElse(List.of(nest))) {
      Nest withPanels = formats.withPanels(part, result);
      result.add(withPanels);
    }
    return Optional.of(result);
  }

  /** The first tensor that a nest would have to read in panels and cannot. */
  private Optional<String> unreadable(List<Nest> nests) {
    for (Nest nest : nests) {
      Optional<Axis> lane = formats.laneAxis(nest);
      PanelBlocks.Result blocks = new PanelBlocks(formats, lane).cut(nest);
      Optional<Tensor> unreadable =
          blocks
              .unreadable()
              .or(
                  () ->
                      blocks.nests().stream()
                          .filter(block -> lane.isEmpty() && hasFreeOrder(block))
                          .filter(block -> place(block).isEmpty())
                          .map(block -> block.stores().get(0).tensor())
                          .findFirst());
      if (unreadable.isPresent()) {
        return unreadable.map(Tensor::entry);
      }
    }
    return Optional.empty();
  }

  // ------------------------------------------------------------------------------- scheduling

  private PlannedProgram scheduled(PlannedProgram program) {
    return program.withSteps(
        steps -> {
          List<PlannedStep> result = new ArrayList<>();
          for (PlannedStep step : steps) {
            if (step.work().isEmpty()) {
              result.add(step);
              continue;
            }
            Nest whole = step.work().get().nest();
            Optional<Axis> lane = formats.laneAxis(whole);
            for (Nest nest : new PanelBlocks(formats, lane).cut(whole).nests()) {
              result.add(step.with(Work.ready(nest, scheduled(nest, lane))));
            }
          }
          return result;
        });
  }

  private ScheduledNest scheduled(Nest nest, Optional<Axis> lane) {
    return schedules.of(
        nest,
        lane,
        formats,
        () ->
            lane.map(axis -> VectorScheduler.schedule(nest, axis, formats, channelsFirst, fits))
                .orElseGet(
                    () ->
                        GeneralScheduler.withinBudget(
                            PhysicalNest.of(inOrderOfMemory(nest), formats), fits)));
  }

  /** Loops over a map in the order of what it writes. */
  private Nest inOrderOfMemory(Nest nest) {
    if (!hasFreeOrder(nest)) {
      return nest;
    }
    Affine place = place(nest).orElseThrow();
    List<Axis> order = new ArrayList<>(nest.parallel());
    order.sort(
        Comparator.comparingInt(
            axis -> axis.isFixed() ? -Math.abs(place.coefficient(axis)) : Integer.MIN_VALUE));
    return new Nest(
        nest.layer(),
        nest.name(),
        nest.summary(),
        order,
        nest.reduction(),
        nest.lookups(),
        nest.accumulators(),
        nest.stores(),
        nest.names());
  }

  /** Whether the order in which numbers meet in an element is no part of the result. */
  private static boolean hasFreeOrder(Nest nest) {
    return nest.accumulators().isEmpty()
        && nest.reduction().isEmpty()
        && (nest.lookups().isEmpty() || nest.stores().get(0).mode() != Store.Mode.ADD);
  }

  /** Where the element lies that a map writes first. */
  private Optional<Affine> place(Nest nest) {
    Store store = nest.stores().get(0);
    return formats.of(store.tensor()).place(store.tensor(), store.index());
  }

  // --------------------------------------------------------------------------------- results

  @Override
  public Layout layout(Tensor tensor) {
    return formats.apply(tensor);
  }

  @Override
  public boolean isKeptZero(String tensor) {
    return formats.hasHalo(tensor);
  }

  @Override
  public boolean worksInPlace() {
    return true;
  }

  @Override
  public Optional<StateFormat> stateFormat(String entry) {
    return formats
        .ofState(entry)
        .map(format -> new StateFormat(format, Optional.ofNullable(views.get(entry))));
  }
}
