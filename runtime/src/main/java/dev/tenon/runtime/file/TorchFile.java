package dev.tenon.runtime.file;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A state dictionary that PyTorch has saved. Since version 1.6 the file is a zip with a pickle and
 * an entry for each storage; before, it was five pickles in a row (a mark, a version, the machine,
 * the dictionary, the keys of the storages) and then the storages.
 */
final class TorchFile implements Source {
  private static final int ZIP = 0x04034b50;
  private static final int PICKLE = 0x80;
  private static final String MAIN = "/data.pkl";
  private static final byte[] LEGACY_MARK = {
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19
  };
  private static final long LEGACY_VERSION = 1001;

  /** What a tensor of few stored elements may be in memory, however small the file. */
  private static final long SMALL = 1 << 20;

  private final Origin origin;
  private final String format;
  private final StateDictionary dictionary;

  /** Where each storage begins in the file. */
  private final Map<String, Long> starts;

  private TorchFile(
      Origin origin, String format, StateDictionary dictionary, Map<String, Long> starts) {
    this.origin = origin;
    this.format = format;
    this.dictionary = dictionary;
    this.starts = starts;
  }

  /**
   * Whether a file begins as PyTorch's do. As the length of a header of safetensors, the beginning
   * of a pickle is more than is allowed, and that of a zip is followed by JSON.
   */
  static boolean looksLike(Bytes bytes) throws IOException {
    if (bytes.size() < 2 * Integer.BYTES + 1) {
      return false;
    }
    byte[] first = new byte[2 * Integer.BYTES + 1];
    bytes.read(0, first, 0, first.length);
    ByteBuffer begin = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
    long length = begin.getLong(0);
    if (begin.getInt(0) == ZIP) {
      return length != ZIP || " \t\r\n{".indexOf(first[2 * Integer.BYTES]) < 0;
    }
    return Byte.toUnsignedInt(first[0]) == PICKLE
        && first[1] >= 2
        && first[1] <= 5
        && (length < 0 || length > SafetensorsHeader.LONGEST);
  }

  static TorchFile read(Origin origin, Bytes bytes, ReadOptions options) throws IOException {
    byte[] first = new byte[1];
    bytes.read(0, first, 0, 1);
    return Byte.toUnsignedInt(first[0]) == PICKLE
        ? readLegacy(origin, bytes, options)
        : readZip(origin, bytes, options);
  }

  private static TorchFile readZip(Origin origin, Bytes bytes, ReadOptions options)
      throws IOException {
    String name = origin.name();
    Budget budget = new Budget(name, bytes.size());
    ZipEntries entries = new ZipEntries(name, bytes, budget);
    String folder = folder(name, entries);
    requireLittleEndian(name, bytes, entries, folder);
    ZipEntries.Range main = entries.find(folder + MAIN).orElseThrow();
    requireWithinLimit(name, main.size(), options);
    Map<String, Storage> storages = new HashMap<>();
    ByteCursor cursor = new ByteCursor(name, bytes, main.start(), main.start() + main.size());
    Object value = new Pickle(name, cursor, budget, storages).read();
    StateDictionary dictionary = StateDictionary.of(name, value, options);
    Map<String, Long> starts = new HashMap<>();
    for (Storage storage : storages.values()) {
      String entry = folder + "/data/" + storage.key();
      Optional<ZipEntries.Range> range = entries.find(entry);
      if (range.isEmpty()) {
        throw new WeightsException(
            name + ": the file has no entry " + Quoted.of(entry) + ", which a tensor looks at.");
      }
      if (range.get().size() != storage.bytes()) {
        throw new WeightsException(
            String.format(
                Locale.ROOT,
                "%s: the entry %s has %,d bytes, but the storage that it is has %,d.",
                name,
                Quoted.of(entry),
                range.get().size(),
                storage.bytes()));
      }
      starts.put(storage.key(), range.get().start());
    }
    return new TorchFile(origin, "PyTorch, zip", dictionary, starts);
  }

