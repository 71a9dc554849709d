package dev.tenon.processor.plan;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.plan.Assembly.Instance;
import dev.tenon.processor.plan.Assembly.Item;
import dev.tenon.processor.plan.Assembly.Together;
import dev.tenon.processor.plan.Plan.Argument;
import dev.tenon.processor.plan.Plan.AverageFactorArgument;
import dev.tenon.processor.plan.Plan.Buffer;
import dev.tenon.processor.plan.Plan.BufferArgument;
import dev.tenon.processor.plan.Plan.Call;
import dev.tenon.processor.plan.Plan.OffsetArgument;
import dev.tenon.processor.plan.Plan.PlannedKernel;
import dev.tenon.processor.plan.Plan.RandomKeyArgument;
import dev.tenon.processor.plan.Plan.Run;
import dev.tenon.processor.plan.Routine.MemberCall;
import dev.tenon.processor.plan.Routine.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the calls of a plan in terms of routines. The calls of each layer are written down in the
 * words of its kernels instead of the names of the network; layers for which that gives the same
 * are instances of one routine.
 */
final class Assembler {
  private static final String FORWARD = "forward";
  private static final String BACKWARD = "backward";
  private static final String PREDICT = "predict";

  private final Network network;
  private final Map<String, Integer> layerNumbers = new HashMap<>();
  private final Map<String, Buffer> buffers = new HashMap<>();
  private final List<PlannedKernel> kernels;
  private final Map<String, List<StateOffsets.Entry>> stateOf;

  /** Names of variables, and of types, that are taken. */
  private final Set<String> fields = new HashSet<>();

  private final Set<String> types = new HashSet<>();

  /** The layer that alone uses a buffer; the empty name for one that several use. */
  private final Map<String, String> userOf = new HashMap<>();

  private final Map<String, LayerCalls> layers = new LinkedHashMap<>();
  private final Map<String, Instance> instances = new LinkedHashMap<>();

  /**
   * Prepares for a plan.
   *
   * @param ends the buffers that the program itself reads or fills
   * @param kernels all kernels, by their numbers
   * @param state where the state lies
   * @param reserved names that neither a field nor a type may take
   */
  Assembler(
      Network network,
      List<Buffer> buffers,
      Set<String> ends,
      List<PlannedKernel> kernels,
      StateOffsets state,
      Set<String> reserved) {
    this.network = network;
    this.stateOf = state.byLayer(network);
    this.kernels = kernels;
    network.nodes().forEach(node -> layerNumbers.put(node.name(), layerNumbers.size()));
    buffers.forEach(buffer -> this.buffers.put(buffer.name(), buffer));
    ends.forEach(end -> userOf.put(end, ""));
    fields.addAll(reserved);
    fields.addAll(this.buffers.keySet());
    types.addAll(reserved);
  }

  Assembly assemble(List<Call> forward, List<Call> backward, List<Call> predict) {
    noteUsers(forward);
    noteUsers(backward);
    noteUsers(predict);
    Phase first = new Phase(FORWARD, forward);
    Phase second = new Phase(BACKWARD, backward);
    Phase third = new Phase(PREDICT, predict);
    List<Routine> routines = routines();
    Stretches stretches = new Stretches();
    return new Assembly(
        routines,
        stretches.add(first, second, third),
        List.copyOf(instances.values()),
        stretches.together,
        stretches.items(first),
        stretches.items(second),
        stretches.items(third));
  }

  private void noteUsers(List<Call> calls) {
    for (Call call : calls) {
      if (call instanceof Plan.Stretch stretch) {
        noteUsers(stretch.calls());
      } else {
        tensors(call)
            .forEach(
                tensor ->
                    userOf.merge(
                        tensor.field(),
                        call.layer(),
                        (one, other) -> one.equals(other) ? one : ""));
      }
    }
  }

