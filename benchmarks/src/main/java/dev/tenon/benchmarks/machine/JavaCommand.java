package dev.tenon.benchmarks.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this JVM starts others like it. */
public final class JavaCommand {
  private JavaCommand() {}

  /**
   * The flags of every JVM that is measured.
   *
   * @param vector {@code auto}, or {@code off} for plain kernels
   */
  public static List<String> flags(String vector) {
    List<String> flags = new ArrayList<>();
    if (VectorModule.exists()) {
      flags.add("--add-modules");
      flags.add(VectorModule.NAME);
    }
    if (vector.equals("off")) {
      flags.add("-Dtenon.vector=off");
    }
    int version = Runtime.version().feature();
    if (version < 25) {
      // On 17 one JVM sometimes takes ten times as long as the next for the same small network,
      // unless it keeps no profiles of types. On 25 this was not seen.
      flags.add("-XX:TypeProfileLevel=0");
    }
    if (version >= 22) {
      // The peers' native code; without it each of them prints a warning.
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    return flags;
  }

  /**
   * A process that runs a program of this class path, which goes by the environment: ONNX Runtime
   * 1.29 crashes in a process whose command line is as long as ours would be.
   *
   * @param flags of the JVM
   * @param program has the main method; handed in, so that what starts a process does not depend on
   *     the program that it is a part of
   * @param arguments of the program
   */
  public static ProcessBuilder of(List<String> flags, Class<?> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add(program.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder;
  }
}
