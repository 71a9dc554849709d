package dev.tenon.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/**
 * Nothing in the runtime calls a function of the JDK whose last bit the specification leaves to the
 * platform: same bits everywhere would not hold. {@link StrictMath} fixes them.
 */
class FixedBitsTest {
  /** Of {@link Math}, what may be off by a unit in the last place or more. */
  private static final Set<String> FREE_FUNCTIONS =
      Set.of(
          "sin",
          "cos",
          "tan",
          "asin",
          "acos",
          "atan",
          "atan2",
          "sinh",
          "cosh",
          "tanh",
          "exp",
          "expm1",
          "log",
          "log10",
          "log1p",
          "pow",
          "cbrt",
          "hypot",
          "toRadians",
          "toDegrees");

  /** Sums of doubles whose order of addition is "intentionally not defined". */
  private static final Set<String> FREE_SUMS =
      Set.of("sum", "average", "summaryStatistics", "parallel");

  private static final Set<String> FREE_COLLECTORS =
      Set.of("summingDouble", "averagingDouble", "summarizingDouble");

  private static final ArchRule RULE =
      noClasses()
          .should()
          .accessTargetWhere(
              DescribedPredicate.describe(
                  "the last bit is the platform's choice", FixedBitsTest::isFree))
          .allowEmptyShould(true);

  private static boolean isFree(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getFullName();
    String name = access.getTarget().getName();
    return switch (owner) {
      case "java.lang.Math" -> FREE_FUNCTIONS.contains(name);
      case "java.util.stream.DoubleStream" -> FREE_SUMS.contains(name);
      case "java.util.stream.Collectors" -> FREE_COLLECTORS.contains(name);
      default -> false;
    };
  }

  @Test
  void nothingLeavesBitsToThePlatform() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tenon.runtime");
    assertThat(classes.size()).isGreaterThan(50);
    RULE.check(classes);
  }

  /** Calls and references alike, or the rule would prove nothing. */
  @Test
  void theRuleSeesCallsAndReferences() {
    assertThat(violations(Calls.class)).hasSize(1).allMatch(text -> text.contains("Math.exp"));
    assertThat(violations(References.class)).hasSize(1).allMatch(text -> text.contains("Math.pow"));
    assertThat(violations(Sums.class)).hasSize(1).allMatch(text -> text.contains("sum"));
    assertThat(violations(Fixed.class)).isEmpty();
  }

  private static Set<String> violations(Class<?> type) {
    return RULE
        .evaluate(new ClassFileImporter().importClasses(type))
        .getFailureReport()
        .getDetails()
        .stream()
        .collect(Collectors.toSet());
  }

  static final class Calls {
    static double value(double x) {
      return Math.exp(x);
    }
  }

  static final class References {
    static final DoubleBinaryOperator FUNCTION = Math::pow;
  }

  static final class Sums {
    static double value(double... x) {
      return DoubleStream.of(x).sum();
    }
  }

  static final class Fixed {
    static final DoubleUnaryOperator FUNCTION = Math::sqrt;

    static double value(double x) {
      return Math.max(StrictMath.exp(x), Math.fma(x, x, Math.rint(x)));
    }
  }
}
