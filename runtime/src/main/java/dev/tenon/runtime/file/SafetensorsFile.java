package dev.tenon.runtime.file;

import dev.tenon.runtime.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A file of the safetensors format: the length of the header, the header, the data. */
final class SafetensorsFile implements Source {
  private final Origin origin;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(Origin origin, SafetensorsHeader header, long dataStart) {
    this.origin = origin;
    this.header = header;
    this.dataStart = dataStart;
  }

  /** Reads and checks the header; the data are not read. */
  static SafetensorsFile read(Origin origin, Bytes bytes, ReadOptions options) throws IOException {
    String name = origin.name();
    long size = bytes.size();
    if (size < Long.BYTES) {
      throw new WeightsException(
          name
              + ": the file has "
              + size
              + " bytes, but safetensors begins with 8 that say how long its header is. Download or"
              + " copy it again.");
    }
    byte[] first = new byte[Long.BYTES];
    bytes.read(0, first, 0, Long.BYTES);
    long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > SafetensorsHeader.LONGEST) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: this is neither safetensors nor a state dictionary of PyTorch: as the length of a"
                  + " safetensors header its first 8 bytes are %s, but a header has at most %,d"
                  + " bytes.%s",
              name,
              Long.toUnsignedString(length),
              SafetensorsHeader.LONGEST,
              KnownFiles.guess(bytes)));
    }
    if (length > options.headerLimit()) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: the header has %,d bytes, more than the limit of %,d that was set for this"
                  + " reading.",
              name,
              length,
              options.headerLimit()));
    }
    if (length > size - Long.BYTES) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: the file ends %,d bytes early: its header alone takes %,d bytes after the first"
                  + " 8, but only %,d are there. Download or copy it again.",
              name,
              length - (size - Long.BYTES),
              length,
              size - Long.BYTES));
    }
    if (length < 2) {
      throw new WeightsException(
          name + ": the header has " + length + " bytes, but {} alone are 2.");
    }
    byte[] json = Memory.array(byte[]::new, (int) length, 1, name + ": the header");
    bytes.read(Long.BYTES, json, 0, json.length);
    long dataStart = Long.BYTES + length;
    return new SafetensorsFile(
        origin, new SafetensorsHeader(name, json, size - dataStart), dataStart);
  }

  @Override
  public String origin() {
    return origin.name();
  }

  @Override
  public String format() {
    return "safetensors";
  }

  @Override
  public List<String> names() {
    return header.names();
  }

  @Override
  public boolean contains(String name) {
    return header.contains(name);
  }

  @Override
  public WeightInfo info(String name) {
    return info(name, header.entry(name));
  }

  private static WeightInfo info(String name, SafetensorsHeader.Entry entry) {
    return new WeightInfo(name, entry.typeName(), entry.shape(), entry.end() - entry.begin());
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Reader open() throws IOException {
    return new OpenFile(origin.open());
  }

  private final class OpenFile implements Reader {
    private final Bytes bytes;

    OpenFile(Bytes bytes) {
      this.bytes = bytes;
    }

    @Override
    public Tensor read(String name) throws IOException {
      return stored(name).read();
    }

    @Override
    public void copy(String name, OutputStream out) throws IOException {
      stored(name).copy(out);
    }

    private StoredTensor stored(String name) {
      SafetensorsHeader.Entry entry = header.entry(name);
      return new StoredTensor(origin(), info(name, entry), bytes, dataStart + entry.begin());
    }

    @Override
    public void close() throws IOException {
      bytes.close();
    }
  }
}