  private static List<BufferArgument> tensors(Call call) {
    List<BufferArgument> tensors = new ArrayList<>();
    if (call instanceof Plan.Join join) {
      tensors.addAll(join.tensors());
    } else if (call instanceof Run run) {
      for (Argument argument : run.arguments()) {
        if (argument instanceof BufferArgument buffer) {
          tensors.add(buffer);
        }
      }
    }
    return tensors;
  }

  // ---------------------------------------------------------------------------------- phases

  /** A section that has no name yet: it depends on what else the layer does in the phase. */
  private static final class Open {
    final LayerCalls of;
    final String phase;
    final List<Call> calls = new ArrayList<>();
    String name;

    Open(LayerCalls of, String phase) {
      this.of = of;
      this.phase = phase;
    }
  }

  /** A part of a phase: a section, or a stretch. */
  private record Piece(Open section, OpenStretch stretch) {}

  /** A stretch in terms of the layers' own calls. */
  private record OpenStretch(
      Plan.Stretch stretch,
      List<LayerCalls> members,
      List<OpenPart> parts,
      List<Open> alone,
      List<Open> apart) {}

  /** A call of one of the layers of a stretch. */
  private record OpenPart(int member, Call call, int scale) {}

  /** A phase in sections and stretches. */
  private final class Phase {
    final String name;
    final List<Piece> pieces = new ArrayList<>();

    Phase(String name, List<Call> calls) {
      this.name = name;
      List<Call> open = new ArrayList<>();
      for (Call call : calls) {
        if (call instanceof Plan.Stretch stretch) {
          sections(open).forEach(section -> pieces.add(new Piece(section, null)));
          open.clear();
          pieces.add(new Piece(null, stretch(stretch)));
        } else {
          open.add(call);
        }
      }
      sections(open).forEach(section -> pieces.add(new Piece(section, null)));
    }

    /** The calls of each layer that follow each other. */
    private List<Open> sections(List<Call> calls) {
      List<Open> sections = new ArrayList<>();
      for (Call call : calls) {
        LayerCalls layer = of(call);
        if (sections.isEmpty() || sections.get(sections.size() - 1).of != layer) {
          Open section = new Open(layer, name);
          layer.sections.add(section);
          sections.add(section);
        }
        sections.get(sections.size() - 1).calls.add(layer.inOwnWords(call, name));
      }
      return sections;
    }

    private OpenStretch stretch(Plan.Stretch stretch) {
      List<LayerCalls> members = new ArrayList<>();
      List<OpenPart> parts = new ArrayList<>();
      for (int i = 0; i < stretch.calls().size(); i++) {
        Call call = stretch.calls().get(i);
        LayerCalls layer = of(call);
        if (!members.contains(layer)) {
          members.add(layer);
        }
        if (call instanceof Run run) {
          Call own = layer.inOwnWords(run, name);
          layer.inStretch.add(own);
          parts.add(new OpenPart(members.indexOf(layer), own, stretch.scales().get(i)));
        }
      }
      boolean joins = stretch.hasJoin();
      List<Call> counts = stretch.calls().stream().filter(Plan.Count.class::isInstance).toList();
      return new OpenStretch(
          stretch,
          members,
          parts,
          joins ? sections(counts) : List.of(),
          joins ? sections(stretch.calls()) : List.of());
    }

    private LayerCalls of(Call call) {
      return layers.computeIfAbsent(call.layer(), LayerCalls::new);
    }
  }

  // ---------------------------------------------------------------------------------- layers

  /** What one layer does, in its own words. */
  private final class LayerCalls {
    final String layer;
    final List<Open> sections = new ArrayList<>();

    /** All that it calls, in its own words, once, and the phase of each. */
    final Map<Call, String> calls = new LinkedHashMap<>();

    /** Of those the ones that a stretch makes. */
    final Set<Call> inStretch = new HashSet<>();

    final List<Routine.Array> arrays = new ArrayList<>();
    final List<String> numbers = new ArrayList<>();
    final List<String> buffersOf = new ArrayList<>();
    final List<Integer> values = new ArrayList<>();

