package dev.tenon.runtime.file;

import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors, byte for byte as the format's reference implementation does: compact JSON,
 * metadata first, tensors by element type, the widest first, then by name, and the header padded
 * with spaces. That library leaves the order of several metadata open; here it is by key.
 */
final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  static void write(Path path, Source source) throws IOException {
    List<WeightInfo> tensors =
        source.names().stream()
            .map(source::info)
            .sorted(
                Comparator.comparing(SafetensorsWriter::type)
                    .reversed()
                    .thenComparing(WeightInfo::name, SafetensorsWriter::byCodePoints))
            .toList();
    byte[] header = header(tensors, source.metadata());
    try (Source.Reader reader = source.open()) {
      AtomicFile.write(
          path,
          out -> {
            out.write(header);
            for (WeightInfo tensor : tensors) {
              reader.copy(tensor.name(), out);
            }
          });
    }
  }

  private static ElementType type(WeightInfo tensor) {
    return ElementType.named(tensor.type())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The tensor "
                        + Quoted.of(tensor.name())
                        + " cannot be written: safetensors has no element type "
                        + Quoted.of(tensor.type())
                        + "."));
  }

  /** As bytes of UTF-8 compare; Java's own order differs from it beyond the first 65,536. */
  private static int byCodePoints(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean bothOrNeither = Character.isSurrogate(x) == Character.isSurrogate(y);
        return bothOrNeither ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static byte[] header(List<WeightInfo> tensors, Map<String, String> metadata) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append("\"__metadata__\":{");
      TreeMap<String, String> sorted = new TreeMap<>(SafetensorsWriter::byCodePoints);
      sorted.putAll(metadata);
      String comma = "";
      for (Map.Entry<String, String> entry : sorted.entrySet()) {
        json.append(comma);
        quote(json, entry.getKey());
        json.append(':');
        quote(json, entry.getValue());
        comma = ",";
      }
      json.append('}');
    }
    long offset = 0;
    for (WeightInfo tensor : tensors) {
      if (json.length() > 1) {
        json.append(',');
      }
      quote(json, tensor.name());
      json.append(":{\"dtype\":\"").append(tensor.type()).append("\",\"shape\":[");
      String comma = "";
      for (long extent : tensor.shape()) {
        json.append(comma).append(extent);
        comma = ",";
      }
      json.append("],\"data_offsets\":[").append(offset).append(',');
      offset += tensor.bytes();
      json.append(offset).append("]}");
    }
    json.append('}');
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int length = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (length > SafetensorsHeader.LONGEST) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The header of these weights takes %,d bytes, but safetensors allows %,d.",
              length,
              SafetensorsHeader.LONGEST));
    }
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    header.put(text);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }

  /** As the reference's JSON library: everything stands for itself but what JSON forbids. */
  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  /** A name or metadata that can be written. */
  static String requireText(String what, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          what + " " + Quoted.of(text) + " has half of a surrogate pair, which is no character.");
    }
    return text;
  }
}
