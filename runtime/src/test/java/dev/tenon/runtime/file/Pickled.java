package dev.tenon.runtime.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes pickles and the zips around them by hand, right or wrong. */
final class Pickled {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pickled() {
    bytes(0x80, 2);
  }

  Pickled bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  Pickled repeat(int count, int... values) {
    for (int i = 0; i < count; i++) {
      bytes(values);
    }
    return this;
  }

  Pickled ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Pickled text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    bytes('X').int32(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  Pickled int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  Pickled number(long value) {
    if (value >= 0 && value < 256) {
      return bytes('K', (int) value);
    }
    bytes(0x8a, 8);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  Pickled global(String module, String name) {
    return ascii("c" + module + "\n" + name + "\n");
  }

  Pickled storage(String type, String key, long elements) {
    return bytes('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(elements)
        .bytes('t', 'Q');
  }

  Pickled tuple(long... numbers) {
    bytes('(');
    for (long number : numbers) {
      number(number);
    }
    return bytes('t');
  }

  /** A tensor of the storage "0". */
  Pickled tensor(String type, long elements, long offset, long[] shape, long[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .bytes('(')
        .storage(type, "0", elements)
        .number(offset)
        .tuple(shape)
        .tuple(strides)
        .bytes(0x89)
        .global("collections", "OrderedDict")
        .bytes(')', 'R', 't', 'R');
  }

  /** A dictionary with one tensor of the storage "0". */
  static Pickled weight(String type, long elements, long offset, long[] shape, long[] strides) {
    return new Pickled()
        .bytes('}')
        .text("weight")
        .tensor(type, elements, offset, shape, strides)
        .bytes('s');
  }

  byte[] end() {
    bytes('.');
    return out.toByteArray();
  }

  /** The zip with this pickle and one storage. */
  byte[] zip(int storageBytes) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", end());
    entries.put("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    entries.put("archive/data/0", new byte[storageBytes]);
    return zip(entries);
  }

  static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    entries.forEach(
        (name, content) -> {
          byte[] text = name.getBytes(StandardCharsets.UTF_8);
          ByteBuffer local =
              ByteBuffer.allocate(30)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putInt(0, 0x04034b50)
                  .putInt(18, content.length)
                  .putInt(22, content.length)
                  .putShort(26, (short) text.length);
          ByteBuffer central =
              ByteBuffer.allocate(46)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putInt(0, 0x02014b50)
                  .putInt(20, content.length)
                  .putInt(24, content.length)
                  .putShort(28, (short) text.length)
                  .putInt(42, file.size());
          file.writeBytes(local.array());
          file.writeBytes(text);
          file.writeBytes(content);
          directory.writeBytes(central.array());
          directory.writeBytes(text);
        });
    ByteBuffer end =
        ByteBuffer.allocate(22)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0, 0x06054b50)
            .putShort(8, (short) entries.size())
            .putShort(10, (short) entries.size())
            .putInt(12, directory.size())
            .putInt(16, file.size());
    file.writeBytes(directory.toByteArray());
    file.writeBytes(end.array());
    return file.toByteArray();
  }
}