  /** Everything lies in one folder, whose name is the file's when it was saved. */
  private static String folder(String name, ZipEntries entries) throws WeightsException {
    String folder = null;
    for (String entry : entries.names()) {
      if (entry.endsWith(MAIN) && entry.indexOf('/') == entry.length() - MAIN.length()) {
        if (folder != null) {
          throw new WeightsException(
              name
                  + ": the zip has two pickles, "
                  + Quoted.of(folder + MAIN)
                  + " and "
                  + Quoted.of(entry)
                  + ".");
        }
        folder = entry.substring(0, entry.length() - MAIN.length());
      }
    }
    if (folder == null) {
      throw new WeightsException(
          name + ": the file is a zip, but none that PyTorch saved: it has no data.pkl in it.");
    }
    return folder;
  }

  private static void requireLittleEndian(
      String name, Bytes bytes, ZipEntries entries, String folder) throws IOException {
    Optional<ZipEntries.Range> range = entries.find(folder + "/byteorder");
    if (range.isEmpty()) {
      return;
    }
    byte[] order = new byte[(int) Math.min(16, range.get().size())];
    bytes.read(range.get().start(), order, 0, order.length);
    String text = new String(order, StandardCharsets.US_ASCII);
    if (!text.equals("little")) {
      throw new WeightsException(
          name
              + ": the file says that its byte order is "
              + Quoted.of(text)
              + ", but only little is read: save it on a machine of that order.");
    }
  }

