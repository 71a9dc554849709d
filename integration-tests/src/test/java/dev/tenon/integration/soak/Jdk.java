package dev.tenon.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A JDK that compiles the networks of {@link EveryLayer} and runs programs that use them. */
final class Jdk {
  private static final String VECTORS = "jdk.incubator.vector";
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  /** Only for what never ends. */
  private static final int TIMEOUT_MINUTES = 120;

  private static final Map<Path, Jdk> BY_HOME = new LinkedHashMap<>();

  private final Path home;
  private final Path folder;
  private Path networks;

  private Jdk(Path home) {
    this.home = home;
    this.folder = Path.of("target", "soak", home.getFileName().toString());
  }

  /** The one that runs the tests. */
  static Jdk ofThisBuild() {
    return at(Path.of(System.getProperty("java.home")));
  }

  /** The same object for the same folder, so that the networks are compiled once. */
  static synchronized Jdk at(Path home) {
    return BY_HOME.computeIfAbsent(home, Jdk::new);
  }

  /** Such as {@code 17.0.15}. */
  String version() throws IOException {
    Properties release = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
    }
    return release.getProperty("JAVA_VERSION").replace("\"", "");
  }

  /** The folder of class files, of plain kernels and of vector kernels. */
  synchronized Path networks() throws IOException, InterruptedException {
    if (networks == null) {
      Path classes = Files.createDirectories(folder.resolve("classes"));
      List<String> command = new ArrayList<>();
      command.add(home.resolve("bin/javac").toString());
      command.addAll(List.of("--add-modules", VECTORS, "-nowarn"));
      command.addAll(List.of("-cp", CLASS_PATH, "-processorpath", CLASS_PATH));
      command.addAll(List.of("-d", classes.toString()));
      for (SoakNetwork network : EveryLayer.networks()) {
        Path file = folder.resolve("sources").resolve(network.file());
        Files.createDirectories(file.getParent());
        Files.writeString(file, network.source());
        command.add(file.toString());
      }
      finish(command, "javac");
      networks = classes;
    }
    return networks;
  }

  /** The lines that a program writes into the file that is its first argument. */
  List<String> run(
      String name, boolean vectors, List<String> options, Class<?> main, String... args)
      throws IOException, InterruptedException {
    Path output = folder.resolve(name + ".txt");
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    if (vectors) {
      command.addAll(List.of("--add-modules", VECTORS));
    }
    command.addAll(options);
    // Two machines at a time, on as many cores.
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g", "-Duser.language=en"));
    command.addAll(List.of("-cp", networks() + File.pathSeparator + CLASS_PATH));
    command.add(main.getName());
    command.add(output.toString());
    command.addAll(List.of(args));
    finish(command, name);
    List<String> lines = Files.readAllLines(output);
    assertThat(lines.get(0)).as(name).isEqualTo(vectors ? "vector" : "plain");
    return lines.subList(1, lines.size());
  }

  private void finish(List<String> command, String name) throws IOException, InterruptedException {
    Path log = folder.resolve(name + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean over = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
    if (!over) {
      process.destroyForcibly();
    }
    assertThat(over).as("%s ends", name).isTrue();
    assertThat(process.exitValue()).as("%s: %s", name, Files.readString(log)).isZero();
  }
}
