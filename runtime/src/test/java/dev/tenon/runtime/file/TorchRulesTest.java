package dev.tenon.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of PyTorch that are wrong in one way each, and pickles that mean harm. */
final class TorchRulesTest {
  private static final long[] NONE = {};

  private static Weights read(byte[] file) throws WeightsException {
    return Weights.read("x.pt", file, ReadOptions.defaults());
  }

  private static void refused(byte[] file, String message) {
    assertThatThrownBy(() -> read(file))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessageStartingWith("x.pt: ")
        .hasMessageContaining(message)
        .message()
        .hasSizeLessThan(1000);
  }

  private static long[] longs(long... values) {
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "two.pt | the file has several state dictionaries: \"generator\", \"critic\". Choose one: ReadOptions.defaults().dictionary(\"...\").",
        "tensor.pt | the file holds a tensor, but no state dictionary. Save one: torch.save(model.state_dict(), path).",
        "list.pt | the file holds a list or tuple, but no state dictionary.",
        "no-tensors.pt | the file holds a dictionary without tensors; its keys are \"epoch\".",
        "module.pt | refused: the file names torch.nn.modules.activation.ReLU, which no state dictionary needs. Nothing of it has been run. Save the state dictionary alone: torch.save(model.state_dict(), path).",
        "numbered.pt | a state dictionary has texts as keys, but one is a number.",
        "array.pt | refused: the file names numpy._core.multiarray._reconstruct",
        "complex128.pt | refused: the file names torch.ComplexDoubleStorage",
        "sparse.pt | refused: the file names torch._utils._rebuild_sparse_tensor",
        "conjugated.pt | a tensor that is to be negated or conjugated: save it with .resolve_neg() and .resolve_conj()",
      })
  void whatIsNoStateDictionaryIsRefused(String file, String message) {
    assertThatThrownBy(() -> Weights.read(Hashes.file(file)))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessageContaining(file + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void oneOfSeveralDictionariesIsChosen() throws IOException {
    ReadOptions critic = ReadOptions.defaults().dictionary("critic");
    Weights weights = Weights.read(Hashes.file("two.pt"), critic);
    assertThat(weights.names()).hasSize(8);
    assertThat(weights.describe()).endsWith("\nnot read: generator\n");
    assertThatThrownBy(
            () -> Weights.read(Hashes.file("two.pt"), ReadOptions.defaults().dictionary("model")))
        .hasMessageEndingWith(
            "no state dictionary \"model\"; there are \"generator\", \"critic\".");
  }

  @Test
  void whatElseACheckpointHasIsNamedAndNotRead() throws IOException {
    assertThat(Weights.read(Hashes.file("checkpoint.pt")).describe())
        .endsWith(
            "\nnot read: epoch, best, note, rates, big, small, bytes, set, complex, size, type,"
                + " device, optimizer\n");
  }

  /** Names that an attacker calls; the first is the oldest trick there is. */
  @ParameterizedTest
  @CsvSource({
    "os,system",
    "posix,system",
    "builtins,eval",
    "builtins,getattr",
    "subprocess,Popen",
    "torch.storage,_load_from_bytes",
    "torch,load",
    "collections,OrderedDict.fromkeys",
    "collections OrderedDict,x",
    "torch,FloatStorag\u00e9",
  })
  void noOtherNameIsTaken(String module, String name) {
    byte[] file = new Pickled().global(module, name).text("echo harm").bytes(0x85, 'R').zip(4);
    String expected =
        name.chars().allMatch(c -> c < 128)
            ? "refused: the file names " + module + "." + name
            : "a name that is too long or has characters that no name has";
    refused(file, expected);
    byte[] newer =
        new Pickled().text(module).text(name).bytes(0x93).text("echo harm").bytes(0x85, 'R').zip(4);
    refused(newer, "refused: the file names " + module + "." + name);
  }

  static Stream<Arguments> views() {
    long huge = Long.MAX_VALUE;
    return Stream.of(
        arguments(longs(5), longs(1), 0, "reaches to element 4 of a storage that has 4"),
        arguments(longs(2, 2), longs(3, 1), 0, "reaches to element 4 of a storage that has 4"),
        arguments(longs(4), longs(1), 1, "reaches to element 4 of a storage that has 4"),
        arguments(NONE, NONE, 4, "reaches to element 4 of a storage that has 4"),
        arguments(longs(0), longs(1), 5, "reaches to element 5 of a storage that has 4"),
        arguments(longs(4), longs(-1), 3, "of which none may be negative"),
        arguments(longs(-4), longs(1), 0, "of which none may be negative"),
        arguments(longs(4), longs(1), -1, "of which none may be negative"),
        arguments(longs(4), NONE, 0, "which need one stride for each axis"),
        arguments(longs(2), longs(huge), huge, "which are more than 63 bits count"),
        arguments(longs(huge, huge), longs(0, 0), 0, "which are more than 63 bits count"),
        arguments(longs(huge), longs(0), 0, "which are more than 63 bits count"));
  }

  @ParameterizedTest
  @MethodSource("views")
  void aViewLiesInItsStorage(long[] shape, long[] strides, long offset, String message) {
    refused(Pickled.weight("FloatStorage", 4, offset, shape, strides).zip(16), message);
  }

  @Test
  void aFewElementsAreNotRepeatedToFillTheMemory() throws IOException {
    Weights weights = read(Pickled.weight("FloatStorage", 1, 0, longs(1 << 28), longs(0)).zip(4));
    assertThat(weights.info("weight").bytes()).isEqualTo(1L << 30);
    assertThatThrownBy(() -> weights.tensor("weight"))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessageContaining(
            "the tensor \"weight\" repeats its elements to 1,073,741,824 bytes, more than twice the"
                + " file");
  }

  @Test
  void aStorageIsAsLargeAsItsEntry() {
    refused(
        Pickled.weight("FloatStorage", 4, 0, longs(4), longs(1)).zip(12),
        "the entry \"archive/data/0\" has 12 bytes, but the storage that it is has 16.");
    refused(
        Pickled.weight("FloatStorage", Long.MAX_VALUE / 4, 0, longs(4), longs(1)).zip(16),
        "a storage of 2305843009213693951 elements");
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/data.pkl", Pickled.weight("FloatStorage", 4, 0, longs(4), longs(1)).end());
    refused(Pickled.zip(entries), "the file has no entry \"a/data/0\", which a tensor looks at.");
  }

  static Stream<Arguments> pickles() {
    return Stream.of(
        arguments("nothing", new Pickled(), "an operation on a value that is not there"),
        arguments("two values", new Pickled().bytes('N', 'N'), "ends with more than one value"),
        arguments("no mark", new Pickled().bytes('t'), "up to a mark that is not there"),
        arguments(
            "open mark",
            new Pickled().bytes('N', '('),
            "an operation on a value that is not there"),
        arguments(
            "below a mark",
            new Pickled().bytes('}', '(', 'N', 's'),
            "an operation on a value that is not there"),
        arguments(
            "never remembered",
            new Pickled().bytes('h', 7),
            "a value of number 7, which was never remembered"),
        arguments(
            "far number",
            new Pickled().bytes('N', 'r').int32(-1),
            "a value that is remembered as number 4294967295, but there are 0"),
        arguments(
            "object",
            new Pickled().bytes('N', ')', 0x81),
            "the operation 0x81, which no state dictionary has"),
        arguments("instance", new Pickled().bytes('('), "an operation on a value"),
        arguments("old instance", new Pickled().ascii("(ios\nsystem\n"), "the operation 0x69"),
        arguments("extension", new Pickled().bytes(0x82, 1), "the operation 0x82"),
        arguments(
            "text beyond",
            new Pickled().bytes('X').int32(Integer.MAX_VALUE),
            "takes 2147483647 bytes"),
        arguments(
            "long text",
            new Pickled().bytes(0x8d).int32(-1).int32(-1),
            "takes 18446744073709551615 bytes"),
        arguments("bytes beyond", new Pickled().bytes('B').int32(-1), "takes 4294967295 bytes"),
        arguments(
            "broken text", new Pickled().bytes('X').int32(1).bytes(0xff), "is no valid UTF-8"),
        arguments(
            "call of a text",
            new Pickled().text("a").bytes(')', 'R'),
            "something else where a name to call has to be"),
        arguments(
            "call of a storage",
            new Pickled().global("torch", "FloatStorage").bytes(')', 'R'),
            "a call of torch.FloatStorage"),
        arguments(
            "build on a list",
            new Pickled().bytes(']', '}', 'b'),
            "something else where a dictionary to give attributes to has to be"),
        arguments(
            "items of a text",
            new Pickled().text("a").bytes('N', 'N', 's'),
            "something else where a dictionary has to be"),
        arguments(
            "odd items",
            new Pickled().bytes('}', '(', 'N', 'u'),
            "a dictionary's key without a value"),
        arguments(
            "no storage",
            new Pickled().text("a").bytes(0x85, 'Q'),
            "lies outside the pickle and is no storage"),
        arguments(
            "short tensor",
            new Pickled().global("torch._utils", "_rebuild_tensor_v2").bytes(')', 'R'),
            "a tensor of 0 values, but it has 6"),
        arguments(
            "parameter",
            new Pickled()
                .global("torch._utils", "_rebuild_parameter")
                .bytes('N', 'N', 'N', 0x87, 'R'),
            "a parameter of something that is no tensor"),
        arguments("cut", new Pickled().bytes('J', 1), "takes 4 bytes, but 2 are left"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pickles")
  void aPickleThatIsWrongIsRefused(String name, Pickled pickle, String message) {
    refused(pickle.zip(4), message);
  }

  @Test
  void depthAndStructuresThatContainThemselvesDoNoHarm() throws IOException {
    // 100,000 lists in one another, and a dictionary that is its own value.
    Pickled deep = new Pickled().bytes('}').text("deep").repeat(100_000, ']');
    deep.repeat(99_999, 'a').bytes('s');
    deep.text("weight").tensor("FloatStorage", 4, 0, longs(4), longs(1)).bytes('s');
    assertThat(read(deep.zip(16)).names()).containsExactly("weight");
    Pickled itself = new Pickled().bytes('}', 'q', 0).text("me").bytes('h', 0, 's').text("list");
    itself.bytes(']', 'q', 1, 'h', 1, 'a', 's');
    itself.text("weight").tensor("FloatStorage", 4, 0, longs(4), longs(1)).bytes('s');
    Weights weights = read(itself.zip(16));
    assertThat(weights.names()).containsExactly("weight");
    assertThat(weights.describe()).endsWith("not read: me, list\n");
  }

  @Test
  void aByteForAnObjectFillsNoMemory() {
    for (int operation : new int[] {'}', ']', ')', '(', 'N'}) {
      refused(
          new Pickled().repeat(3_000_000, operation).zip(4), "what the file lists takes more than");
    }
    refused(
        new Pickled().bytes('N').repeat(1_000_000, 0x94, '}').zip(4),
        "what the file lists takes more than");
    // One text, doubled again and again into lists of lists: the memory is not doubled with it.
    Pickled laughs = new Pickled().text("ha").bytes('q', 0);
    for (int i = 0; i < 60; i++) {
      laughs.bytes('h', i, 'h', i, 0x86, 'q', i + 1);
    }
    refused(laughs.zip(4), "a pickle that ends with more than one value");
  }

  @Test
  void aKeyIsThereOnce() {
    Pickled twice = Pickled.weight("FloatStorage", 4, 0, longs(4), longs(1));
    twice.text("weight").tensor("FloatStorage", 4, 0, longs(4), longs(1)).bytes('s');
    refused(twice.zip(16), "the key \"weight\" is there twice, but keys are unique.");
  }

  @Test
  void aZipThatLiesIsRefused() throws IOException {
    byte[] good = Pickled.weight("FloatStorage", 4, 0, longs(4), longs(1)).zip(16);
    assertThat(read(good).tensor("weight").size()).isEqualTo(4);
    refused(
        Arrays.copyOf(good, good.length - 1), "but a zip's end is missing: it has been cut short");
    int end = good.length - 22;
    refused(with(good, end + 16, 0x7f), "its directory is said to have");
    refused(with(good, end + 12, 1), "takes 4 bytes, but 1 are left");
    refused(with(good, end + 10, 9), "its directory has 3 entries, but its end says 9");
    int directory = indexOf(good, 0x02014b50);
    refused(with(good, directory + 10, 8), "is compressed or encrypted");
    refused(with(good, directory + 8, 1), "is compressed or encrypted");
    refused(with(good, directory + 24, 1), "is stored, but has");
    refused(with(good, directory + 43, 0x7f), "is said to be at byte");
    refused(with(good, directory + 42, 3), "is not at byte 3");
    Map<String, byte[]> other = new LinkedHashMap<>();
    other.put("weights.npy", new byte[9]);
    refused(
        Pickled.zip(other),
        "the file is a zip, but none that PyTorch saved: it has no data.pkl in it.");
    other.put("a/data.pkl", new byte[1]);
    other.put("b/data.pkl", new byte[1]);
    refused(Pickled.zip(other), "the zip has two pickles");
    other.remove("b/data.pkl");
    other.put("a/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    refused(
        Pickled.zip(other),
        "the file says that its byte order is \"big\", but only little is read");
  }

  private static byte[] with(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static int indexOf(byte[] file, int signature) {
    for (int i = 0; ; i++) {
      if (file[i] == (byte) signature
          && file[i + 1] == (byte) (signature >> 8)
          && file[i + 2] == (byte) (signature >> 16)
          && file[i + 3] == (byte) (signature >> 24)) {
        return i;
      }
    }
  }

  @Test
  void anOldFileThatIsCutSaysHowManyBytesAreMissing() throws IOException {
    byte[] file = Files.readAllBytes(Hashes.file("state-old.pt"));
    refused(
        Arrays.copyOf(file, file.length - 100),
        "the file ends 100 bytes early: with its storages it takes 1,830 bytes, but only 1,730 are"
            + " there. Download or copy it again.");
    refused(
        Arrays.copyOf(file, file.length + 5),
        "the file has 5 bytes after its last storage: with its storages it takes 1,830 bytes, but"
            + " 1,835 are there.");
  }

  @Test
  void anotherPickleIsNamed() {
    refused(
        new Pickled().text("long enough to look at").end(),
        "the file is a pickle of Python, but none that torch.save wrote.");
  }

  @Test
  void theLimitHoldsForPicklesToo() throws IOException {
    ReadOptions low = ReadOptions.defaults().headerLimit(200);
    for (String file : new String[] {"state.pt", "state-old.pt"}) {
      byte[] bytes = Files.readAllBytes(Hashes.file(file));
      assertThatThrownBy(() -> Weights.read(file, bytes, low))
          .isExactlyInstanceOf(WeightsException.class)
          .hasMessageContaining("more than the limit of 200");
    }
  }

  @Test
  void storagesAreSharedAndStridesHonoured() throws IOException {
    byte[] file = Pickled.weight("LongStorage", 6, 1, longs(2, 2), longs(1, 2)).zip(48);
    int at = indexOf(file, 0x02014b50) - 48;
    for (int i = 0; i < 6; i++) {
      file[at + 8 * i] = (byte) (10 + i);
    }
    assertThat(read(file).tensor("weight").toString())
        .isEqualTo("int64 [2, 2] [[11, 13], [12, 14]]");
  }
}