    /** Its arrays by tensor, and its numbers by what they are. */
    private final Map<String, String> arrayOf = new HashMap<>();

    private final Map<String, Integer> numberOf = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    LayerCalls(String layer) {
      this.layer = layer;
      taken.addAll(List.of("program", "samples", Routine.LAYER));
    }

    /** A call of a phase in its own words. */
    Call inOwnWords(Call call, String phase) {
      Call own = translated(call);
      calls.putIfAbsent(own, phase);
      return own;
    }

    private Call translated(Call call) {
      if (call.condition() != Condition.ALWAYS) {
        layerNumber(layerNumbers.get(layer));
      }
      if (call instanceof Plan.Count count) {
        return new Plan.Count("", counter(count.counter()), count.condition());
      }
      if (call instanceof Plan.Join join) {
        return new Plan.Join(
            "",
            join.how(),
            join.tensors().stream().map(t -> array(t, word(t))).toList(),
            join.valuesPerSample(),
            join.condition());
      }
      Run run = (Run) call;
      List<Argument> arguments = new ArrayList<>();
      for (int i = 0; i < run.arguments().size(); i++) {
        String parameter = kernels.get(run.kernel()).methods().get(0).parameters().get(i).name();
        arguments.add(argument(run.arguments().get(i), parameter));
      }
      return new Run(
          "",
          run.name(),
          run.kernel(),
          arguments,
          run.items(),
          run.range(),
          run.onlyForInput(),
          run.measures(),
          run.condition());
    }

    private Argument argument(Argument argument, String parameter) {
      if (argument instanceof BufferArgument buffer) {
        return buffers.get(buffer.field()).borrowed()
            ? new Plan.BorrowedArgument(buffer.field())
            : array(buffer, parameter);
      }
      if (argument instanceof OffsetArgument offset) {
        String entry = "offset " + offset.entry();
        return new OffsetArgument("", number(entry, parameter, offset.offset()));
      }
      if (argument instanceof RandomKeyArgument key) {
        return new RandomKeyArgument(layerNumber(key.layerIndex()));
      }
      if (argument instanceof AverageFactorArgument factor && factor.counter() >= 0) {
        return new AverageFactorArgument(factor.momentum(), counter(factor.counter()));
      }
      return argument;
    }

    /** The field of a tensor. */
    private BufferArgument array(BufferArgument argument, String word) {
      Buffer buffer = buffers.get(argument.field());
      String known = arrayOf.get(argument.tensor());
      if (known == null) {
        boolean isOwn = buffer.alone() && userOf.get(argument.field()).equals(layer);
        known = unique(buffer.predict() ? CamelCase.join(PREDICT, word) : word);
        arrayOf.put(argument.tensor(), known);
        arrays.add(
            new Routine.Array(
                isOwn,
                new Buffer(
                    known,
                    buffer.type(),
                    isOwn ? buffer.rowsPerSample() : 0,
                    isOwn ? buffer.rows() : buffer.isFlat() ? 0 : 1,
                    isOwn ? buffer.length() : 0,
                    isOwn ? buffer.per() : Optional.empty(),
                    false,
                    isOwn,
                    buffer.predict(),
                    List.of())));
        if (!isOwn) {
          buffersOf.add(argument.field());
        }
      }
      return new BufferArgument(known, "");
    }

    private String word(BufferArgument argument) {
      return buffers.get(argument.field()).tenants().stream()
          .filter(tensor -> tensor.name().equals(argument.tensor()))
          .findFirst()
          .map(tensor -> CamelCase.of(tensor.word()))
          .orElseThrow();
    }

    private int counter(int counter) {
      return number("counter " + counter, "counter", counter);
    }

    private int layerNumber(int number) {
      boolean isOwn = number == layerNumbers.get(layer);
      return number("layer " + number, isOwn ? Routine.LAYER : "layerOfKey", number);
    }

