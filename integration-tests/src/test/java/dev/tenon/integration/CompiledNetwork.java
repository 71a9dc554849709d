package dev.tenon.integration;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.plan.BackEnds;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
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
 * A network compiled in memory as a user's javac would, under {@code -Xlint:all} and without a
 * warning: its generated sources, its class files, and models made of it. Where the tests run with
 * {@code jdk.incubator.vector}, so does javac, and vector kernels are generated too.
 */
final class CompiledNetwork {
  private static final String PACKAGE = "test.";
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

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

  /** The source of an interface with these members. */
  static String source(String name, String network, List<String> members) {
    return """
    package test;
    import dev.tenon.annotations.*;
    import dev.tenon.runtime.layer.*;
    @Network(%s)
    @SuppressWarnings({
      "BatchNorm1dMomentumConvention",
      "BatchNorm2dMomentumConvention",
      "BatchNorm3dMomentumConvention",
      "InstanceNorm1dMomentumConvention",
      "InstanceNorm2dMomentumConvention",
      "InstanceNorm3dMomentumConvention",
      "BatchNorm1dOutput",
      "DropoutBeforeNorm",
      "Dropout2dBeforeNorm",
      "LinearWithoutActivation",
      "SoftmaxOutput"
    })
    public interface %s {
      %s
    }
    """
        .formatted(network, name, String.join("\n  ", members));
  }

  /** Compiles a source file of package {@code test}. */
  static CompiledNetwork ofSource(String name, String source) {
    CompiledNetwork network = new CompiledNetwork(PACKAGE + name);
    network.compile(Map.of(PACKAGE + name, source), new TenonProcessor());
    return network;
  }

  /**
   * Compiles source files together.
   *
   * @param sources texts by the qualified names of their types
   * @param processor what compiles the networks in them
   */
  static CompiledNetwork ofSources(Map<String, String> sources, TenonProcessor processor) {
    CompiledNetwork networks = new CompiledNetwork("");
    networks.compile(sources, processor);
    return networks;
  }

  private void compile(Map<String, String> texts, TenonProcessor processor) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager standard =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          compiler.getTask(
              messages,
              new InMemory(standard),
              null,
              options(),
              null,
              texts.entrySet().stream()
                  .map(text -> new Source(text.getKey(), text.getValue()))
                  .toList());
      task.setProcessors(List.of(processor));
      if (!task.call() || hasWarning(messages.toString())) {
        throw new AssertionError(
            messages + "\n" + (texts.size() == 1 ? texts.values() : texts.size() + " networks"));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether these tests run with vectors. */
  static boolean hasVectors() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  /** The back ends whose classes these tests make. */
  static List<BackEnd.Code> backEnds() {
    return hasVectors() ? BackEnds.rendered() : List.of(BackEnds.PLAIN);
  }

  private static List<String> options() {
    return hasVectors()
        ? List.of("-Xlint:all", "--add-modules", VECTOR_MODULE)
        : List.of("-Xlint:all", "-Werror");
  }

  /** Of anything but the incubator, whose notice no option of 17 turns off; 25 names its option. */
  private static boolean hasWarning(String messages) {
    return messages
        .replace("warning: [incubating] using", "warning: using")
        .replace("warning: using incubating module(s): " + VECTOR_MODULE, "")
        .contains("warning:");
  }

  /** A new model. */
  SingleModel create(long seed) {
    return create(name, seed);
  }

  /**
   * A new model of one of several networks.
   *
   * @param network its qualified name, with {@code _} between the names of nested types
   */
  SingleModel create(String network, long seed) {
    try {
      Method create = loader.loadClass(network + "Model").getDeclaredMethod("create", long.class);
      create.setAccessible(true);
      return (SingleModel) create.invoke(null, seed);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  /** A new model of a network with several inputs or outputs. */
  Model createBase(long seed) {
    try {
      Method create = loader.loadClass(name + "Model").getDeclaredMethod("create", long.class);
      create.setAccessible(true);
      return (Model) create.invoke(null, seed);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  /** A new state as plain kernels have it, whatever kernels a model here runs on. */
  State plainState(long seed) {
    try {
      Method state = loader.loadClass(name + "PlainProgram").getDeclaredMethod("state", long.class);
      state.setAccessible(true);
      return (State) state.invoke(null, seed);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
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
    private AssertionError failure;

    /** Announces a network. */
    void add(String network, List<String> members) {
      String key = network + members;
      if (!nameOf.containsKey(key)) {
        String name = "Net" + nameOf.size();
        nameOf.put(key, PACKAGE + name);
        sources.put(PACKAGE + name, source(name, network, members));
      }
    }

    /** A new model of a network that was announced. */
    SingleModel create(String network, List<String> members) {
      if (failure != null) {
        // Not once more for every test.
        throw failure;
      }
      if (compiled == null) {
        try {
          compiled = ofSources(sources, new TenonProcessor());
        } catch (AssertionError e) {
          failure = e;
          throw e;
        }
      }
      return compiled.create(nameOf.get(network + members), 1);
    }
  }
}
