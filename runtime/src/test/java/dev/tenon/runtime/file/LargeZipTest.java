package dev.tenon.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of PyTorch whose zip has sizes and positions of 64 bits, as those of more than 4 GB do:
 * made here of small ones. The JDK's own reader of zips must take them too.
 */
final class LargeZipTest {
  private static final int LARGE = 0xffffffff;
  private static final int LARGE_FIELD = 28;

  @TempDir private Path folder;

  /** The same zip with every size and position in fields of 64 bits. */
  private static byte[] large(byte[] zip) throws IOException {
    ByteBuffer old = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int end = zip.length - 22;
    assertThat(old.getInt(end)).isEqualTo(0x06054b50);
    int count = old.getShort(end + 10);
    int start = old.getInt(end + 16);
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    int at = start;
    for (int i = 0; i < count; i++) {
      int name = old.getShort(at + 28);
      int rest = old.getShort(at + 30) + old.getShort(at + 32);
      ByteBuffer entry =
          ByteBuffer.allocate(46 + name + LARGE_FIELD).order(ByteOrder.LITTLE_ENDIAN);
      entry.put(zip, at, 46 + name);
      entry.putInt(20, LARGE).putInt(24, LARGE).putInt(42, LARGE);
      entry.putShort(30, (short) LARGE_FIELD).putShort(32, (short) 0);
      entry.putShort((short) 1).putShort((short) 24);
      entry.putLong(old.getInt(at + 24)).putLong(old.getInt(at + 20)).putLong(old.getInt(at + 42));
      directory.write(entry.array());
      at += 46 + name + rest;
    }
    ByteBuffer ends = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
    ends.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    ends.putInt(0).putInt(0).putLong(count).putLong(count);
    ends.putLong(directory.size()).putLong(start);
    ends.putInt(0x07064b50).putInt(0).putLong((long) start + directory.size()).putInt(1);
    ends.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
    ends.putInt(LARGE).putInt(LARGE).putShort((short) 0);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(zip, 0, start);
    file.write(directory.toByteArray());
    file.write(ends.array());
    return file.toByteArray();
  }

  private static Weights read(byte[] file) throws WeightsException {
    return Weights.read("x.pt", file, ReadOptions.defaults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.pt", "checkpoint.pt", "parameters.pt", "views.pt"})
  void sizesOf64BitsAreRead(String name) throws IOException {
    byte[] small = Files.readAllBytes(Hashes.file(name));
    byte[] large = large(small);
    Weights expected = read(small);
    Weights weights = read(large);
    assertThat(weights.names()).isEqualTo(expected.names()).isNotEmpty();
    for (String tensor : expected.names()) {
      assertThat(Hashes.sha256(weights.tensor(tensor)))
          .isEqualTo(Hashes.sha256(expected.tensor(tensor)));
    }

    Path file = Files.write(folder.resolve(name), large);
    try (ZipFile jdk = new ZipFile(file.toFile())) {
      ZipEntry entry =
          jdk.stream().filter(e -> e.getName().endsWith("/data.pkl")).findFirst().get();
      assertThat(jdk.getInputStream(entry).readAllBytes()).hasSize((int) entry.getSize());
    }
  }

  /** Sizes and positions that no file has. */
  @ParameterizedTest
  @ValueSource(ints = {0, 8, 16})
  void whatIsBeyondTheFileIsRefused(int field) throws IOException {
    byte[] large = large(Files.readAllBytes(Hashes.file("state.pt")));
    ByteBuffer file = ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN);
    int directory = (int) file.getLong(large.length - 22 - 20 - 56 + 48);
    int values = directory + 46 + file.getShort(directory + 28) + 4;
    for (long beyond : new long[] {1L << 40, -1, Long.MIN_VALUE}) {
      file.putLong(values + field, beyond);
      assertThatThrownBy(() -> read(large))
          .isExactlyInstanceOf(WeightsException.class)
          .hasMessageStartingWith("x.pt: as a zip the file is damaged: ");
    }
  }

  @Test
  void aDirectoryBeyondTheFileIsRefused() throws IOException {
    byte[] large = large(Files.readAllBytes(Hashes.file("state.pt")));
    ByteBuffer file = ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN);
    int record = large.length - 22 - 20 - 56;
    for (int field : new int[] {32, 40, 48}) {
      long right = file.getLong(record + field);
      for (long wrong : new long[] {1L << 40, -1, Long.MIN_VALUE}) {
        file.putLong(record + field, wrong);
        assertThatThrownBy(() -> read(large))
            .isExactlyInstanceOf(WeightsException.class)
            .hasMessageStartingWith("x.pt: as a zip the file is damaged: ");
      }
      file.putLong(record + field, right);
    }
    assertThat(read(large).names()).isNotEmpty();
  }
}
