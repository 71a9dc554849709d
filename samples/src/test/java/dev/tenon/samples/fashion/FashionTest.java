package dev.tenon.samples.fashion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.samples.SampleRun;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On images made here: a bright band in a row that tells the class. */
class FashionTest {
  private static final int SIDE = 28;

  @TempDir private Path folder;

  private void write(String prefix, int count) throws IOException {
    try (DataOutputStream out = create(prefix + "-images-idx3-ubyte")) {
      out.writeInt(0x803);
      out.writeInt(count);
      out.writeInt(SIDE);
      out.writeInt(SIDE);
      for (int i = 0; i < count; i++) {
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
          boolean band = pixel / SIDE / 2 == i % 10 + 2;
          out.writeByte(band ? 180 + pixel % 7 * 10 : (pixel * 31 + i * 17) % 60);
        }
      }
    }
    try (DataOutputStream out = create(prefix + "-labels-idx1-ubyte")) {
      out.writeInt(0x801);
      out.writeInt(count);
      for (int i = 0; i < count; i++) {
        out.writeByte(i % 10);
      }
    }
  }

  private DataOutputStream create(String name) throws IOException {
    return new DataOutputStream(Files.newOutputStream(folder.resolve(name)));
  }

  @Test
  void learnsFromFilesInAFolder() throws IOException {
    write("train", 320);
    write("t10k", 60);

    SampleRun run = SampleRun.of(new Fashion(), "--data", folder.toString(), "--epochs", "2");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.after("data")).startsWith("320 images of 28x28 pixels");
    assertThat(run.after("network")).isEqualTo("FashionNet, 421866 parameters");
    assertThat(run.after("test accuracy")).isEqualTo("100.00 %: 60 of 60 images recognised");
  }

  @Test
  void whatIsMissingIsNamed() {
    SampleRun run = SampleRun.of(new Fashion(), "--data", folder.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("--data: " + folder + " has no file train-images-idx3-ubyte, nor");
    assertThat(SampleRun.of(new Fashion()).err()).startsWith("Missing required option: '--data");
  }
}
