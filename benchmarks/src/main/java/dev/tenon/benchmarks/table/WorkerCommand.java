package dev.tenon.benchmarks.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.benchmarks.peers.Contenders;
import dev.tenon.benchmarks.workload.Contender;
import dev.tenon.benchmarks.workload.Job;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Workloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A contender in a process of its own. Reads requests and answers them until nobody asks. */
@Command(name = "worker", description = "Serves the table command.", hidden = true)
public final class WorkerCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--contender", required = true, description = "Who.")
  private String name;

  private Job current;

  @Override
  public Integer call() throws IOException {
    // Engines print what they like; that must not mix with the answers.
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = requests.readLine()) != null) {
      Reply reply = reply(JSON.readValue(line, Request.class));
      answers.println(JSON.writeValueAsString(reply));
      answers.flush();
    }
    return 0;
  }

  /** An engine may fail in any way, also with an error of linkage, and the others go on. */
  @SuppressWarnings("CatchingUnchecked")
  private Reply reply(Request request) {
    try {
      if (request.command().equals("measure")) {
        return Reply.measured(Timing.sample(current, request.seconds()));
      }
      Contender contender = Contenders.named(name);
      Problem problem = Problem.of(Workloads.named(request.workload()));
      current = contender.start(problem, request.threads());
      // Checked by who asks: the reference takes long, and its answer serves all contenders.
      Map<String, String> files =
          ProblemFiles.writeAnswer(Path.of(request.directory()), name, current.answer());
      Timing.warmUp(current, request.seconds());
      double seconds = Timing.sample(current, 0.1);
      Reply.Variant variant = new Reply.Variant(current.variant(), null, seconds, null, files);
      return new Reply(null, contender.version(), List.of(variant), 0);
    } catch (Exception | LinkageError e) {
      e.printStackTrace(System.err);
      return Reply.failed(e);
    }
  }
}
