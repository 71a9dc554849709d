package dev.tenon.runtime;

/** The library itself. */
public final class Tenon {
  private static final String VERSION = "0.1.0-SNAPSHOT";

  private Tenon() {}

  /**
   * The version of the runtime, which files of models name.
   *
   * @return such as {@code 1.0.0}
   */
  public static String version() {
    return VERSION;
  }
}
