package dev.tenon.processor.render;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.declaration.Component;
import dev.tenon.processor.declaration.Ends;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.Labels;
import dev.tenon.processor.declaration.NamedComponent;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.RecordType;
import dev.tenon.processor.declaration.Surroundings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * The Java types at a model's ends: what the model has of them, and a class beside it with the code
 * that takes records apart and puts them together.
 */
final class TypedEndsRenderer {
  private static final String RUNTIME = GeneratedNames.RUNTIME + ".typed";
  private static final ClassName COLUMNS = ClassName.get(RUNTIME, "Columns");
  private static final ClassName ROW = ClassName.get(RUNTIME, "Row");
  private static final ClassName FEATURE_INPUT = ClassName.get(RUNTIME, "FeatureInput");
  private static final ClassName FEATURE_TYPE = ClassName.get(RUNTIME, "FeatureType");
  private static final ClassName LABEL_TYPE = ClassName.get(RUNTIME, "LabelType");
  private static final ClassName CLASSIFICATION = ClassName.get(RUNTIME, "Classification");
  private static final ClassName MULTI_LABEL = ClassName.get(RUNTIME, "MultiLabel");

  private static final String FEATURES = "features";
  private static final String FEATURES_SUFFIX = "Features";
  private static final String LABELS = "labels";
  private static final String VALUE = "value";

  private final NetworkDeclaration declaration;
  private final Ends ends;
  private final ClassName name;

  /** The parameter of methods that describe records: called like no type that they name. */
  private final String described;

  TypedEndsRenderer(NetworkDeclaration declaration) {
    this.declaration = declaration;
    this.ends = declaration.ends();
    this.name = GeneratedNames.ends(declaration);
    Set<String> types = new HashSet<>();
    for (JavaType type : declaration.typesInRecords()) {
      types.add(type.outermost());
      types.add(Surroundings.first(type.packageName()));
    }
    String parameter = "columns";
    while (types.contains(parameter)) {
      parameter += "_";
    }
    this.described = parameter;
  }

  // ------------------------------------------------------------------------------ the model

  /**
   * What the model implements: {@code TypedModel<Iris, Species, ...>}, or a model of tensors and
   * what it has of Java types at one of its ends.
   *
   * @param isSingle whether it has one input and one output
   */
  List<TypeName> modelInterfaces(boolean isSingle) {
    List<TypeName> arguments = new ArrayList<>();
    ends.features().ifPresent(record -> arguments.add(className(record.type())));
    ends.labels().ifPresent(labels -> arguments.addAll(labelArguments(labels)));
    TypeName tensors = isSingle ? GeneratedNames.SINGLE_MODEL : GeneratedNames.MODEL;
    if (arguments.isEmpty()) {
      return List.of(tensors);
    }
    String simple =
        ends.features().isEmpty()
            ? "TypedOutput"
            : ends.labels().isEmpty() ? "TypedInput" : "TypedModel";
    TypeName typed =
        ParameterizedTypeName.get(
            ClassName.get(RUNTIME, simple), arguments.toArray(TypeName[]::new));
    return List.of(tensors, typed);
  }

  /** What a label is, what a prediction is, and what a batch's targets are. */
  private List<TypeName> labelArguments(Labels labels) {
    ClassName label = className(labels.type());
    TypeName classification = ParameterizedTypeName.get(CLASSIFICATION, label);
    return switch (labels.kind()) {
      case CONSTANT -> List.of(label, classification, ArrayTypeName.of(TypeName.INT));
      case BOOLEAN -> List.of(label, classification, GeneratedNames.TENSOR);
      case FLAGS ->
          List.of(label, ParameterizedTypeName.get(MULTI_LABEL, label), GeneratedNames.TENSOR);
      case NUMBERS -> List.of(label, label, GeneratedNames.TENSOR);
    };
  }

