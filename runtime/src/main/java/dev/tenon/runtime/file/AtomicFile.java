package dev.tenon.runtime.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes a file so that at any moment, whatever happens to the process or the machine, either the
 * old file or the new one is there, and whole. The new one is written beside the old one, forced to
 * disk, and moved into its place.
 */
public final class AtomicFile {
  private static final String SUFFIX = ".tmp";
  private static final int UUID_LENGTH = 36;
  private static final Duration OLD = Duration.ofHours(1);

  private AtomicFile() {}

  /** What is in a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param out not buffered: write large pieces
     * @throws IOException if it cannot be written
     */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, or replaces it. A symbolic link stays one: the file that it leads to is
   * replaced. The permissions of a file that is replaced are kept, where the file system has such.
   * An interrupted thread writes all the same, and is interrupted afterwards. What a process left
   * beside the file that was killed while it wrote is deleted after an hour, by the next write.
   *
   * @param path where to; its directory must exist
   * @param content what
   * @throws IOException if it cannot be written; the old file, if there is one, is as it was, and
   *     nothing lies beside it, unless that cannot be deleted either, which is then suppressed in
   *     the exception
   */
  public static void write(Path path, Content content) throws IOException {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(content, "content");
    Path target = Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
    Path name = target.getFileName();
    if (name == null || Files.isDirectory(target)) {
      throw new FileSystemException(path.toString(), null, "this is a directory");
    }
    Path beside = target.resolveSibling("." + name + "." + UUID.randomUUID() + SUFFIX);
    try {
      try (OutputStream out =
          Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.write(out);
      }
      force(beside, StandardOpenOption.WRITE);
      keepPermissions(target, beside);
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException | Error e) {
      try {
        Files.deleteIfExists(beside);
      } catch (IOException left) {
        // Whoever reads of it wants to know why nothing was written.
        e.addSuppressed(left);
      }
      throw e;
    }
    forceDirectory(target);
    deleteLeftovers(target, name);
  }

  /**
   * What processes left behind that ended while they wrote: one that is killed at each step would
   * fill the disk. Who has not written for an hour does not write any more.
   */
  private static void deleteLeftovers(Path target, Path name) {
    FileTime old = FileTime.from(Instant.now().minus(OLD));
    String prefix = "." + name + ".";
    try (DirectoryStream<Path> beside =
        Files.newDirectoryStream(
            target.toAbsolutePath().getParent(), path -> isTemporary(path, prefix))) {
      for (Path path : beside) {
        if (Files.getLastModifiedTime(path).compareTo(old) < 0) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // They take room, but nothing depends on them.
      return;
    }
  }

  private static boolean isTemporary(Path path, String prefix) {
    String name = path.getFileName().toString();
    return name.startsWith(prefix)
        && name.endsWith(SUFFIX)
        && name.length() == prefix.length() + UUID_LENGTH + SUFFIX.length();
  }

  /**
   * Waits until the disk has it. A channel that a thread is interrupted in closes, so once more.
   */
  private static void force(Path path, StandardOpenOption option) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(path, option)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** That the file is in its place is on disk only when its directory is. */
  private static void forceDirectory(Path target) {
    Path directory = target.toAbsolutePath().getParent();
    try {
      force(directory, StandardOpenOption.READ);
    } catch (IOException | UnsupportedOperationException e) {
      // Windows and some file systems do not open directories; they keep their own order of writes.
      return;
    }
  }

  private static void keepPermissions(Path old, Path beside) throws IOException {
    PosixFileAttributeView before =
        Files.getFileAttributeView(old, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (before != null && Files.exists(old)) {
      Files.setPosixFilePermissions(beside, before.readAttributes().permissions());
    }
  }
}
