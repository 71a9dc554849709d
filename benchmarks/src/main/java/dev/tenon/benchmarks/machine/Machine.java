package dev.tenon.benchmarks.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What was measured on, in words. */
public final class Machine {
  private Machine() {}

  /** The processor, how many of its cores are here, and the operating system. */
  public static String describe() {
    return processor()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores, "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch");
  }

  /** The JVM. */
  public static String java() {
    return "JDK "
        + System.getProperty("java.runtime.version")
        + ", "
        + System.getProperty("java.vm.name");
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown processor");
    } catch (IOException e) {
      // Only Linux tells it in this file, and the figures do not depend on the name.
      return "unknown processor";
    }
  }
}
