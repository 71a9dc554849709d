package dev.tenon.runtime.file;

import java.io.IOException;

/**
 * A file of weights that is not what it should be: cut short, damaged, of another format, or with
 * something in it that is not read. The message names the file, the entry and the numbers that do
 * not agree. Where the file itself cannot be reached, the JDK's own exceptions say so, such as
 * {@link java.nio.file.NoSuchFileException}.
 */
public final class WeightsException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * An exception with a message.
   *
   * @param message what is wrong with which file
   */
  public WeightsException(String message) {
    super(message);
  }

  /**
   * An exception with a message and a cause.
   *
   * @param message what is wrong with which file
   * @param cause what was found first
   */
  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
