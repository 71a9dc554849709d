package dev.tenon.processor.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;

/** Keeps what javac writes; everything else comes from the file manager behind it. */
final class MemoryFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {
  private final Map<String, Output> sources = new LinkedHashMap<>();
  private final Map<String, Output> classes = new LinkedHashMap<>();

  MemoryFiles(StandardJavaFileManager behind) {
    super(behind);
  }

  /** Generated sources by qualified name. */
  Map<String, String> generatedSources() {
    Map<String, String> texts = new TreeMap<>();
    sources.forEach((name, output) -> texts.put(name, output.text()));
    return texts;
  }

  /** Class files by binary name. */
  Map<String, byte[]> classes() {
    Map<String, byte[]> bytes = new TreeMap<>();
    classes.forEach((name, output) -> bytes.put(name, output.bytes.toByteArray()));
    return bytes;
  }

  @Override
  public JavaFileObject getJavaFileForOutput(
      Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
    Output output = new Output(className, kind);
    (kind == JavaFileObject.Kind.SOURCE ? sources : classes).put(className, output);
    return output;
  }

  @Override
  public boolean hasLocation(Location location) {
    // Without these javac writes to the working directory and does not say so.
    return location == StandardLocation.CLASS_OUTPUT
        || location == StandardLocation.SOURCE_OUTPUT
        || super.hasLocation(location);
  }

  @Override
  public boolean isSameFile(FileObject a, FileObject b) {
    return a.toUri().equals(b.toUri());
  }

  /** The files behind stay open for the next compilation. */
  @Override
  public void close() throws IOException {
    flush();
  }

  private static final class Output extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Output(String className, Kind kind) {
      super(URI.create("mem:///out/" + className.replace('.', '/') + kind.extension), kind);
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public OutputStream openOutputStream() {
      bytes.reset();
      return bytes;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text();
    }
  }
}
