package dev.tenon.processor.testing;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/** Java sources in strings. */
final class Sources {
  private static final String PRELUDE =
      "package test; import dev.tenon.annotations.*; import dev.tenon.runtime.*;"
          + " import dev.tenon.runtime.layer.*; import dev.tenon.runtime.model.*;"
          + " import dev.tenon.runtime.state.*; ";

  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");
  private static final Pattern HAS_HEADER = Pattern.compile("(?m)^\\s*(package|import)\\s");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^[^/*\\n]*?\\b(?:class|interface|enum|record)\\s+(\\w+)");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "(?m)^[^/*\\n]*?\\bpublic\\s(?:[\\w-]+\\s)*?(?:@?interface|class|enum|record)\\s+(\\w+)");

  private Sources() {}

  /**
   * The source as a file. A source with neither package nor imports is put into the package {@code
   * test} and sees all annotations and the runtime; its line numbers stay as they are.
   */
  static JavaFileObject file(String source) {
    String text = HAS_HEADER.matcher(source).find() ? source : PRELUDE + source;
    Matcher inPackage = PACKAGE.matcher(text);
    String folder = inPackage.find() ? inPackage.group(1).replace('.', '/') + "/" : "";
    Matcher publicType = PUBLIC_TYPE.matcher(source);
    Matcher anyType = TYPE.matcher(source);
    String name =
        publicType.find() ? publicType.group(1) : anyType.find() ? anyType.group(1) : "Unnamed";
    return file(folder + name + ".java", text);
  }

  /** A text as the file of this path. */
  static JavaFileObject file(String path, String text) {
    return new SimpleJavaFileObject(URI.create("mem:///" + path), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
