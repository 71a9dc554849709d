package dev.tenon.runtime.file;

import dev.tenon.runtime.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Some tensors of another source, under names of their own, or with metadata of their own. */
final class SelectedWeights implements Source {
  private final Source source;

  /** The source's name of each. */
  private final Map<String, String> names;

  private final Map<String, String> metadata;

  SelectedWeights(Source source, Map<String, String> names, Map<String, String> metadata) {
    this.source = source;
    this.names = names;
    this.metadata = metadata;
  }

  @Override
  public String origin() {
    return source.origin();
  }

  @Override
  public String format() {
    return source.format();
  }

  @Override
  public List<String> names() {
    return List.copyOf(names.keySet());
  }

  @Override
  public boolean contains(String name) {
    return names.containsKey(name);
  }

  @Override
  public WeightInfo info(String name) {
    return source.info(names.get(name)).renamed(name);
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public List<String> skipped() {
    return source.skipped();
  }

  @Override
  public Reader open() throws IOException {
    Reader reader = source.open();
    return new Reader() {
      @Override
      public Tensor read(String name) throws IOException {
        return reader.read(names.get(name));
      }

      @Override
      public void copy(String name, OutputStream out) throws IOException {
        reader.copy(names.get(name), out);
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }
}
