package dev.tenon.benchmarks.jmh;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.file.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * 100 MB of weights to a file and back, beside plain copies of the same file: {@code copy} is the
 * JDK's, {@code stream} goes through a buffer of the program's as reading and writing do, {@code
 * forced} waits for the disk after it, as writing does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WeightFiles {
  private static final int TENSORS = 50;
  private static final int ELEMENTS = 500_000;
  private static final int BUFFER = 1 << 17;

  /** What; {@code -p workload=...} chooses. */
  @Param({"write-100MB", "read-100MB"})
  public String workload;

  /** Who; {@code -p contender=...} chooses. */
  @Param({"tenon", "copy", "stream", "forced"})
  public String contender;

  /** On how many threads; files are read and written by one. */
  @Param({"1"})
  public int threads;

  private Path folder;
  private Path file;
  private Path written;
  private Weights weights;

  /** Writes the file. */
  @Setup
  public void start() throws IOException {
    folder = Files.createTempDirectory("weights");
    file = folder.resolve("weights.safetensors");
    written = folder.resolve("written.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Random random = new Random(1);
    for (int i = 0; i < TENSORS; i++) {
      float[] values = new float[ELEMENTS];
      for (int j = 0; j < values.length; j++) {
        values[j] = random.nextFloat();
      }
      tensors.put("layer" + i + ".weight", Tensor.of(values, ELEMENTS / 500, 500));
    }
    weights = Weights.of(tensors);
    weights.write(file);
  }

  /** One file. */
  @Benchmark
  public Object run() throws IOException {
    return switch (contender) {
      case "tenon" -> tenon();
      case "copy" -> Files.copy(file, written, StandardCopyOption.REPLACE_EXISTING);
      case "stream" -> stream(written);
      case "forced" -> {
        stream(written);
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        yield written;
      }
      default -> throw new IllegalArgumentException(contender);
    };
  }

  private Object tenon() throws IOException {
    if (workload.startsWith("read")) {
      return Weights.read(file).tensors();
    }
    weights.write(written);
    return written;
  }

  private Path stream(Path to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = Files.newOutputStream(to)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    }
    return to;
  }

  /** Deletes the files. */
  @TearDown
  public void stop() throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(folder)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
