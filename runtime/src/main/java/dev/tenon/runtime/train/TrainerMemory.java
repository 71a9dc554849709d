package dev.tenon.runtime.train;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.schedule.Plateau;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a trainer remembers besides the model's state, as a checkpoint has it: how it is set, to be
 * compared, and what has become of it, to be taken over.
 */
final class TrainerMemory<T> {
  private static final String SETTINGS = "settings";
  private static final String OPTIMIZER = "optimizer";
  private static final String EPOCHS = "epochs_done";
  private static final String STEPS = "steps_done";
  private static final String RANDOM = "random_position";
  private static final String FROZEN = "frozen";
  private static final String PARAMETERS = "parameters";
  private static final String STATISTICS = "statistics";
  private static final String PLATEAU = "plateau";
  private static final String BEST = "best";
  private static final String BAD = "bad_epochs";
  private static final String COOLING = "cooling";
  private static final String FIT = "fit";

  /** As many settings of a file are looked at: a trainer has far fewer. */
  private static final int MOST_LISTED = 1000;

  private final Trainer<T> trainer;

  /** How the trainer was built, in words, but for the schedule. */
  private final Map<String, String> fixed;

  TrainerMemory(Trainer<T> trainer, Map<String, String> fixed) {
    this.trainer = trainer;
    this.fixed = fixed;
  }

  Model model() {
    return trainer.model();
  }

  // --------------------------------------------------------------------------------- what is set

