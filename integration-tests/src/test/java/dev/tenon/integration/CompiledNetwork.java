package dev.tenon.integration;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.runtime.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A network compiled in memory as a user's javac would, under {@code -Xlint:all -Werror}: its
 * generated sources, its class files, and models made of it.
 */
final class CompiledNetwork {
  private final String name;
  private final Map<String, String> sources = new TreeMap<>();
  private final Map<String, byte[]> classes = new TreeMap<>();
  private final Loader loader = new Loader();

  private CompiledNetwork(String name) {
    this.name = name;
  }

  /** Compiles an interface with these members, such as {@code @ReLU Layer relu();}. */
  static CompiledNetwork of(String name, String network, List<String> members) {
    return ofSource(name, source(name, network, members));
  }

  private static String source(String name, String network, List<String> members) {
    return """
        package test;
        import dev.tenon.annotations.*;
        import dev.tenon.runtime.*;
        @Network(%s)
        @SuppressWarnings({"BatchNorm1dMomentumConvention", "BatchNorm2dMomentumConvention"})
        public interface %s {
          %s
        }
        """
        .formatted(network, name, String.join("\n  ", members));
  }

  /** Compiles a source file of package {@code test}. */
  static CompiledNetwork ofSource(String name, String source) {
    CompiledNetwork network = new CompiledNetwork(name);
    network.compile(Map.of(name, source));
    return network;
  }

  private void compile(Map<String, String> texts) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager standard =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          compiler.getTask(
              messages,
              new InMemory(standard),
              null,
              List.of("-Xlint:all", "-Werror"),
              null,
              texts.entrySet().stream()
                  .map(text -> new Source("test." + text.getKey(), text.getValue()))
                  .toList());
      task.setProcessors(List.of(new TenonProcessor()));
      if (!task.call()) {
        throw new AssertionError(
            messages + "\n" + (texts.size() == 1 ? texts.values() : texts.size() + " networks"));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A new model. */
  Model create(long seed) {
    return create(name, seed);
  }

  private Model create(String networkName, long seed) {
    try {
      return (Model)
          loader
              .loadClass("test." + networkName + "Model")
              .getMethod("create", long.class)
              .invoke(null, seed);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Generated sources by qualified name. */
  Map<String, String> sources() {
    return sources;
  }

  /** Class files by qualified name. */
  Map<String, byte[]> classes() {
    return classes;
  }

  private final class Loader extends ClassLoader {
    Loader() {
      super(CompiledNetwork.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String className) throws ClassNotFoundException {
      byte[] bytes = classes.get(className);
      if (bytes == null) {
        throw new ClassNotFoundException(className);
      }
      return defineClass(className, bytes, 0, bytes.length);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String qualifiedName, String text) {
      super(
          URI.create("string:///" + qualifiedName.replace('.', '/') + Kind.SOURCE.extension),
          Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what javac writes. */
  private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    InMemory(JavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("mem:///" + className.replace('.', '/') + kind.extension), kind) {
        private final ByteArrayOutputStream bytes =
            new ByteArrayOutputStream() {
              @Override
              public void close() throws IOException {
                super.close();
                if (kind == Kind.CLASS) {
                  classes.put(className, toByteArray());
                } else {
                  sources.put(className, toString(StandardCharsets.UTF_8));
                }
              }
            };

        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
          return sources.get(className);
        }
      };
    }
  }

  /** Networks by their text, all compiled by one javac when the first is asked for. */
  static final class Cache {
    private final Map<String, String> nameOf = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private CompiledNetwork compiled;

    /** Announces a network. */
    void add(String network, List<String> members) {
      String key = network + members;
      if (!nameOf.containsKey(key)) {
        String name = "Net" + nameOf.size();
        nameOf.put(key, name);
        sources.put(name, source(name, network, members));
      }
    }

    /** A new model of a network that was announced. */
    Model create(String network, List<String> members) {
      if (compiled == null) {
        compiled = new CompiledNetwork("");
        compiled.compile(sources);
      }
      return compiled.create(nameOf.get(network + members), 1);
    }
  }
}
