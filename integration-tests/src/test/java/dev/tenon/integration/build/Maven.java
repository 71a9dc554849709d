package dev.tenon.integration.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the Maven that runs these tests on another project, in a process of its own.
 *
 * <p>That project finds the artifacts of this build in a local repository that shows everything
 * that is in the user's and, in place of whatever Tenon is there, what lies in the target folders:
 * nothing has to be installed first, and nothing is.
 */
final class Maven {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path REPOSITORY = Path.of("target", "repository").toAbsolutePath();
  private static final String GROUP = "dev/tenon";
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  /** What a new JDK says about methods that Maven's own libraries call. */
  private static final Pattern JVM_WARNING = Pattern.compile("(?m)^WARNING: .*\\R");

  private static final String VERSION = System.getProperty("tenon.version");

  private final Path project;

  private Maven(Path project) {
    this.project = project;
  }

  /**
   * Prepares to build a project.
   *
   * @param project its folder; must not lie in Tenon's own, whose options of Maven it would get
   */
  static Maven in(Path project) throws IOException {
    prepareRepository();
    return new Maven(project);
  }

  /** What Maven prints; fails if the build does. */
  String succeeds(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    assertThat(result.exitCode).as(result.printed).isZero();
    return result.printed;
  }

  /** What Maven prints; fails if the build does not. */
  String fails(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    assertThat(result.exitCode).as(result.printed).isNotZero();
    return result.printed;
  }

  private record Result(int exitCode, String printed) {}

  private Result run(String... arguments) throws IOException, InterruptedException {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    List<String> command = new ArrayList<>();
    command.add(
        Path.of(System.getProperty("maven.home"), "bin", windows ? "mvn.cmd" : "mvn").toString());
    command.add("-B");
    command.add("-Dmaven.repo.local=" + REPOSITORY);
    if (System.getProperty("maven.settings").equals("offline=true")) {
      command.add("-o");
    }
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // Over before C2 pays.
    builder
        .environment()
        .merge("MAVEN_OPTS", "-XX:TieredStopAtLevel=1", (users, ours) -> users + " " + ours);
    Process maven = builder.start();
    maven.getOutputStream().close();
    String printed = new String(maven.getInputStream().readAllBytes(), UTF_8);
    // Some distributions reset the terminal's colours in any case.
    String plain = COLOUR.matcher(printed).replaceAll("").strip();
    return new Result(maven.waitFor(), JVM_WARNING.matcher(plain).replaceAll(""));
  }

  private static void prepareRepository() throws IOException {
    Path users = Path.of(System.getProperty("maven.repository"));
    mirror(users, REPOSITORY, Path.of(GROUP));
    install("tenon-parent", ROOT.resolve("pom.xml"), "pom");
    for (String module : List.of("annotations", "runtime", "processor")) {
      String artifact = "tenon-" + module;
      Path folder = ROOT.resolve(module);
      install(artifact, pom(folder), "pom");
      install(artifact, folder.resolve("target/" + artifact + "-" + VERSION + ".jar"), "jar");
    }
  }

  /** Without the dependencies that the jar contains. */
  private static Path pom(Path folder) {
    Path reduced = folder.resolve("target/dependency-reduced-pom.xml");
    return Files.exists(reduced) ? reduced : folder.resolve("pom.xml");
  }

  /** Links to everything in a folder, but what lies along a path is folders of ours. */
  private static void mirror(Path from, Path to, Path except) throws IOException {
    Files.createDirectories(to);
    Path own = except.getName(0);
    if (Files.isDirectory(from)) {
      try (Stream<Path> entries = Files.list(from)) {
        for (Path entry : entries.toList()) {
          Path link = to.resolve(entry.getFileName());
          if (!entry.getFileName().equals(own) && Files.notExists(link)) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, entry);
          }
        }
      }
    }
    if (except.getNameCount() > 1) {
      mirror(from.resolve(own), to.resolve(own), except.subpath(1, except.getNameCount()));
    }
  }

  private static void install(String artifact, Path file, String type) throws IOException {
    Path folder =
        Files.createDirectories(REPOSITORY.resolve(GROUP).resolve(artifact).resolve(VERSION));
    Files.copy(
        file,
        folder.resolve(artifact + "-" + VERSION + "." + type),
        StandardCopyOption.REPLACE_EXISTING);
  }
}