    private int number(String what, String name, int value) {
      return numberOf.computeIfAbsent(
          what,
          w -> {
            numbers.add(name.equals(Routine.LAYER) ? name : unique(name));
            values.add(value);
            return numbers.size() - 1;
          });
    }

    private String unique(String base) {
      return Assembler.unique(base, taken);
    }

    /** Whether a section is all that the layer does in its phase. */
    boolean isWhole(Open section) {
      return section.calls.equals(
          calls.keySet().stream().filter(c -> calls.get(c).equals(section.phase)).toList());
    }
  }

  /** What two layers have in common that are instances of one routine. */
  private record Key(
      List<Routine.Array> arrays,
      List<String> numbers,
      List<StateOffsets.Entry> state,
      List<Call> calls) {}

  /** Names the sections of layers that are alike: those with the same calls are one. */
  private static List<Routine.Section> nameSections(List<LayerCalls> alike) {
    Map<List<Call>, String> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>(Set.of("run", "trim"));
    for (boolean whole : List.of(true, false)) {
      for (LayerCalls layer : alike) {
        for (Open section : layer.sections) {
          if (layer.isWhole(section) == whole) {
            section.name =
                names.computeIfAbsent(
                    section.calls,
                    calls -> unique(whole ? section.phase : nameOf(calls.get(0)), taken));
          }
        }
      }
    }
    List<Routine.Section> sections = new ArrayList<>();
    names.forEach((calls, name) -> sections.add(new Routine.Section(name, calls)));
    return sections;
  }

  private static String nameOf(Call call) {
    if (call instanceof Run run) {
      return run.name();
    }
    return call instanceof Plan.Count ? "count" : "join";
  }

