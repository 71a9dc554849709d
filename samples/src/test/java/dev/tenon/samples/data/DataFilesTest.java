package dev.tenon.samples.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.Tensor;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The data are the ones that DATA.md describes: same bytes, and of the format it states. */
class DataFilesTest {
  private static final String FOLDER = "/dev/tenon/samples/data/";
  private static final Pattern SUM = Pattern.compile("\\| (\\S+) \\| ([0-9a-f]{64}) \\|");

  @Test
  void everyFileHasTheSumThatIsRecorded() throws IOException, NoSuchAlgorithmException {
    Map<String, String> computed = new TreeMap<>();
    for (String name : dataFiles()) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(name));
      computed.put(name, HexFormat.of().formatHex(digest));
    }

    assertThat(computed).isEqualTo(recorded());
  }

  @Test
  void digitsAreImagesOf64GreyValuesAndALabel() throws IOException {
    int[] images = new int[10];
    for (String line :
        lines(new GZIPInputStream(new ByteArrayInputStream(bytes("digits.csv.gz"))))) {
      int[] values = Stream.of(line.split(",", -1)).mapToInt(Integer::parseInt).toArray();
      assertThat(values).hasSize(65);
      for (int pixel = 0; pixel < 64; pixel++) {
        assertThat(values[pixel]).isBetween(0, 16);
      }
      images[values[64]]++;
    }

    assertThat(images).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
  }

  @Test
  void thePictureIsARowOfTheDigits() throws IOException {
    Tensor picture = DigitImage.read(DigitImage.sample());
    Tensor row = DigitsData.load().subset(17).features();
    for (int pixel = 0; pixel < 64; pixel++) {
      assertThat(picture.get(0, 0, pixel / 8, pixel % 8))
          .isCloseTo(row.get(0, 0, pixel / 8, pixel % 8), within(0.51 / 255));
    }
    assertThat(DigitsData.load().targets()[17]).isEqualTo(7);
    assertThat(Files.readAllLines(Path.of("src/main/resources" + FOLDER + "digits_test_rows.txt")))
        .contains("17");
  }

  @Test
  void irisesAreFourMeasurementsAndASpecies() throws IOException {
    List<String> lines = lines(new ByteArrayInputStream(bytes("iris.csv")));
    assertThat(lines.get(0)).isEqualTo("150,4,setosa,versicolor,virginica");

    int[] plants = new int[3];
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split(",", -1);
      assertThat(values).hasSize(5);
      for (int measurement = 0; measurement < 4; measurement++) {
        assertThat(Double.parseDouble(values[measurement])).isBetween(0.1, 7.9);
      }
      plants[Integer.parseInt(values[4])]++;
    }

    assertThat(plants).containsExactly(50, 50, 50);
  }

  @Test
  void penguinsAreFourSizesAndThreeCategories() throws IOException {
    List<String> lines = lines(new ByteArrayInputStream(bytes("penguins.csv")));
    assertThat(lines.get(0))
        .isEqualTo(
            "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year");

    int[] penguins = new int[3];
    int unmeasured = 0;
    int unsexed = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split(",", -1);
      assertThat(values).hasSize(8);
      penguins[PenguinsData.SPECIES.indexOf(values[0])]++;
      assertThat(PenguinsData.ISLANDS).contains(values[1]);
      assertThat(PenguinsData.SEXES).contains(values[6]);
      unmeasured += values[2].equals("NA") ? 1 : 0;
      unsexed += values[6].equals("NA") ? 1 : 0;
      for (int size = 2; size < 6 && !values[2].equals("NA"); size++) {
        assertThat(Double.parseDouble(values[size])).isBetween(13.0, 6300.0);
      }
    }

    assertThat(penguins).containsExactly(152, 68, 124);
    assertThat(unmeasured).isEqualTo(2);
    assertThat(unsexed).isEqualTo(11);
    assertThat(PenguinsData.split().train().size()).isEqualTo(256);
    assertThat(PenguinsData.split().test().size()).isEqualTo(86);
  }

  /** Names of everything that ships but the descriptions, so that no file goes unrecorded. */
  private static List<String> dataFiles() throws IOException {
    Path folder = Path.of("src/main/resources" + FOLDER);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("DATA.md") && !name.startsWith("LICENSE"))
          .sorted()
          .toList();
    }
  }

  private static Map<String, String> recorded() throws IOException {
    Map<String, String> sums = new TreeMap<>();
    Matcher row = SUM.matcher(new String(bytes("DATA.md"), UTF_8));
    while (row.find()) {
      sums.put(row.group(1), row.group(2));
    }
    return sums;
  }

  /** What a sample would read: the copy on the class path. */
  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = DataFilesTest.class.getResourceAsStream(FOLDER + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  private static List<String> lines(InputStream in) throws IOException {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      return reader.lines().toList();
    }
  }
}