  /**
   * Adds to the model:
   *
   * <pre>
   *     private final FeatureType&lt;Iris&gt; featureType = IrisNetEnds.features();
   *
   *     public FeatureType&lt;Iris&gt; featureType() { ... }
   * </pre>
   */
  void addMembers(TypeSpec.Builder model) {
    ends.features().ifPresent(record -> addMember(model, "featureType", featureType(), FEATURES));
    ends.labels().ifPresent(labels -> addMember(model, "labelType", labelType(labels), LABELS));
  }

  /** What a state says of the types: {@code .labels(IrisNetEnds.labels().end())}. */
  CodeBlock stateEnds() {
    CodeBlock.Builder calls = CodeBlock.builder();
    ends.features()
        .ifPresent(record -> calls.add("\n    .features($T.$N().end())", name, FEATURES));
    ends.labels().ifPresent(labels -> calls.add("\n    .labels($T.$N().end())", name, LABELS));
    return calls.build();
  }

  private void addMember(TypeSpec.Builder model, String member, TypeName type, String factory) {
    model.addField(
        FieldSpec.builder(type, member, Modifier.PRIVATE, Modifier.FINAL)
            .initializer("$T.$N()", name, factory)
            .build());
    model.addMethod(
        MethodSpec.methodBuilder(member)
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(type)
            .addStatement("return $N", member)
            .build());
  }

  private TypeName featureType() {
    return ParameterizedTypeName.get(FEATURE_TYPE, className(ends.features().orElseThrow().type()));
  }

  private TypeName labelType(Labels labels) {
    return ParameterizedTypeName.get(LABEL_TYPE, labelArguments(labels).toArray(TypeName[]::new));
  }

  // ----------------------------------------------------------------------- the class beside

