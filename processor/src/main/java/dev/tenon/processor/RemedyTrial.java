package dev.tenon.processor;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Tries the remedies of messages: makes the changes to the declaration, has the network checked
 * again, and keeps a remedy only if the mistake is gone then and no other has come.
 */
final class RemedyTrial {
  /** Remedies that are tried for one network; each has the whole of it checked once more. */
  private static final int MOST_TRIES = 20;

  /** Layers that are checked once more, with all remedies together. */
  private static final int MOST_LAYERS = 4000;

  private final NetworkDeclaration network;
  private final BiConsumer<NetworkDeclaration, Report> check;
  private final Report found;
  private final Map<List<Change>, List<Diagnostic>> tried = new HashMap<>();

  private RemedyTrial(
      NetworkDeclaration network, BiConsumer<NetworkDeclaration, Report> check, Report found) {
    this.network = network;
    this.check = check;
    this.found = found;
  }

  /**
   * The messages with the remedies that work.
   *
   * @param check finds what is wrong with a network
   * @param found what it found in this one
   */
  static List<Diagnostic> run(
      NetworkDeclaration network, BiConsumer<NetworkDeclaration, Report> check, Report found) {
    RemedyTrial trial = new RemedyTrial(network, check, found);
    return found.diagnostics().stream().map(trial::withWhatWorks).toList();
  }

  private Diagnostic withWhatWorks(Diagnostic diagnostic) {
    Set<List<Object>> wrongAnyway = places(found.diagnostics());
    List<Remedy> working = new ArrayList<>();
    for (Remedy remedy : diagnostic.remedies()) {
      boolean superfluous = remedy.isOtherwise() && !working.isEmpty();
      if (!superfluous && works(remedy, diagnostic, wrongAnyway)) {
        working.add(remedy);
        if (remedy.isLocal()) {
          wrongAnyway.addAll(places(tried.get(remedy.changes())));
        }
      }
    }
    return diagnostic.with(working);
  }

  /**
   * Whether a remedy takes a mistake away and brings no other.
   *
   * @param wrongAnyway places of mistakes that it does not bring
   */
  private boolean works(Remedy remedy, Diagnostic diagnostic, Set<List<Object>> wrongAnyway) {
    if (!tried.containsKey(remedy.changes()) && tried.size() >= mostTries()) {
      return false;
    }
    for (Diagnostic other : tried.computeIfAbsent(remedy.changes(), this::after)) {
      if (other.problem().severity().compareTo(diagnostic.problem().severity()) > 0) {
        continue;
      }
      boolean stays = place(other).equals(place(diagnostic));
      boolean isBrought =
          !wrongAnyway.contains(place(other))
              && !(remedy.isLocal() && other.ref().member() != diagnostic.ref().member());
      if (stays || isBrought) {
        return false;
      }
    }
    return true;
  }

  private int mostTries() {
    return Math.min(MOST_TRIES, MOST_LAYERS / Math.max(1, network.layers().size()));
  }

  private static Set<List<Object>> places(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .map(RemedyTrial::place)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private List<Diagnostic> after(List<Change> changes) {
    NetworkDeclaration changed = network;
    for (Change change : changes) {
      changed = change.in(changed);
    }
    Report report = new Report();
    check.accept(changed, report);
    return report.diagnostics();
  }

  private static List<Object> place(Diagnostic diagnostic) {
    return List.of(diagnostic.problem(), diagnostic.ref());
  }
}
