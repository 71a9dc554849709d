package dev.tenon.annotations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The annotations as javac and users see them: rules for all of them, and the defaults of each. */
class AnnotationsTest {
  private static final String REQUIRED = "required";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tenon.annotations");

  @Test
  void importNothingButTheJdk() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java.lang..", "dev.tenon.annotations")
        .check(CLASSES);
  }

  /** Nothing reads them at run time, and every one shows in the Javadoc of the network. */
  @ParameterizedTest
  @MethodSource("annotations")
  void areDocumentedAndKeptInClassFiles(Class<?> annotation) {
    assertThat(annotation).hasAnnotation(Documented.class);
    assertThat(annotation.getAnnotation(Retention.class).value()).isEqualTo(RetentionPolicy.CLASS);
  }

  /**
   * On a type and a field too, although it is an error there: see the comment above each
   * {@code @Target}.
   */
  @ParameterizedTest
  @MethodSource("annotations")
  void layersStandOnMethodsTypesAndFieldsAndNetworksOnTypes(Class<?> annotation) {
    ElementType[] targets = annotation.getAnnotation(Target.class).value();

    if (annotation == Network.class || annotation == Block.class) {
      assertThat(targets).containsExactly(ElementType.TYPE);
    } else if (Set.of(Ignore.class, Size.class).contains(annotation)) {
      assertThat(targets).containsExactly(ElementType.RECORD_COMPONENT);
    } else if (Set.of(
            From.class,
            Name.class,
            Use.class,
            Input.class,
            IndexInput.class,
            Output.class,
            Required.class)
        .contains(annotation)) {
      assertThat(targets).containsExactly(ElementType.METHOD);
    } else {
      assertThat(targets)
          .containsExactlyInAnyOrder(ElementType.METHOD, ElementType.TYPE, ElementType.FIELD);
    }
  }

  /** An attribute without one is javac's affair, and then nobody makes the generated model. */
  @ParameterizedTest
  @MethodSource("annotations")
  void haveDefaultsForAllAttributesThatMeanNothingWhereOneIsRequired(Class<?> annotation) {
    for (Method attribute : annotation.getDeclaredMethods()) {
      Object value = value(attribute.getDefaultValue());
      assertThat(value).as(attribute.toString()).isNotNull();
      if (isRequired(annotation, attribute)) {
        assertThat(value).isIn(Required.MISSING, List.of(), "", void.class);
      }
    }
  }

  /**
   * The defaults of PyTorch's classes of the same names; 0 and -1 stand for what an annotation
   * cannot leave out. {@code cumulative = false} with momentum 0.1 is {@code momentum=0.1} there.
   */
  @Test
  void defaultsAreThoseOfPyTorch() {
    Map<String, Object> batchNorm =
        Map.of(
            "eps", 1e-5,
            "momentum", 0.1,
            "cumulative", false,
            "affine", true,
            "bias", true,
            "trackRunningStats", true,
            "frozen", false);
    Map<String, Object> batchNorm1d = new TreeMap<>(batchNorm);
    batchNorm1d.put("features", 0);
    Map<String, Object> batchNorm2d = new TreeMap<>(batchNorm);
    batchNorm2d.put("channels", 0);

    assertThat(defaults(BatchNorm1d.class)).isEqualTo(batchNorm1d);
    assertThat(defaults(BatchNorm2d.class)).isEqualTo(batchNorm2d);
    assertThat(defaults(BatchNorm3d.class)).isEqualTo(batchNorm2d);
    Map<String, Object> instanceNorm =
        Map.of(
            "channels", 0,
            "eps", 1e-5,
            "momentum", 0.1,
            "affine", false,
            "bias", true,
            "trackRunningStats", false,
            "frozen", false);
    assertThat(defaults(InstanceNorm1d.class)).isEqualTo(instanceNorm);
    assertThat(defaults(InstanceNorm2d.class)).isEqualTo(instanceNorm);
    assertThat(defaults(InstanceNorm3d.class)).isEqualTo(instanceNorm);
    assertThat(defaults(GroupNorm.class))
        .isEqualTo(
            Map.of("groups", REQUIRED, "channels", 0, "eps", 1e-5, "affine", true, "bias", true));
    assertThat(defaults(LayerNorm.class))
        .isEqualTo(Map.of("shape", List.of(), "eps", 1e-5, "affine", true, "bias", true));
    assertThat(defaults(Embedding.class))
        .isEqualTo(Map.of("num", 0, "dim", REQUIRED, "paddingIndex", Embedding.NO_PADDING));
    assertThat(defaults(Linear.class)).isEqualTo(Map.of("in", 0, "out", REQUIRED, "bias", true));
    assertThat(defaults(Conv2d.class))
        .isEqualTo(
            Map.of(
                "in",
                0,
                "out",
                REQUIRED,
                "kernel",
                REQUIRED,
                "stride",
                List.of(1),
                "padding",
                List.of(0),
                "dilation",
                List.of(1),
                "groups",
                1,
                "bias",
                true,
                "paddingMode",
                PaddingMode.ZEROS));
    assertThat(defaults(MaxPool2d.class))
        .isEqualTo(
            Map.of(
                "kernel", REQUIRED,
                "stride", List.of(),
                "padding", List.of(0),
                "dilation", List.of(1),
                "ceilMode", false));
    assertThat(defaults(AvgPool2d.class))
        .isEqualTo(
            Map.of(
                "kernel",
                REQUIRED,
                "stride",
                List.of(),
                "padding",
                List.of(0),
                "ceilMode",
                false,
                "countIncludePad",
                true,
                "divisorOverride",
                0));
    assertThat(defaults(Conv1d.class))
        .isEqualTo(
            Map.of(
                "in",
                0,
                "out",
                REQUIRED,
                "kernel",
                REQUIRED,
                "stride",
                1,
                "padding",
                0,
                "dilation",
                1,
                "groups",
                1,
                "bias",
                true,
                "paddingMode",
                PaddingMode.ZEROS));
    assertThat(defaults(Conv3d.class))
        .isEqualTo(
            Map.of(
                "in",
                0,
                "out",
                REQUIRED,
                "kernel",
                REQUIRED,
                "stride",
                List.of(1),
                "padding",
                List.of(0),
                "dilation",
                List.of(1),
                "groups",
                1,
                "bias",
                true,
                "paddingMode",
                PaddingMode.ZEROS));
    assertThat(defaults(MaxPool1d.class))
        .isEqualTo(
            Map.of(
                "kernel", REQUIRED, "stride", 0, "padding", 0, "dilation", 1, "ceilMode", false));
    assertThat(defaults(MaxPool3d.class))
        .isEqualTo(
            Map.of(
                "kernel",
                REQUIRED,
                "stride",
                List.of(),
                "padding",
                List.of(0),
                "dilation",
                List.of(1),
                "ceilMode",
                false));
    assertThat(defaults(AvgPool1d.class))
        .isEqualTo(
            Map.of(
                "kernel",
                REQUIRED,
                "stride",
                0,
                "padding",
                0,
                "ceilMode",
                false,
                "countIncludePad",
                true,
                "divisorOverride",
                0));
    assertThat(defaults(AvgPool3d.class))
        .isEqualTo(
            Map.of(
                "kernel",
                REQUIRED,
                "stride",
                List.of(),
                "padding",
                List.of(0),
                "ceilMode",
                false,
                "countIncludePad",
                true,
                "divisorOverride",
                0));
    assertThat(defaults(Flatten.class)).isEqualTo(Map.of("start", 1, "end", -1));
    assertThat(defaults(ConvTranspose2d.class))
        .isEqualTo(
            Map.of(
                "in",
                0,
                "out",
                REQUIRED,
                "kernel",
                REQUIRED,
                "stride",
                List.of(1),
                "padding",
                List.of(0),
                "outputPadding",
                List.of(0),
                "dilation",
                List.of(1),
                "groups",
                1,
                "bias",
                true));
    assertThat(defaults(Dropout.class)).isEqualTo(Map.of("p", 0.5));
    assertThat(defaults(Dropout2d.class)).isEqualTo(Map.of("p", 0.5));
    assertThat(defaults(ReLU.class)).isEmpty();
    assertThat(defaults(Add.class)).isEmpty();
    assertThat(defaults(Multiply.class)).isEmpty();
    assertThat(defaults(Concat.class)).isEqualTo(Map.of("axis", 1));
    assertThat(defaults(From.class)).isEqualTo(Map.of("value", REQUIRED));
    assertThat(defaults(Name.class)).isEqualTo(Map.of("value", REQUIRED));
    assertThat(defaults(Block.class)).isEmpty();
    assertThat(defaults(Use.class))
        .isEqualTo(Map.of("value", REQUIRED, "sizes", List.of(), "repeat", 1));
    assertThat(defaults(ReLU6.class)).isEmpty();
    assertThat(defaults(LeakyReLU.class)).isEqualTo(Map.of("slope", 0.01));
    assertThat(defaults(Hardtanh.class)).isEqualTo(Map.of("min", -1.0, "max", 1.0));
    assertThat(defaults(GELU.class)).isEqualTo(Map.of("approximate", false));
    assertThat(defaults(Softmax.class)).isEqualTo(Map.of("axis", REQUIRED));
    assertThat(defaults(LogSoftmax.class)).isEqualTo(Map.of("axis", REQUIRED));
    assertThat(defaults(AdaptiveAvgPool2d.class)).isEqualTo(Map.of("out", REQUIRED));
    assertThat(defaults(Reshape.class)).isEqualTo(Map.of("value", REQUIRED));
    assertThat(defaults(Upsample.class))
        .isEqualTo(
            Map.of(
                "scale",
                List.of(),
                "size",
                List.of(),
                "mode",
                Upsample.Mode.NEAREST,
                "alignCorners",
                false));
    assertThat(defaults(GlobalAvgPool.class)).isEmpty();
    assertThat(defaults(Network.class))
        .isEqualTo(
            Map.of(
                "input",
                List.of(),
                "features",
                void.class,
                "labels",
                void.class,
                "normalize",
                false,
                "inputFrom",
                void.class,
                "precision",
                Precision.FLOAT32));
    assertThat(defaults(Ignore.class)).isEmpty();
    assertThat(defaults(Size.class)).isEqualTo(Map.of("value", REQUIRED));
  }

  static Stream<Class<?>> annotations() {
    return CLASSES.stream().filter(JavaClass::isAnnotation).map(JavaClass::reflect);
  }

  private static Map<String, Object> defaults(Class<?> annotation) {
    Map<String, Object> defaults = new TreeMap<>();
    for (Method attribute : annotation.getDeclaredMethods()) {
      defaults.put(
          attribute.getName(),
          isRequired(annotation, attribute) ? REQUIRED : value(attribute.getDefaultValue()));
    }
    return defaults;
  }

  /** As written in its class file: nothing of it is there at run time. */
  private static boolean isRequired(Class<?> annotation, Method attribute) {
    return CLASSES.get(annotation).getMethod(attribute.getName()).isAnnotatedWith(Required.class);
  }

  private static Object value(Object written) {
    return written instanceof int[] numbers
        ? Arrays.stream(numbers).boxed().toList()
        : written instanceof double[] more
            ? Arrays.stream(more).boxed().toList()
            : written instanceof String[] texts ? List.of(texts) : written;
  }
}
