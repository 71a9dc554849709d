package dev.tenon.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.train.Dataset;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
  @TempDir private Path folder;

  private static byte[] idx(int magic, int[] sizes, int... values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(magic);
    for (int size : sizes) {
      out.writeInt(size);
    }
    for (int value : values) {
      out.writeByte(value);
    }
    return bytes.toByteArray();
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private void writePacked(String name, byte[] bytes) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      out.write(bytes);
    }
  }

  private static byte[] twoImages() throws IOException {
    return idx(0x803, new int[] {2, 1, 3}, 0, 51, 255, 102, 0, 204);
  }

  @Test
  void readsImagesAndLabelsPackedOrNot() throws IOException {
    writePacked("train-images-idx3-ubyte.gz", twoImages());
    write("train-labels-idx1-ubyte", idx(0x801, new int[] {2}, 9, 200));

    Dataset<int[]> data = IdxFiles.read(folder, "train");

    assertThat(data.size()).isEqualTo(2);
    assertThat(data.features().shape()).containsExactly(2, 1, 1, 3);
    assertThat(data.features().toFloatArray()).containsExactly(0, 0.2f, 1, 0.4f, 0, 0.8f);
    assertThat(data.targets()).containsExactly(9, 200);
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertRefused("has no file train-images-idx3-ubyte, nor train-images-idx3-ubyte.gz.");
    write("train-images-idx3-ubyte", twoImages());
    assertRefused("has no file train-labels-idx1-ubyte, nor train-labels-idx1-ubyte.gz.");
    write("train-labels-idx1-ubyte", idx(0x801, new int[] {3}, 1, 2, 3));
    assertRefused("train-images-idx3-ubyte has 2 images, but", "has 3 labels.");
    write("train-labels-idx1-ubyte", idx(0x803, new int[] {2}, 1, 2));
    assertRefused(
        "begins with 00000803, but an idx file of unsigned bytes in 1 dimensions with 00000801.");
    write("train-labels-idx1-ubyte", idx(0x801, new int[] {3}, 1, 2));
    assertRefused("ends after 2 of its 3 values.");
    write("train-labels-idx1-ubyte", new byte[] {0, 0, 8, 1, 0});
    assertRefused("ends within its header.");
    write("train-labels-idx1-ubyte", idx(0x801, new int[] {-1}));
    assertRefused("says that a size is -1.");
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> IdxFiles.read(folder, "train"))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(parts);
  }
}
