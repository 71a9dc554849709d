package dev.tenon.integration;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The bytes of bytecode of every method of a class file: {@code code_length} of JVMS 4.7.3. */
final class MethodSizes {
  private static final int MAGIC = 0xCAFEBABE;

  private MethodSizes() {}

  /** Sizes by name and descriptor, such as {@code fcForward([[F[[FI)V}; none for abstract ones. */
  static Map<String, Integer> of(byte[] classFile) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
      if (in.readInt() != MAGIC) {
        throw new IllegalArgumentException("no class file");
      }
      in.skipNBytes(4);
      String[] utf8 = constants(in);
      in.skipNBytes(6);
      in.skipNBytes(2L * in.readUnsignedShort());
      members(in, utf8, new LinkedHashMap<>());
      Map<String, Integer> sizes = new LinkedHashMap<>();
      members(in, utf8, sizes);
      return sizes;
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String[] constants(DataInputStream in) throws IOException {
    String[] utf8 = new String[in.readUnsignedShort()];
    for (int i = 1; i < utf8.length; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> utf8[i] = in.readUTF();
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++; // a long and a double take two entries
        }
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        default -> throw new IOException("constant of tag " + tag);
      }
    }
    return utf8;
  }

  private static void members(DataInputStream in, String[] utf8, Map<String, Integer> sizes)
      throws IOException {
    int count = in.readUnsignedShort();
    for (int i = 0; i < count; i++) {
      in.skipNBytes(2);
      String name = utf8[in.readUnsignedShort()] + utf8[in.readUnsignedShort()];
      int attributes = in.readUnsignedShort();
      for (int a = 0; a < attributes; a++) {
        boolean isCode = utf8[in.readUnsignedShort()].equals("Code");
        int length = in.readInt();
        if (isCode) {
          in.skipNBytes(4);
          sizes.put(name, in.readInt());
          length -= 8;
        }
        in.skipNBytes(length);
      }
    }
  }
}