  /** One line for each setting that is not as in a checkpoint. */
  List<String> differences(CheckpointSection saved) {
    Map<String, String> there = new TreeMap<>(saved.section(SETTINGS).texts());
    saved.section(OPTIMIZER).texts().forEach((name, text) -> there.put(name(name), text));
    CheckpointSection own = CheckpointSection.empty();
    trainer.optimizer().write(own);
    Map<String, String> here =
        settings(
            saved.integer(EPOCHS, 0, Integer.MAX_VALUE), saved.integer(STEPS, 0, Long.MAX_VALUE));
    own.texts().forEach((name, text) -> here.put(name(name), text));
    TreeSet<String> names = new TreeSet<>(here.keySet());
    there.keySet().stream().limit(MOST_LISTED).forEach(names::add);
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      String before = there.get(name);
      String now = here.get(name);
      if (!Objects.equals(before, now)) {
        lines.add(
            Quoted.plain(name)
                + ": the checkpoint has "
                + (before == null ? "none" : Quoted.list(before))
                + ", this trainer "
                + (now == null ? "none" : now));
      }
    }
    return lines;
  }

  /** How messages call a text of the optimiser. */
  private static String name(String text) {
    String part = text.endsWith(SETTINGS) ? text.substring(0, text.length() - 8) : text;
    return part.isEmpty() ? OPTIMIZER : OPTIMIZER + ", " + part.replaceAll("/$", "");
  }

  private Map<String, String> settings(long epochs, long steps) {
    Map<String, String> all = new TreeMap<>(fixed);
    Schedule byEpoch = trainer.epochSchedule();
    Schedule byStep = trainer.step().schedule();
    String schedule = "none";
    if (trainer.plateau() != null) {
      schedule = trainer.plateau().rule().toString();
    } else if (byEpoch != null) {
      schedule = rates(byEpoch, "epoch", epochs);
    } else if (byStep != null) {
      schedule = rates(byStep, "step", steps);
    }
    all.put("schedule", schedule);
    return all;
  }

  /** A schedule is a function, so two are compared by what they give for the place at hand. */
  private String rates(Schedule schedule, String unit, long done) {
    StringBuilder text = new StringBuilder("by ").append(unit);
    for (long number = Math.max(0, done - 1); number <= done; number++) {
      text.append(", ").append(unit).append(' ').append(number).append(": ");
      try {
        text.append(schedule.learningRate(trainer.step().baseRate, number));
      } catch (RuntimeException e) {
        text.append("no rate");
      }
    }
    return text.toString();
  }

  // ---------------------------------------------------------------------------- what has become

  void write(CheckpointSection section) {
    int epochs = trainer.epochsDone();
    long steps = trainer.optimizer().stepCount();
    settings(epochs, steps).forEach(section.section(SETTINGS)::put);
    trainer.optimizer().write(section.section(OPTIMIZER));
    section.put(EPOCHS, epochs);
    section.put(STEPS, steps);
    section.put(RANDOM, model().randomPosition());
    int[] parameters = model().parameters().stream().mapToInt(p -> flag(p.isFrozen())).toArray();
    int[] statistics =
        model().layers().stream()
            .mapToInt(l -> flag(l instanceof TrackedNorm n && n.areStatisticsFrozen()))
            .toArray();
    section.section(FROZEN).put(PARAMETERS, Tensor.of(parameters, parameters.length));
    section.section(FROZEN).put(STATISTICS, Tensor.of(statistics, statistics.length));
    Plateau.Tracker plateau = trainer.plateau();
    if (plateau != null) {
      CheckpointSection seen = section.section(PLATEAU);
      seen.put(BEST, plateau.best());
      seen.put(BAD, plateau.badEpochs());
      seen.put(COOLING, plateau.cooling());
    }
    trainer.fitMemory().ifPresent(fit -> fit.write(section.section(FIT)));
  }

  private static int flag(boolean frozen) {
    return frozen ? 1 : 0;
  }

  /**
   * Takes over a checkpoint, with the model's state. If something of it does not fit, everything is
   * as it was.
   */
  void read(CheckpointSection state, CheckpointSection saved) {
    SavedModel model = new SavedModel(model().state());
    CheckpointSection before = CheckpointSection.empty();
    write(before);
    CheckpointSection copy = before.copy();
    boolean done = false;
    try {
      load(state);
      take(saved);
      done = true;
    } finally {
      if (!done) {
        model.restore();
        take(copy);
      }
    }
  }

  private void load(CheckpointSection state) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
    tensors.keySet().retainAll(model().state().tensors().keySet());
    try {
      model().state().load(Weights.of(tensors));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(state.origin() + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException("What is in memory can be read.", e);
    }
  }

  private void take(CheckpointSection saved) {
    int epochs = (int) saved.integer(EPOCHS, 0, Integer.MAX_VALUE);
    Optional<FitMemory> fit =
        saved.contains(FIT)
            ? Optional.of(
                FitMemory.read(
                    saved.section(FIT), model().state(), trainer.step().outputs(), epochs))
            : Optional.empty();
    List<Parameter> parameters = model().parameters();
    List<Layer> layers = model().layers();
    CheckpointSection frozen = saved.section(FROZEN);
    int[] ofParameters = flags(frozen, PARAMETERS, parameters.size());
    int[] ofStatistics = flags(frozen, STATISTICS, layers.size());
    trainer.optimizer().read(saved.section(OPTIMIZER));
    if (trainer.optimizer().stepCount() != saved.integer(STEPS)) {
      throw saved.wrong(
          STEPS,
          "must be "
              + trainer.optimizer().stepCount()
              + ", what the optimiser has, but is "
              + saved.integer(STEPS));
    }
    takePosition(saved);
    Plateau.Tracker plateau = trainer.plateau();
    if (plateau != null) {
      CheckpointSection seen = saved.section(PLATEAU);
      plateau.restore(
          seen.number(BEST),
          (int) seen.integer(BAD, 0, Integer.MAX_VALUE),
          (int) seen.integer(COOLING, 0, Integer.MAX_VALUE));
    }
    for (int i = 0; i < ofParameters.length; i++) {
      if (ofParameters[i] == 1) {
        parameters.get(i).freeze();
      } else {
        parameters.get(i).unfreeze();
      }
    }
    for (int i = 0; i < ofStatistics.length; i++) {
      if (layers.get(i) instanceof TrackedNorm norm) {
        if (ofStatistics[i] == 1) {
          norm.freezeStatistics();
        } else {
          norm.unfreezeStatistics();
        }
      }
    }
    trainer.resumeAt(epochs, fit);
  }

  private void takePosition(CheckpointSection saved) {
    long position = saved.integer(RANDOM, 0, Long.MAX_VALUE);
    try {
      model().randomPosition(position);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          saved.wrong(RANDOM, "is " + position).getMessage() + " " + e.getMessage(), e);
    }
  }

  private static int[] flags(CheckpointSection section, String name, int size) {
    Tensor tensor = section.tensor(name, DType.INT32, size);
    int[] flags = new int[size];
    for (int i = 0; i < size; i++) {
      flags[i] = tensor.intArray()[tensor.offset() + i];
      if (flags[i] != 0 && flags[i] != 1) {
        throw section.wrong(name, "must be 0 or 1 everywhere, but one is " + flags[i]);
      }
    }
    return flags;
  }
}