  private static void requireWithinLimit(String name, long size, ReadOptions options)
      throws WeightsException {
    if (size > options.headerLimit()) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: the pickle that lists the tensors has %,d bytes, more than the limit of %,d.",
              name,
              size,
              options.headerLimit()));
    }
  }

  private static TorchFile readLegacy(Origin origin, Bytes bytes, ReadOptions options)
      throws IOException {
    String name = origin.name();
    Budget budget = new Budget(name, bytes.size());
    long readable = Math.min(bytes.size(), options.headerLimit());
    ByteCursor cursor = new ByteCursor(name, bytes, 0, readable);
    requireLegacyMark(name, bytes);
    Map<String, Storage> storages = new HashMap<>();
    Object value;
    Object keys;
    try {
      new Pickle(name, cursor, budget, storages).read();
      Object version = new Pickle(name, cursor, budget, storages).read();
      if (!version.equals(LEGACY_VERSION)) {
        throw cursor.problem("a version that is not " + LEGACY_VERSION);
      }
      requireLittleEndian(cursor, new Pickle(name, cursor, budget, storages).read());
      storages.clear();
      value = new Pickle(name, cursor, budget, storages).read();
      keys = new Pickle(name, cursor, budget, new HashMap<>()).read();
    } catch (WeightsException e) {
      if (readable < bytes.size() && cursor.position() >= readable - 1) {
        requireWithinLimit(name, bytes.size(), options);
      }
      throw e;
    }
    Map<String, Long> starts = storages(name, bytes, cursor, keys, storages);
    return new TorchFile(
        origin, "PyTorch, before 1.6", StateDictionary.of(name, value, options), starts);
  }

  /** The number that every such file begins with. */
  private static void requireLegacyMark(String name, Bytes bytes) throws IOException {
    byte[] first = new byte[(int) Math.min(32, bytes.size())];
    bytes.read(0, first, 0, first.length);
    // Protocols from 4 on have a frame's length before it.
    int from = first.length > 2 && first[2] == (byte) 0x95 ? 11 : 2;
    int to = from + LEGACY_MARK.length;
    if (first.length < to
        || !java.util.Arrays.equals(first, from, to, LEGACY_MARK, 0, LEGACY_MARK.length)) {
      throw new WeightsException(
          name + ": the file is a pickle of Python, but none that torch.save wrote.");
    }
  }

  private static void requireLittleEndian(ByteCursor cursor, Object machine)
      throws WeightsException {
    if (machine instanceof Pickle.Dictionary dictionary) {
      for (int i = 0; i < dictionary.pairs.size(); i += 2) {
        if ("little_endian".equals(dictionary.pairs.get(i))
            && Boolean.TRUE.equals(dictionary.pairs.get(i + 1))) {
          return;
        }
      }
    }
    throw cursor.problem("a machine that is not little-endian, the only byte order that is read");
  }

  /** The storages lie one after the other, each after its number of elements. */
  private static Map<String, Long> storages(
      String name, Bytes bytes, ByteCursor cursor, Object keys, Map<String, Storage> storages)
      throws IOException {
    if (!(keys instanceof Pickle.PyList list)) {
      throw cursor.problem("something else than the list of the storages");
    }
    Map<String, Long> starts = new HashMap<>();
    long at = cursor.position();
    byte[] count = new byte[Long.BYTES];
    long needed = at;
    for (Object key : list.items) {
      Storage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null || starts.containsKey(storage.key())) {
        throw cursor.problem("a list of storages with one that no tensor looks at, or one twice");
      }
      try {
        needed = Math.addExact(needed, Math.addExact(Long.BYTES, storage.bytes()));
      } catch (ArithmeticException e) {
        throw new WeightsException(
            cursor.problem("storages of more bytes than 63 bits count").getMessage(), e);
      }
      starts.put(storage.key(), needed - storage.bytes());
    }
    if (starts.size() != storages.size()) {
      throw cursor.problem(
          "a list of " + starts.size() + " storages, but tensors look at " + storages.size());
    }
    requireSize(name, needed, bytes.size());
    for (Map.Entry<String, Long> start : starts.entrySet()) {
      bytes.read(start.getValue() - Long.BYTES, count, 0, Long.BYTES);
      long elements = ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).getLong();
      Storage storage = storages.get(start.getKey());
      if (elements != storage.elements()) {
        throw new WeightsException(
            name
                + ": the storage "
                + Quoted.of(storage.key())
                + " says that it has "
                + elements
                + " elements, but tensors look at one of "
                + storage.elements()
                + ".");
      }
    }
    return starts;
  }

  private static void requireSize(String name, long needed, long size) throws WeightsException {
    if (needed > size) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: the file ends %,d bytes early: with its storages it takes %,d bytes, but only %,d"
                  + " are there. Download or copy it again.",
              name,
              needed - size,
              needed,
              size));
    }
    if (needed < size) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: the file has %,d bytes after its last storage: with its storages it takes %,d"
                  + " bytes, but %,d are there.",
              name,
              size - needed,
              needed,
              size));
    }
  }

  @Override
  public String origin() {
    return origin.name();
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public List<String> names() {
    return List.copyOf(dictionary.tensors().keySet());
  }

  @Override
  public boolean contains(String name) {
    return dictionary.tensors().containsKey(name);
  }

  @Override
  public WeightInfo info(String name) {
    TensorView view = dictionary.tensors().get(name);
    return new WeightInfo(
        name, view.type().name(), view.shape(), view.elements() * view.type().bytes());
  }

  @Override
  public Map<String, String> metadata() {
    return new LinkedHashMap<>();
  }

  @Override
  public List<String> skipped() {
    return dictionary.skipped();
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

    private StoredTensor stored(String name) throws IOException {
      TensorView view = dictionary.tensors().get(name);
      int width = view.type().bytes();
      long start =
          starts.get(view.storage().key()) + (view.storage().viewed() + view.offset()) * width;
      WeightInfo info = info(name);
      if (view.contiguous()) {
        return new StoredTensor(origin(), info, bytes, start);
      }
      String what = origin() + ": the tensor " + Quoted.of(name);
      if (info.bytes() > Math.max(SMALL, 2 * bytes.size())) {
        throw new WeightsException(
            String.format(
                Locale.ROOT,
                "%s repeats its elements to %,d bytes, more than twice the file, which has %,d: save"
                    + " it with .contiguous().",
                what,
                info.bytes(),
                bytes.size()));
      }
      return new StoredTensor(origin(), info, StridedBytes.of(what, view, bytes, start), 0);
    }

    @Override
    public void close() throws IOException {
      bytes.close();
    }
  }
}
