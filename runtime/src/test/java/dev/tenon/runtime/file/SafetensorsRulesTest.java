package dev.tenon.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are wrong in one way each. The first part is what the format's reference
 * implementation tests itself with, huggingface/safetensors, {@code safetensors/src/tensor.rs} and
 * {@code attacks/} at commit 24b0b285, Apache-2.0: taken as data, byte for byte.
 */
final class SafetensorsRulesTest {
  private static final String ENTRY =
      "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";
  private static final String ZEROS = "\0".repeat(16);

  private static Weights read(byte[] file) throws WeightsException {
    return Weights.read("x.safetensors", file, ReadOptions.defaults());
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A header of UTF-8 with its length before it, and data after it. */
  private static byte[] file(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static String entry(String type, String shape, long begin, long end) {
    return "{\"dtype\":\""
        + type
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":["
        + begin
        + ","
        + end
        + "]}";
  }

  static Stream<Arguments> refusedByTheReference() {
    String sixty = "<\0\0\0\0\0\0\0";
    return Stream.of(
        arguments(
            "polyglot",
            bytes(
                sixty
                    + ENTRY
                    + "\0\0\0\0"
                    + ZEROS.substring(4)
                    + "extra_bogus_data_for_polyglot_file"),
            "the file has 34 bytes after its last tensor: its tensors take 16 bytes, but 50 are there"),
        arguments(
            "missing two bytes",
            bytes(sixty + ENTRY + ZEROS.substring(2)),
            "the file ends 2 bytes early: its tensors take 16 bytes, but only 14 are there"),
        arguments(
            "header too large",
            bytes("<\0\0\0\0\u00ff\u00ff\u00ff" + ENTRY + ZEROS),
            "its first 8 bytes are 18446742974197923900, but a header has at most 100,000,000 bytes"),
        arguments("empty", bytes(""), "the file has 0 bytes, but safetensors begins with 8"),
        arguments(
            "no header",
            bytes(sixty),
            "the file ends 60 bytes early: its header alone takes 60 bytes after the first 8, but only 0 are there"),
        arguments(
            "no UTF-8",
            bytes("\2\0\0\0\0\0\0\0\u00ff}"),
            "the header is no valid UTF-8: byte 0 of it is wrong"),
        arguments(
            "no JSON",
            bytes("\2\0\0\0\0\0\0\0{ "),
            "the header is not valid at byte 2: expected a tensor's name in quotes, but the header ends"),
        arguments(
            "one byte", bytes("\1\0\0\0\0\0\0\0{"), "the header has 1 bytes, but {} alone are 2"),
        arguments(
            "invalid info",
            bytes(sixty + "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0, 4]}}"),
            "the tensor \"test\" needs 16 bytes, I32 of shape [2,2], but its data_offsets [0, 4) have 4"),
        arguments(
            "more elements than 64 bits",
            bytes(
                "O\0\0\0\0\0\0\0{\"test\":{\"dtype\":\"I32\",\"shape\":[2,18446744073709551614],\"data_offsets\":[0,16]}}"
                    + ZEROS),
            "the tensor \"test\" has a shape of more elements than 63 bits count: [2,18446744073709551614]"),
        arguments(
            "more bytes than 64 bits",
            bytes(
                "N\0\0\0\0\0\0\0{\"test\":{\"dtype\":\"I32\",\"shape\":[2,9223372036854775807],\"data_offsets\":[0,16]}}"
                    + ZEROS),
            "the tensor \"test\" has a shape of more elements than 63 bits count: [2,9223372036854775807]"),
        arguments(
            "length of another header",
            file(ENTRY + " ".repeat(940), 0),
            "the file ends 16 bytes early"),
        arguments("overlaps", overlapping(10, 16), "overlap"),
        arguments("overlaps, 100,000 of them", overlapping(100_000, 160_000), "overlap"));
  }

  /** Tensors that all lie at the same place. */
  private static byte[] overlapping(int count, int bytes) {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("\"weight_")
          .append(i)
          .append("\":")
          .append(entry("F32", "[" + bytes / 4 + "]", 0, bytes));
    }
    return file(header.append('}').toString(), bytes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedByTheReference")
  void whatTheReferenceRefusesIsRefused(String name, byte[] file, String message) {
    assertThatThrownBy(() -> read(file))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessageStartingWith("x.safetensors: ")
        .hasMessageContaining(message);
  }

  static Stream<Arguments> takenByTheReference() {
    return Stream.of(
        arguments(
            "scalar",
            bytes(
                "8\0\0\0\0\0\0\0{\"test\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[0,4]}}\0\0\0\0"),
            "[test I32 []]"),
        arguments("matrix", bytes("<\0\0\0\0\0\0\0" + ENTRY + ZEROS), "[test I32 [2, 2]]"),
        arguments("white space after", bytes("\6\0\0\0\0\0\0\0{}\r \t\n"), "[]"),
        arguments("white space around", bytes("\6\0\0\0\0\0\0\0\t\n{}\r "), "[]"),
        arguments(
            "no elements",
            bytes(
                "<\0\0\0\0\0\0\0{\"test\":{\"dtype\":\"I32\",\"shape\":[2,0],\"data_offsets\":[0, 0]}}"),
            "[test I32 [2, 0]]"),
        arguments(
            "four bits",
            file("{\"attn.0\":" + entry("F4", "[1,2]", 0, 1) + "}", 1),
            "[attn.0 F4 [1, 2]]"),
        arguments(
            "metadata alone",
            bytes("(\0\0\0\0\0\0\0{\"__metadata__\":{\"framework\":\"pt\"}}     "),
            "[]"),
        arguments(
            "in any order",
            file(
                "{\"b\":" + entry("U8", "[3]", 2, 5) + ",\"a\":" + entry("U8", "[2]", 0, 2) + "}",
                5),
            "[a U8 [2], b U8 [3]]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("takenByTheReference")
  void whatTheReferenceTakesIsTaken(String name, byte[] file, String listed) throws IOException {
    Weights weights = read(file);
    assertThat(weights.names().stream().map(weights::info).toList()).hasToString(listed);
    for (String tensor : weights.names()) {
      if (weights.info(tensor).tensorType().isPresent()) {
        assertThat(weights.tensor(tensor).size()).isEqualTo((int) weights.info(tensor).elements());
      }
    }
  }

  static Stream<Arguments> refused() {
    String a = entry("U8", "[2]", 0, 2);
    return Stream.of(
        arguments(
            "{\"a\":" + a + ",\"\\u0061\":" + entry("U8", "[0]", 2, 2) + "}",
            2,
            "the tensor \"a\" is there twice"),
        arguments(
            "{\"a\":" + a + ",\"b\":" + entry("U8", "[1]", 3, 4) + "}",
            4,
            "the tensor \"b\" begins at byte 3 of the data, but \"a\" ends at 2: there must be no hole"),
        arguments(
            "{\"a\":" + a + ",\"b\":" + entry("U8", "[2]", 1, 3) + "}",
            3,
            "the tensor \"b\" begins at byte 1 of the data, but \"a\" ends at 2: the two overlap"),
        arguments(
            "{\"a\":" + entry("U8", "[2]", 1, 3) + "}",
            3,
            "the tensor \"a\" begins at byte 1 of the data, but the data begin at 0: there must be no hole"),
        arguments(
            "{\"a\":" + entry("U8", "[2]", 2, 0) + "}",
            2,
            "the tensor \"a\" has data_offsets that end before they begin: [2, 0)"),
        arguments(
            "{\"a\":" + entry("F4", "[3]", 0, 2) + "}",
            2,
            "the tensor \"a\" does not fill whole bytes: 3 elements of 4 bits each"),
        arguments(
            "{\"a\":" + entry("F64", "[2305843009213693951]", 0, 2) + "}",
            2,
            "the tensor \"a\" has more bits than 63 bits count: 2305843009213693951 elements of 64 bits each"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,9999999999999999999]}}",
            2,
            "the tensor \"a\" has data_offsets beyond 9223372036854775807"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[2]}}",
            2,
            "the tensor \"a\" has no data_offsets in it"),
        arguments(
            "{\"a\":{\"shape\":[2],\"data_offsets\":[0,2]}}",
            2,
            "the tensor \"a\" has no dtype in it"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,2]}}",
            2,
            "the tensor \"a\" has no shape in it"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}",
            2,
            "the tensor \"a\" has one of dtype, shape and data_offsets twice"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2],\"strides\":[1]}}",
            2,
            "the tensor \"a\" has the key \"strides\", but a tensor has dtype, shape and data_offsets, and nothing else"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,1,2]}}",
            2,
            "expected ']' after the two numbers of data_offsets, but found \",\""),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[2.0],\"data_offsets\":[0,2]}}",
            2,
            "an extent of a shape must be a whole number without leading zeros"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[02],\"data_offsets\":[0,2]}}",
            2,
            "an extent of a shape must be a whole number without leading zeros"),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[-2],\"data_offsets\":[0,2]}}",
            2,
            "expected a whole number from 0, an extent of a shape, but found \"-\""),
        arguments(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[\"2\"],\"data_offsets\":[0,2]}}",
            2,
            "expected a whole number from 0, an extent of a shape"),
        arguments(
            "{\"a\":{\"dtype\":8,\"shape\":[2],\"data_offsets\":[0,2]}}",
            2,
            "expected the name of an element type in quotes, but found \"8\""),
        arguments(
            "{\"a\":[\"U8\",[2],[0,2]]}",
            2,
            "expected '{' before a tensor's dtype, shape and data_offsets, but found \"[\""),
        arguments("{\"a\":{\"b\":{\"c\":{}}}}", 0, "the tensor \"a\" has the key \"b\""),
        arguments(
            "[".repeat(100_000), 0, "expected '{' at the beginning of the header, but found \"[\""),
        arguments(
            "{\"__metadata__\":{\"epoch\":3}}",
            0,
            "expected a value of the metadata in quotes, but found \"3\""),
        arguments(
            "{\"__metadata__\":{\"a\":{}}}",
            0,
            "expected a value of the metadata in quotes, but found \"{\""),
        arguments(
            "{\"__metadata__\":null}",
            0,
            "expected '{' before the metadata, which are texts by name, but found \"n\""),
        arguments(
            "{\"__metadata__\":{\"a\":\"\",\"\\u0061\":\"\"}}",
            0,
            "the metadata have the key \"a\" twice"),
        arguments("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__ is there twice"),
        arguments("{\"\\ud800\":" + a + "}", 2, "half of a surrogate pair in a tensor's name"),
        arguments("{\"\\udc00\":" + a + "}", 2, "half of a surrogate pair in a tensor's name"),
        arguments(
            "{\"\\ud800\\u0041\":" + a + "}", 2, "half of a surrogate pair in a tensor's name"),
        arguments(
            "{\"\\u12g4\":" + a + "}", 2, "\\u in a tensor's name needs four hexadecimal digits"),
        arguments("{\"\\x\":" + a + "}", 2, "an escape in a tensor's name that JSON does not have"),
        arguments(
            "{\"a\nb\":" + a + "}",
            2,
            "a control character in a tensor's name, which must be escaped"),
        arguments("{\"a", 2, "a tensor's name that begins here has no closing quote"),
        arguments(
            "{\"" + "a".repeat(70_000) + "\":" + a + "}",
            2,
            "a tensor's name is longer than 65536 characters"),
        arguments("{\"a\":" + a + ",}", 2, "expected a tensor's name in quotes, but found \"}\""),
        arguments(
            "{\"a\":" + a + "} {}",
            2,
            "expected nothing but white space after the header's closing '}', but found \"{\""),
        arguments(
            "{\"a\":" + a + "}\0",
            2,
            "expected nothing but white space after the header's closing '}', but found \"\\u0000\""),
        arguments(
            "\ufeff{\"a\":" + a + "}",
            2,
            "expected '{' at the beginning of the header, but found \"\\ufeff\""),
        arguments("{'a':" + a + "}", 2, "expected a tensor's name in quotes, but found \"'\""),
        arguments(
            "{} // done",
            0,
            "expected nothing but white space after the header's closing '}', but found \"/\""),
        arguments("{\"\u001b[2J\":" + a + "}", 2, "a control character in a tensor's name"),
        arguments(
            "{\"\\u001b[2J\":" + entry("U8", "[3]", 0, 2) + "}",
            2,
            "the tensor \"\\u001b[2J\" needs 3 bytes"));
  }

  @ParameterizedTest(name = "{index}: {2}")
  @MethodSource("refused")
  void everyRuleHasAMessageOfItsOwn(String header, int data, String message) {
    assertThatThrownBy(() -> read(file(header, data)))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessageStartingWith("x.safetensors: ")
        .hasMessageContaining(message)
        .message()
        .hasSizeLessThan(1000);
  }

  @Test
  void malformedUtf8IsRefusedWhereverItIs() {
    // A stray byte, an overlong form, half of a pair in CESU-8, and more than Unicode has.
    for (String wrong :
        new String[] {
          "\u0080", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f5\u0080\u0080\u0080", "\u00e2\u0082"
        }) {
      byte[] json = bytes("{\"__metadata__\":{\"a\":\"" + wrong + "\"}}");
      byte[] file =
          ByteBuffer.allocate(8 + json.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(json.length)
              .put(json)
              .array();
      assertThatThrownBy(() -> read(file))
          .isExactlyInstanceOf(WeightsException.class)
          .hasMessageContaining("the header is no valid UTF-8: byte 22 of it is wrong");
    }
  }

  @Test
  void aLongNameIsCutInAMessage() {
    String header = "{\"" + "n".repeat(60_000) + "\":" + entry("U8", "[3]", 0, 2) + "}";
    assertThatThrownBy(() -> read(file(header, 2)))
        .message()
        .hasSizeLessThan(400)
        .contains("... (60000 characters)");
  }

  @Test
  void anUnknownTypeIsListedAndRefusedOnlyWhenItIsAskedFor() throws IOException {
    Weights weights =
        read(
            file(
                "{\"new\":"
                    + entry("F2_E1M0", "[16]", 0, 4)
                    + ",\"a\":"
                    + entry("U8", "[2]", 4, 6)
                    + "}",
                6));
    assertThat(weights.info("new").toString()).isEqualTo("new F2_E1M0 [16]");
    assertThat(weights.info("new").bytes()).isEqualTo(4);
    assertThat(weights.tensor("a").toString()).isEqualTo("int32 [2] [0, 0]");
    assertThatThrownBy(() -> weights.tensor("new"))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessage(
            "x.safetensors: the tensor \"new\" has elements of type \"F2_E1M0\", which is not known; read are BOOL, U8, I8, I16, U16, F16, BF16, I32, U32, F32, F64, I64.");
  }

  @Test
  void aTruthThatIsNeitherIsRefused() throws IOException {
    byte[] file = file("{\"mask\":" + entry("BOOL", "[2]", 0, 2) + "}", 2);
    file[file.length - 1] = 2;
    Weights weights = read(file);
    assertThatThrownBy(() -> weights.tensor("mask"))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessage(
            "x.safetensors: the tensor \"mask\" is of type BOOL, so its bytes are 0 or 1, but element 1 is 2.");
  }

  @Test
  void aShapeThatNoTensorHasIsRefusedWhenItIsAskedFor() throws IOException {
    Weights weights = read(file("{\"a\":" + entry("U8", "[0,4294967296]", 0, 0) + "}", 0));
    assertThat(weights.info("a").elements()).isZero();
    assertThatThrownBy(() -> weights.tensor("a"))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessageContaining("of shape [0, 4294967296] is too large for a tensor in memory");
  }

  @Test
  void theLimitOfTheHeaderCanBeLower() throws IOException {
    byte[] file = file(ENTRY, 16);
    ReadOptions options = ReadOptions.defaults();
    assertThat(Weights.read("x", file, options.headerLimit(ENTRY.length())).names()).hasSize(1);
    assertThatThrownBy(() -> Weights.read("x", file, options.headerLimit(ENTRY.length() - 1)))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessage(
            "x: the header has 60 bytes, more than the limit of 59 that was set for this reading.");
    assertThatThrownBy(() -> options.headerLimit(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("headerLimit: must be from 2 to 100000000, but is 1.");
  }

  @Test
  void whatPeopleTakeForWeightsIsNamed() {
    assertThatThrownBy(
            () -> read(bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n")))
        .isExactlyInstanceOf(WeightsException.class)
        .hasMessageEndingWith(
            " It is a pointer of Git LFS, not the file itself: run git lfs pull.");
    assertThatThrownBy(() -> read(bytes("<!DOCTYPE html><html>")))
        .hasMessageEndingWith(" It is a page of the web, as a download gives that needs a login.");
    assertThatThrownBy(() -> read(bytes("\u0089HDF\r\n\u001a\n\0\0")))
        .hasMessageEndingWith(" It is HDF5, as Keras writes it.");
    assertThatThrownBy(() -> read(bytes("GGUF\3\0\0\0\1\0")))
        .isExactlyInstanceOf(WeightsException.class);
  }
}
