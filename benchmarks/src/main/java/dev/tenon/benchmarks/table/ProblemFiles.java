package dev.tenon.benchmarks.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A problem as files that Python reads, and the answers of all: one of JSON, and arrays as
 * little-endian values alone.
 */
final class ProblemFiles implements AutoCloseable {
  private final Path directory;

  ProblemFiles(Problem problem) throws IOException {
    directory = Files.createTempDirectory("tenon-benchmark");
    // The arrays are large, and not every table is waited for.
    Runtime.getRuntime().addShutdownHook(new Thread(this::deleteQuietly));
    Workload workload = problem.workload();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", workload.kind());
    json.put("batch", workload.batch());
    json.put("input", workload.network().input());
    json.put("output", workload.network().output());
    // Named one by one: in a list of objects Jackson would leave the name of their type out.
    List<Object> layers = new ArrayList<>();
    ObjectMapper mapper = new ObjectMapper();
    workload.network().layers().forEach(layer -> layers.add(mapper.valueToTree(layer)));
    json.put("layers", layers);
    json.put("parameterShapes", workload.network().parameterShapes());
    json.put("parameters", write("parameter", problem.parameters()));
    json.put("runningStats", write("stat", problem.runningStats()));
    json.put("checkedSteps", Problem.CHECKED_STEPS);
    json.put("checkedRate", Problem.CHECKED_RATE);
    json.put("measuredRate", Problem.MEASURED_RATE);
    json.put("momentum", Problem.MOMENTUM);
    mapper.writeValue(directory.resolve("problem.json").toFile(), json);
    write("input", problem.input());
    write("outputGradient", problem.outputGradient());
    byte[] labels = new byte[problem.labels().length * Integer.BYTES];
    littleEndian(labels).asIntBuffer().put(problem.labels());
    Files.write(directory.resolve("labels"), labels);
  }

  String path() {
    return directory.toString();
  }

  /**
   * Writes an answer beside the problem.
   *
   * @param directory of the problem
   * @param who computed it
   * @return the files, by the names of the arrays
   */
  static Map<String, String> writeAnswer(Path directory, String who, Answer answer)
      throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, float[]> array : answer.arrays().entrySet()) {
      String file = "answer-" + who + "-" + files.size();
      write(directory.resolve(file), array.getValue());
      files.put(array.getKey(), file);
    }
    return files;
  }

  /** Reads an answer. */
  Answer answer(Map<String, String> files) throws IOException {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      byte[] bytes = Files.readAllBytes(directory.resolve(file.getValue()));
      FloatBuffer values = littleEndian(bytes).asFloatBuffer();
      float[] array = new float[values.remaining()];
      values.get(array);
      arrays.put(file.getKey(), array);
    }
    return new Answer(arrays);
  }

  private List<String> write(String name, List<float[]> arrays) throws IOException {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      files.add(name + i);
      write(name + i, arrays.get(i));
    }
    return files;
  }

  private void write(String name, float[] values) throws IOException {
    write(directory.resolve(name), values);
  }

  private static void write(Path file, float[] values) throws IOException {
    byte[] bytes = new byte[values.length * Float.BYTES];
    littleEndian(bytes).asFloatBuffer().put(values);
    Files.write(file, bytes);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    delete();
  }

  private void delete() throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Files.delete(directory);
  }

  private void deleteQuietly() {
    try {
      delete();
    } catch (IOException e) {
      // The JVM is ending; what is left lies in the system's folder for temporary files.
    }
  }
}