  /**
   * Renders the class beside the model:
   *
   * <pre>
   *     final class IrisNetEnds {
   *       static FeatureType&lt;Iris&gt; features() { ... }
   *       private static void describeFeatures(Columns.Builder columns) {
   *         columns.number("sepalLength");
   *       }
   *       private static void writeFeatures(Iris value, Row row) {
   *         row.number(value.sepalLength());
   *       }
   *       static LabelType&lt;Species, Classification&lt;Species&gt;, int[]&gt; labels() { ... }
   *     }
   * </pre>
   */
  Optional<JavaFile> file() {
    if (ends.features().isEmpty() && ends.labels().isEmpty()) {
      return Optional.empty();
    }
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.FINAL)
            .addAnnotation(KernelsRenderer.generated(declaration))
            .addJavadoc(
                "The Java types at the ends of {@link $T}.\n", GeneratedNames.network(declaration))
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    KernelsRenderer.suppress(type, declaration);
    ends.features().ifPresent(record -> addFeatures(type, record));
    ends.labels().ifPresent(labels -> addLabels(type, labels));
    return Optional.of(KernelsRenderer.file(declaration, name, type));
  }

  private void addFeatures(TypeSpec.Builder type, RecordType record) {
    MethodSpec.Builder factory =
        MethodSpec.methodBuilder(FEATURES).addModifiers(Modifier.STATIC).returns(featureType());
    RecordMethods methods = new RecordMethods(type, FEATURES_SUFFIX, false);
    List<CodeBlock> inputs = new ArrayList<>();
    RecordType rest = ends.unnamed().orElseThrow();
    if (rest.width() > 0) {
      String columns = addColumns(factory, record, inputs.size(), FEATURES_SUFFIX);
      inputs.add(input("numbers", InputDeclaration.UNNAMED, columns, FEATURES_SUFFIX));
      methods.add(rest, "", FEATURES_SUFFIX);
    }
    for (NamedComponent one : ends.named()) {
      String suffix = methods.free(CamelCase.join(FEATURES_SUFFIX, one.input()));
      String columns = addColumns(factory, record, inputs.size(), suffix);
      inputs.add(input(one.isIndex() ? "index" : "numbers", one.input(), columns, suffix));
      methods.addNamed(record, one, suffix);
    }
    type.addMethod(
        factory
            .addStatement(
                "return new $T<>($S, $T.of($L), $L)",
                FEATURE_TYPE,
                declaration.typeName(),
                List.class,
                inputs.stream().collect(CodeBlock.joining(",$W")),
                ends.normalizes())
            .build());
    methods.finish();
  }

  private CodeBlock input(String kind, String input, String columns, String suffix) {
    return CodeBlock.of(
        "$T.$N($S, $N.build(), $T::$N)",
        FEATURE_INPUT,
        kind,
        input,
        columns,
        name,
        "write" + suffix);
  }

  private void addLabels(TypeSpec.Builder type, Labels labels) {
    MethodSpec.Builder factory =
        MethodSpec.methodBuilder(LABELS).addModifiers(Modifier.STATIC).returns(labelType(labels));
    switch (labels.kind()) {
      case CONSTANT ->
          factory.addStatement(
              "return $T.ofEnum($S, $S, $L, $T.values())",
              LABEL_TYPE,
              declaration.typeName(),
              labels.type().simpleName(),
              labels.outputs(),
              className(labels.type()));
      case BOOLEAN ->
          factory.addStatement("return $T.ofBoolean($S)", LABEL_TYPE, declaration.typeName());
      case FLAGS, NUMBERS -> {
        addColumns(factory, labels.components().orElseThrow(), 0, "Labels");
        factory.addStatement(
            "return $T.$L($S, columns.build(), $T::writeLabels, $T::readLabels)",
            LABEL_TYPE,
            labels.kind() == Labels.Kind.FLAGS ? "ofFlags" : "ofNumbers",
            declaration.typeName(),
            name,
            name);
      }
    }
    type.addMethod(factory.build());
    labels
        .components()
        .ifPresent(
            record -> {
              RecordMethods methods = new RecordMethods(type, "Labels", true);
              methods.add(record, "", "Labels");
              methods.finish();
            });
  }

  /** Describes the columns of an input; gives the name of the variable. */
  private static String addColumns(
      MethodSpec.Builder factory, RecordType record, int input, String suffix) {
    String columns = input == 0 ? "columns" : "columns" + (input + 1);
    factory
        .addStatement(
            "$T $N = $T.builder($S)",
            COLUMNS.nestedClass("Builder"),
            columns,
            COLUMNS,
            record.type().simpleName())
        .addStatement("$N($N)", "describe" + suffix, columns);
    return columns;
  }

  /** As it is written in the model, which members of the network may hide it from. */
  private ClassName className(JavaType type) {
    return GeneratedNames.inModel(declaration, type);
  }

  /** The methods for a record, and for each of those within it, where it stands. */
  private final class RecordMethods {
    private final TypeSpec.Builder type;
    private final boolean reads;
    private final Set<String> taken = new HashSet<>();

    /** Methods of records within records, which stand behind those that call them. */
    private final List<Runnable> nested = new ArrayList<>();

    RecordMethods(TypeSpec.Builder type, String end, boolean reads) {
      this.type = type;
      this.reads = reads;
      taken.add(end);
    }

    /** Adds the methods of records within records. */
    void finish() {
      while (!nested.isEmpty()) {
        nested.remove(0).run();
      }
    }

    /**
     * Adds the methods of a component that is an input of its own.
     *
     * @param record that it stands in, directly or within others
     * @param suffix of the methods' names
     */
    void addNamed(RecordType record, NamedComponent one, String suffix) {
      CodeBlock owner = CodeBlock.of("$N", VALUE);
      List<String> path = List.of(one.path().split("\\.", -1));
      for (int i = 0; i < path.size() - 1; i++) {
        String full = String.join(".", path.subList(0, i + 1));
        owner = CodeBlock.of("row.record($L.$N(), $S)", owner, path.get(i), full);
      }
      MethodSpec.Builder describe =
          method("describe" + suffix).addParameter(COLUMNS.nestedClass("Builder"), described);
      MethodSpec.Builder write =
          method("write" + suffix)
              .addParameter(className(record.type()), VALUE)
              .addParameter(ROW, "row");
      if (one.component() instanceof Component.Choice choice) {
        describe.addStatement(
            "$N.index($S, $L, $T.values())",
            described,
            one.path(),
            choice.constants(),
            className(choice.type()));
        write.addStatement("row.index($L.$N())", owner, choice.name());
      } else {
        addComponent(
            one.component(), one.path(), owner, suffix, describe, write, new ArrayList<>());
      }
      type.addMethod(describe.build());
      type.addMethod(write.build());
    }

    /**
     * Adds the methods of a record.
     *
     * @param path of its components, with a dot at its end, or empty
     * @param suffix of the methods' names
     */
    void add(RecordType record, String path, String suffix) {
      ClassName of = className(record.type());
      MethodSpec.Builder describe =
          method("describe" + suffix).addParameter(COLUMNS.nestedClass("Builder"), described);
      MethodSpec.Builder write =
          method("write" + suffix).addParameter(of, VALUE).addParameter(ROW, "row");
      List<CodeBlock> arguments = new ArrayList<>();
      for (Component component : record.components()) {
        String full = path + component.name();
        CodeBlock owner = CodeBlock.of("$N", VALUE);
        addComponent(component, full, owner, suffix, describe, write, arguments);
      }
      type.addMethod(describe.build());
      type.addMethod(write.build());
      if (reads) {
        type.addMethod(
            method("read" + suffix)
                .returns(of)
                .addParameter(ROW, "row")
                .addStatement(
                    "return new $T($L)", of, arguments.stream().collect(CodeBlock.joining(",$W")))
                .build());
      }
    }

    /**
     * Adds to the methods of a record what they do with a component.
     *
     * @param full path of the component
     * @param owner the record
     * @param suffix of the record's methods
     */
    private void addComponent(
        Component component,
        String full,
        CodeBlock owner,
        String suffix,
        MethodSpec.Builder describe,
        MethodSpec.Builder write,
        List<CodeBlock> arguments) {
      String accessor = component.name();
      if (component instanceof Component.Nested inner) {
        String own = free(CamelCase.join(suffix, component.name()));
        describe.addStatement("$N($N)", "describe" + own, described);
        write.addStatement(
            "$N(row.record($L.$N(), $S), row)", "write" + own, owner, accessor, full);
        arguments.add(CodeBlock.of("$N(row)", "read" + own));
        nested.add(() -> add(inner.type(), full + ".", own));
      } else if (component instanceof Component.OneNumber number) {
        describe.addStatement("$N.number($S)", described, full);
        write.addStatement("row.number($L.$N())", owner, accessor);
        arguments.add(CodeBlock.of("row.read$L()", capital(number.type())));
      } else if (component instanceof Component.Flag) {
        describe.addStatement("$N.flag($S)", described, full);
        write.addStatement("row.flag($L.$N())", owner, accessor);
        arguments.add(CodeBlock.of("row.readBoolean()"));
      } else if (component instanceof Component.Choice choice) {
        describe.addStatement(
            "$N.choice($S, $L, $T.values())",
            described,
            full,
            choice.constants(),
            className(choice.type()));
        write.addStatement("row.choice($L.$N(), $L)", owner, accessor, choice.constants());
      } else if (component instanceof Component.Numbers numbers) {
        describe.addStatement("$N.numbers($S, $L)", described, full, numbers.size());
        write.addStatement("row.numbers($L.$N(), $L)", owner, accessor, numbers.size());
        arguments.add(CodeBlock.of("row.read$Ls($L)", capital(numbers.element()), numbers.size()));
      }
    }

    private static String capital(Component.NumberType type) {
      return CamelCase.join("", type.name().toLowerCase(Locale.ROOT));
    }

    private static MethodSpec.Builder method(String name) {
      return MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE, Modifier.STATIC);
    }

    private String free(String base) {
      String result = base;
      for (int i = 2; !taken.add(result); i++) {
        result = base + i;
      }
      return result;
    }
  }
}