  /** The calls of layers that are alike for which there is to be a step. */
  private static List<Routine.Step> steps(List<LayerCalls> alike) {
    List<Routine.Step> steps = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Call call : alike.get(0).calls.keySet()) {
      boolean inStretch = alike.stream().anyMatch(layer -> layer.inStretch.contains(call));
      if (call instanceof Run run && (inStretch || run.range().isPresent())) {
        String name = unique(CamelCase.constant(run.name()), taken);
        steps.add(new Routine.Step(name, run, inStretch));
      }
    }
    return steps;
  }

  private List<Routine> routines() {
    Map<Key, List<LayerCalls>> same = new LinkedHashMap<>();
    layers.values().stream()
        .sorted(Comparator.comparingInt(calls -> layerNumbers.get(calls.layer)))
        .forEach(
            calls ->
                same.computeIfAbsent(
                        new Key(
                            calls.arrays,
                            calls.numbers,
                            stateOf.get(calls.layer),
                            List.copyOf(calls.calls.keySet())),
                        key -> new ArrayList<>())
                    .add(calls));
    Map<String, List<PlannedKernel>> kernelsOf = new HashMap<>();
    for (PlannedKernel kernel : kernels) {
      kernelsOf.computeIfAbsent(kernel.layers().get(0), l -> new ArrayList<>()).add(kernel);
    }
    List<Routine> routines = new ArrayList<>();
    Map<String, Instance> unordered = new HashMap<>();
    same.forEach(
        (key, all) -> {
          String first = all.get(0).layer;
          Routine routine =
              new Routine(
                  typeName(first),
                  all.stream().map(calls -> calls.layer).toList(),
                  key.arrays(),
                  key.numbers(),
                  key.state(),
                  nameSections(all),
                  steps(all),
                  kernelsOf.getOrDefault(first, List.of()));
          routines.add(routine);
          for (LayerCalls calls : all) {
            unordered.put(
                calls.layer,
                new Instance(
                    unique(CamelCase.ofLayer(calls.layer), fields),
                    calls.layer,
                    routine,
                    calls.buffersOf,
                    calls.values));
          }
        });
    layers.values().stream()
        .map(calls -> calls.layer)
        .sorted(Comparator.comparingInt(layerNumbers::get))
        .forEach(layer -> instances.put(layer, unordered.get(layer)));
    return routines;
  }

  /** {@code Conv2dOf16x32x32}, after the kind and the output of the first layer. */
  private String typeName(String layer) {
    Network.Node node = network.nodes().get(layerNumbers.get(layer));
    String shape = node.layer().output().toString().replaceAll("[^0-9A-Za-z]", "_");
    return unique(node.annotation() + "Of" + shape, types);
  }

  /** The name, with a number behind it if it is taken; takes it. */
  private static String unique(String base, Set<String> taken) {
    String separator = Character.isDigit(base.charAt(base.length() - 1)) ? "_" : "";
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + separator + i;
    }
    return name;
  }

  // -------------------------------------------------------------------------------- stretches

  /** What two stretches have in common that are instances of one. */
  private record StretchKey(
      List<String> routines,
      List<Part> parts,
      Plan.Range range,
      int chunk,
      List<MemberCall> alone,
      List<MemberCall> apart) {}

  /** The stretches of all phases. */
  private final class Stretches {
    final List<Together> together = new ArrayList<>();
    private final Map<StretchKey, Routine.Stretch> known = new LinkedHashMap<>();
    private final IdentityHashMap<OpenStretch, String> nameOf = new IdentityHashMap<>();

    List<Routine.Stretch> add(Phase... phases) {
      for (Phase phase : phases) {
        for (Piece piece : phase.pieces) {
          if (piece.stretch() != null) {
            add(piece.stretch());
          }
        }
      }
      return List.copyOf(known.values());
    }

    private void add(OpenStretch open) {
      List<Instance> members =
          open.members().stream().map(calls -> instances.get(calls.layer)).toList();
      List<Routine> routines = members.stream().map(Instance::routine).toList();
      StretchKey key =
          new StretchKey(
              routines.stream().map(Routine::name).toList(),
              open.parts().stream().map(part -> part(part, routines)).toList(),
              open.stretch().range(),
              open.stretch().chunk(),
              calls(open.alone(), open.members()),
              calls(open.apart(), open.members()));
      Routine.Stretch stretch =
          known.computeIfAbsent(
              key,
              k ->
                  new Routine.Stretch(
                      unique("Stretch" + (known.size() + 1), types),
                      routines,
                      k.parts(),
                      k.range(),
                      k.chunk(),
                      k.alone(),
                      k.apart()));
      String name = unique(nameOf(open.members()), fields);
      nameOf.put(open, name);
      together.add(new Together(name, stretch, members.stream().map(Instance::name).toList()));
    }

    /**
     * {@code blocks_7_bn1_to_bn2}: the last layer without the block that it shares with the first.
     */
    private static String nameOf(List<LayerCalls> members) {
      String first = members.get(0).layer;
      String last = members.get(members.size() - 1).layer;
      int block = first.lastIndexOf('.') + 1;
      boolean isSameBlock = block > 0 && last.startsWith(first.substring(0, block));
      return members.size() == 1
          ? CamelCase.ofLayer(first) + "_items"
          : CamelCase.ofLayer(first + "_to_" + (isSameBlock ? last.substring(block) : last));
    }

    private static Part part(OpenPart open, List<Routine> members) {
      return new Part(
          open.member(), members.get(open.member()).stepOf((Run) open.call()), open.scale());
    }

    private List<MemberCall> calls(List<Open> sections, List<LayerCalls> members) {
      return sections.stream()
          .map(section -> new MemberCall(members.indexOf(section.of), section.name))
          .toList();
    }

    List<Item> items(Phase phase) {
      return phase.pieces.stream()
          .map(
              piece ->
                  piece.stretch() != null
                      ? new Item(nameOf.get(piece.stretch()), "run")
                      : new Item(
                          instances.get(piece.section().of.layer).name(), piece.section().name))
          .toList();
    }
  }
}
