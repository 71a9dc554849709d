package dev.tenon.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  @TempDir private Path folder;

  private static AtomicFile.Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesAndReplaces() throws IOException {
    Path file = folder.resolve("a");
    AtomicFile.write(file, text("one"));
    assertThat(file).hasContent("one");
    AtomicFile.write(file, text("two"));
    assertThat(file).hasContent("two");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingBesideIt() throws IOException {
    Path file = folder.resolve("a");
    AtomicFile.write(file, text("one"));
    for (Throwable thrown :
        List.of(new IOException("full"), new IllegalStateException("bug"), new AssertionError())) {
      assertThatThrownBy(
              () ->
                  AtomicFile.write(
                      file,
                      out -> {
                        out.write(new byte[100]);
                        assertThat(names()).hasSize(2);
                        throwAny(thrown);
                      }))
          .isSameAs(thrown);
      assertThat(file).hasContent("one");
      assertThat(names()).containsExactly("a");
    }
  }

  private static void throwAny(Throwable thrown) throws IOException {
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    throw (Error) thrown;
  }

  @Test
  void theOldFileIsWholeWhileTheNewOneIsWritten() throws IOException {
    Path file = folder.resolve("a");
    AtomicFile.write(file, text("one"));
    AtomicFile.write(
        file,
        out -> {
          out.write('t');
          assertThat(file).hasContent("one");
          out.write('w');
        });
    assertThat(file).hasContent("tw");
  }

  @Test
  void anInterruptedThreadWritesAndStaysInterrupted() throws IOException {
    Path file = folder.resolve("a");
    Thread.currentThread().interrupt();
    try {
      AtomicFile.write(file, text("one"));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file).hasContent("one");
  }

  @Test
  void aSymbolicLinkStaysOne() throws IOException {
    Path file = folder.resolve("a");
    Path link = folder.resolve("latest");
    AtomicFile.write(file, text("one"));
    Files.createSymbolicLink(link, Path.of("a"));
    AtomicFile.write(link, text("two"));
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(file).hasContent("two");
  }

  @Test
  void permissionsAreThoseOfTheUserAndAreKept() throws IOException {
    Path file = folder.resolve("a");
    if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) == null) {
      AtomicFile.write(file, text("one"));
      assertThat(file).hasContent("one");
      return;
    }
    Path usual = Files.createFile(folder.resolve("usual"));
    AtomicFile.write(file, text("one"));
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    AtomicFile.write(file, text("two"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void leftoversOfProcessesThatWereKilledGoAfterAnHour() throws IOException {
    String id = ".5e0c7a3e-54a7-4a1b-9d1c-1b7f8a3d2c10.tmp";
    for (String name : List.of(".a" + id, ".b" + id, ".a.tmp", ".a.b" + id)) {
      Files.setLastModifiedTime(
          Files.createFile(folder.resolve(name)),
          FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    }
    Files.createFile(folder.resolve(".a" + id.replace('5', '6')));
    AtomicFile.write(folder.resolve("a"), text("one"));
    assertThat(names())
        .containsExactlyInAnyOrder(
            "a", ".b" + id, ".a.tmp", ".a.b" + id, ".a" + id.replace('5', '6'));
  }

  @Test
  void aPathThatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("none").resolve("a"), text("one")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> AtomicFile.write(folder, text("one")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder + ": this is a directory");
  }

  /** Whatever fails, and behind whichever byte. */
  @Test
  void aFullDiskOrAnyOtherFailureLeavesTheOldFileAndNothingBesideIt() throws IOException {
    FailingFiles files = new FailingFiles(folder);
    Path file = files.path("a");
    AtomicFile.write(file, text("one"));
    AtomicFile.Content content =
        out -> {
          out.write(new byte[100]);
          out.write(new byte[50]);
        };
    for (int room = 0; room < 150; room++) {
      IOException full = files.full(room);
      assertThatThrownBy(() -> AtomicFile.write(file, content)).isSameAs(full);
      assertUntouched();
    }
    for (FailingFiles.Operation operation : FailingFiles.Operation.values()) {
      IOException failure = files.fail(operation);
      if (operation == FailingFiles.Operation.DELETE) {
        continue;
      }
      assertThatThrownBy(() -> AtomicFile.write(file, content))
          .isSameAs(failure)
          .hasNoSuppressedExceptions();
      assertUntouched();
    }
    files.full(150);
    AtomicFile.write(file, content);
    assertThat(folder.resolve("a")).hasBinaryContent(new byte[150]);
    assertThat(names()).containsExactly("a");
  }

  private void assertUntouched() throws IOException {
    assertThat(folder.resolve("a")).hasContent("one");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void whyNothingWasWrittenIsSaidAlsoWhereWhatIsLeftCannotBeDeleted() throws IOException {
    FailingFiles files = new FailingFiles(folder);
    AtomicFile.write(files.path("a"), text("one"));
    IOException full = files.full(2);
    files.keepEverything();
    assertThatThrownBy(() -> AtomicFile.write(files.path("a"), text("two")))
        .isSameAs(full)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(folder.resolve("a")).hasContent("one");
  }
}
