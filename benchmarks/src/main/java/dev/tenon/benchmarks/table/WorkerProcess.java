package dev.tenon.benchmarks.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A contender's process, seen from the table. */
final class WorkerProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LINES_OF_LOG = 12;

  private final Process process;
  private final Path log;
  private final BufferedWriter requests;
  private final BufferedReader replies;

  WorkerProcess(ProcessBuilder builder, int threads) throws IOException {
    log = Files.createTempFile("tenon-benchmark", ".log");
    builder.redirectError(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    environment.put("MKL_NUM_THREADS", Integer.toString(threads));
    // glibc gives large arrays back to the system at once and clears new ones page by page, which
    // can take longer than what is measured. Whoever cares about speed tells it not to.
    environment.put("MALLOC_MMAP_MAX_", "0");
    environment.put("MALLOC_TRIM_THRESHOLD_", "8589934592");
    environment.put("MALLOC_TOP_PAD_", "67108864");
    process = builder.start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    replies = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws IOException if the process ended instead; its last words are in the message
   */
  Reply ask(Request request) throws IOException {
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
      String line = replies.readLine();
      if (line != null) {
        return JSON.readValue(line, Reply.class);
      }
    } catch (IOException e) {
      throw new IOException(e.getMessage() + lastWords(), e);
    }
    throw new IOException("The process ended." + lastWords());
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return "\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
  }

  @Override
  public void close() throws IOException {
    try {
      requests.close();
    } catch (IOException e) {
      // It ended before it was told to; nothing is lost.
    }
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    replies.close();
    Files.deleteIfExists(log);
  }

  /** Where a file of the class path lies on the disk. */
  static File resource(String name) throws IOException {
    Path copy = Files.createTempFile("tenon-benchmark", name);
    copy.toFile().deleteOnExit();
    try (var stream = WorkerProcess.class.getResourceAsStream("/" + name)) {
      if (stream == null) {
        throw new IOException("No " + name + " on the class path.");
      }
      Files.write(copy, stream.readAllBytes());
    }
    return copy.toFile();
  }
}
