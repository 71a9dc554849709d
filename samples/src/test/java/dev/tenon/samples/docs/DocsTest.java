package dev.tenon.samples.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.graph.LayerConfiguration;
import dev.tenon.processor.graph.ShapeInference;
import dev.tenon.processor.read.ReadProblems;
import dev.tenon.runtime.model.Model;
import dev.tenon.samples.docs.Page.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Every snippet of README.md and of the pages under docs/ compiles, runs and prints what the page
 * says. With {@code -Ddocs.update=true} the outputs on the pages are written anew instead; read the
 * difference.
 */
class DocsTest {
  private static final Path ROOT = Path.of("..");
  private static final boolean UPDATE = Boolean.getBoolean("docs.update");
  private static final String BETWEEN_BLOCKS = "--- next block ---";
  private static final Set<String> MARKS =
      Set.of("java", "java run", "java wrong", "java plan", "text", "xml", "");

  @TempDir private Path folder;

  static List<Page> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
          .filter(file -> file.toString().endsWith(".md"))
          .map(Page::new)
          .toList();
    }
  }

  static List<Page> layerPages() throws IOException {
    return pages().stream().filter(page -> page.file().getParent().endsWith("layers")).toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyFenceHasAMarkThatATestKnows(Page page) {
    for (Block block : page.blocks()) {
      assertThat(block.mark())
          .as("%s:%d", page, block.firstLine() - 1)
          .matches(
              mark ->
                  MARKS.contains(mark)
                      || mark.startsWith("java generated ")
                      || mark.startsWith("java wrong -A")
                      || mark.startsWith("java plan --add-modules "));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void snippetsCompileAndPrintWhatThePageSays(Page page) throws IOException {
    List<Block> runs = page.blocks("java run");
    if (runs.isEmpty() && page.blocks("java").isEmpty()) {
      return;
    }
    SnippetCompiler compiler = compiled(page);
    List<String> printed = run(compiler);
    Page current = page;
    for (int i = 0; i < runs.size(); i++) {
      // Looked up anew: an update moves the blocks behind it.
      Block run = current.blocks("java run").get(i);
      Block output = current.outputOf(run);
      if (output != null) {
        current = assertSame(current, output, printed.get(i));
      } else {
        assertThat(printed.get(i)).as("%s:%d prints", page, run.firstLine()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void errorsAreTheCompilers(Page page) throws IOException {
    Page current = page;
    for (int i = 0; i < page.blocksStarting("java wrong").size(); i++) {
      Block wrong = current.blocksStarting("java wrong").get(i);
      String printed =
          new SnippetCompiler(Files.createTempDirectory(folder, "wrong"))
              .add(wrong.text())
              .compile(new TenonProcessor(), wrong.options());
      assertThat(printed).containsPattern("(error|warning): \\[|Note: \\[");
      current = assertSame(current, current.outputOf(wrong), printed);
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void plansAreThePlanners(Page page) throws IOException {
    Page current = page;
    for (int i = 0; i < page.blocksStarting("java plan").size(); i++) {
      Block network = current.blocksStarting("java plan").get(i);
      String printed =
          new SnippetCompiler(Files.createTempDirectory(folder, "plan"))
              .add(network.text())
              .compile(
                  new TenonProcessor(),
                  Stream.concat(Stream.of("-Atenon.explain"), Stream.of(network.options()))
                      .toArray(String[]::new));
      current = assertSame(current, current.outputOf(network), shown(network, printed));
    }
  }

  /** Of a plan with vectors only their part: what stands before it is the plain plan, as ever. */
  private static String shown(Block network, String plan) {
    if (network.options().length == 0) {
      return plan;
    }
    List<String> lines = plan.lines().toList();
    int from = lines.indexOf("    On vectors:");
    assertThat(from).as(plan).isNotNegative();
    return String.join("\n", lines.subList(from, lines.size()));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void generatedMethodsAreTheProcessors(Page page) throws IOException {
    int methods = page.blocksStarting("java generated ").size();
    if (methods == 0) {
      return;
    }
    SnippetCompiler compiler = compiled(page);
    Page current = page;
    for (int i = 0; i < methods; i++) {
      Block shown = current.blocksStarting("java generated ").get(i);
      String[] name = shown.mark().substring("java generated ".length()).split("\\.", 2);
      current = assertSame(current, shown, method(compiler.generated(name[0]), name[1]));
    }
  }

  /**
   * The first code on a layer's page is a declaration, and may say the shapes behind it. What joins
   * layers has one of them above it.
   */
  @ParameterizedTest
  @MethodSource("layerPages")
  void declarationsOnLayerPagesCompileToTheShapesTheySay(Page page) throws Exception {
    List<String> code =
        page.lines().stream()
            .dropWhile(line -> !line.startsWith("    @"))
            .takeWhile(line -> line.startsWith("    @"))
            .toList();
    assertThat(code).as("%s declares a layer", page).isNotEmpty();
    boolean declaresInput = code.get(0).contains("Input(");
    boolean joins = code.size() > 1 && code.get(1).startsWith("    @From");
    String declaration = declaresInput || joins ? code.get(0) + "\n" + code.get(1) : code.get(0);
    Matcher shapes =
        Pattern.compile("\\[batch, ([0-9, ]+)] -> (?:\\[batch, ([0-9, ]+)]|the same)")
            .matcher(declaration);
    boolean says = shapes.find();
    String input = says ? shapes.group(1) : "3, 8, 8";
    String output = says && shapes.group(2) != null ? shapes.group(2) : input;
    SnippetCompiler compiler =
        new SnippetCompiler(folder)
            .add(
                (declaresInput ? "@Network" : "@Network(input = {" + input + "})")
                    + "\npublic interface Net {\n"
                    + declaration
                    + "\n}");

    assertThat(compiler.compileStrictly()).as("%s: %s", page, declaration).isEmpty();

    try (URLClassLoader loader = compiler.loader()) {
      Class<?> type = loader.loadClass("NetModel");
      Model model = (Model) type.getMethod("create", long.class).invoke(null, 1L);
      assertThat(Arrays.toString(model.outputs().get(0).shape()))
          .as("%s: %s", page, declaration)
          .isEqualTo("[" + output + "]");
    }
  }

  /** Commands name samples and benchmarks that exist, and poms name modules that exist. */
  @ParameterizedTest
  @MethodSource("pages")
  void commandsAndPomsNameWhatExists(Page page) throws IOException {
    Pattern command = Pattern.compile("exec:exec@([\\w-]+)");
    for (String line : page.lines()) {
      Matcher named = Pattern.compile("-pl ([\\w-]+) ").matcher(line);
      String module = named.find() ? named.group(1) : "samples";
      Matcher execution = command.matcher(line);
      while (execution.find()) {
        assertThat(Files.readString(ROOT.resolve(module).resolve("pom.xml")))
            .contains("<id>" + execution.group(1) + "</id>");
      }
    }
    for (Block xml : page.blocks("xml")) {
      Matcher artifact =
          Pattern.compile(
                  "<groupId>dev.tenon</groupId>\\s*<artifactId>tenon-([\\w-]+)</artifactId>\\s*"
                      + "<version>([^<]+)</version>")
              .matcher(xml.text());
      int artifacts = 0;
      while (artifact.find()) {
        String module = Files.readString(ROOT.resolve(artifact.group(1)).resolve("pom.xml"));
        assertThat(module)
            .contains("<artifactId>tenon-" + artifact.group(1) + "</artifactId>")
            .contains("<version>" + artifact.group(2) + "</version>");
        artifacts++;
      }
      assertThat(xml.text().split("<groupId>dev.tenon</groupId>", -1)).hasSize(artifacts + 1);
    }
  }

  /** A whole pom names the plugins that this build uses, and a class of the page to run. */
  @ParameterizedTest
  @MethodSource("pages")
  void wholePomsAreAsThisBuilds(Page page) throws IOException {
    String parent = Files.readString(ROOT.resolve("pom.xml")).replaceAll("\\s+", "");
    for (Block xml : page.blocks("xml")) {
      if (!xml.text().startsWith("<project")) {
        continue;
      }
      String pom = xml.text().replaceAll("\\s+", "");
      Matcher plugin = Pattern.compile("<plugin>(<groupId>.*?</version>)").matcher(pom);
      int plugins = 0;
      while (plugin.find()) {
        assertThat(parent).contains(plugin.group(1));
        plugins++;
      }
      assertThat(pom.split("<plugin>", -1)).hasSize(plugins + 1);
      assertThat(pom).contains("<maven.compiler.release>17</maven.compiler.release>");
      Matcher main = Pattern.compile("<mainClass>(\\w+)</mainClass>").matcher(pom);
      assertThat(main.find()).isTrue();
      assertThat(page.blocks("java").stream().map(Block::text))
          .anyMatch(
              code ->
                  code.contains("class " + main.group(1) + " {") && code.contains("void main("));
      assertThat(wellFormed(xml.text())).isEqualTo("project");
    }
  }

  /** The name of the root; the parser throws for what is not well-formed. */
  private static String wellFormed(String xml) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml)))
          .getDocumentElement()
          .getTagName();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError(xml, e);
    }
  }

  /** Every problem that is not a layer's own has a section; that the layers' have, others test. */
  @Test
  void everyProblemOfANetworkHasASection() throws IOException {
    List<String> headings =
        Files.readAllLines(ROOT.resolve("docs/errors.md")).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring("## ".length()))
            .toList();

    assertThat(headings)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    ReadProblems.ALL,
                    LayerConfiguration.PROBLEMS,
                    ShapeInference.PROBLEMS,
                    TenonProcessor.PROBLEMS)
                .flatMap(List::stream)
                .map(Problem::id)
                .toList());
  }

  /** Links lead to files that exist, and to headings that they have. */
  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Page page) throws IOException {
    Matcher link =
        Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)").matcher(String.join("\n", page.lines()));
    while (link.find()) {
      Path file = link.group(1).isEmpty() ? page.file() : page.file().resolveSibling(link.group(1));
      assertThat(file).as("%s links to", page).exists();
      if (link.group(2) != null && file.toString().endsWith(".md")) {
        assertThat(Files.readAllLines(file).stream().map(DocsTest::anchor))
            .as("%s links to a heading of %s", page, file)
            .contains(link.group(2));
      }
    }
  }

  /** What a heading is called in links, as on GitHub; empty for other lines. */
  private static String anchor(String line) {
    return line.startsWith("#")
        ? line.replaceFirst("#+ ", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\w\\- ]", "")
            .replace(' ', '-')
        : "";
  }

  /** Compiles the types of a page, with its statements as {@code PageCode.run()}. */
  private SnippetCompiler compiled(Page page) {
    SnippetCompiler compiler = new SnippetCompiler(folder);
    page.blocks("java").forEach(block -> compiler.addEach(block.text()));
    StringBuilder code =
        new StringBuilder("public class PageCode {\npublic static void run() throws Exception {\n");
    for (Block run : page.blocks("java run")) {
      code.append(run.text()).append("\nSystem.out.println(\"" + BETWEEN_BLOCKS + "\");\n");
    }
    compiler.add(code.append("}\n}\n").toString());
    assertThat(compiler.compileStrictly()).as("javac on the snippets of %s", page).isEmpty();
    return compiler;
  }

  /** What each run block printed. */
  private static List<String> run(SnippetCompiler compiler) throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (URLClassLoader loader = compiler.loader();
        PrintStream capture = new PrintStream(bytes, true, UTF_8)) {
      System.setOut(capture);
      loader.loadClass("PageCode").getMethod("run").invoke(null);
    } catch (InvocationTargetException e) {
      throw new AssertionError(bytes.toString(UTF_8), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("PageCode", e);
    } finally {
      System.setOut(console);
    }
    return Stream.of(bytes.toString(UTF_8).split(BETWEEN_BLOCKS + "\\R", -1)).toList();
  }

  /**
   * A method of a generated source, with its comment, moved to the left border.
   *
   * @param path its name, perhaps behind that of a nested class
   */
  private static String method(String source, String path) {
    List<String> lines = source.lines().toList();
    int dot = path.indexOf('.');
    int first = dot < 0 ? 0 : lineOf(lines, 0, ".* class " + path.substring(0, dot) + " .*");
    String name = path.substring(dot + 1);
    int signature = lineOf(lines, first, " +(private |static )void " + name + "\\(.*");
    int from = signature;
    while (!lines.get(from).isBlank()) {
      from--;
    }
    String end = " ".repeat(lines.get(signature).indexOf(lines.get(signature).strip())) + "}";
    int to = signature;
    while (!lines.get(to).equals(end)) {
      to++;
    }
    return String.join("\n", lines.subList(from + 1, to + 1)).stripIndent();
  }

  private static int lineOf(List<String> lines, int from, String pattern) {
    return IntStream.range(from, lines.size())
        .filter(i -> lines.get(i).matches(pattern))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("No " + pattern + " in\n" + String.join("\n", lines)));
  }

  private static Page assertSame(Page page, Block shown, String truth) {
    assertThat(shown).as("%s: a text block behind the snippet", page).isNotNull();
    List<String> lines = truth.lines().map(String::stripTrailing).toList();
    if (UPDATE) {
      return page.with(shown, lines);
    }
    assertThat(shown.text())
        .as("%s:%d (mvn ... -Ddocs.update=true writes it anew)", page, shown.firstLine())
        .isEqualTo(String.join("\n", lines));
    return page;
  }
}
