package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Kotlin's types as its annotation processing shows them: Java whose names are all qualified, with
 * annotations of Kotlin's and of JetBrains' on everything, companions, and defaults beside their
 * interface. The sources have the shape that kapt of Kotlin 2.1 gives them.
 */
final class KaptStubsTest {
  private static final String[] JAVA = {
    """
    @Network(input = {3, 8, 8})
    public interface Net {
      @Conv2d(out = 4, kernel = {3, 3}) Weighted stem();
      @Use(value = Residual.class, sizes = 4, repeat = 2) java.util.List<Residual> blocks();
      @Name("shortcut.0") @Conv2d(out = 4, kernel = 1) Weighted shortcut();
      @Flatten Layer flat();
    }
    """,
    """
    @Block
    public interface Residual {
      int OUT = Block.FIRST;
      @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv();
      @BatchNorm2d(momentum = 0.2) BatchNorm bn();
      @From({"conv", "bn"}) @Add Layer sum();
      default int twice() { return 2; }
    }
    """,
    """
    public record Flower(float width, float height) {}
    """,
    """
    public enum Kind { WILD, GARDEN }
    """,
    """
    public interface Around {
      @Network(features = Flower.class, labels = Kind.class)
      interface FlowerNet {
        @Linear(out = 2) Weighted head();
      }
    }
    """
  };

  private static final String[] STUBS = {
    """
    package test;

    /**
     * An image network.
     */
    @kotlin.Metadata(mv = {2, 1, 0}, k = 1, xi = 48, d1 = {"\\u0000 \\n\\u0002"}, d2 = {"Ltest/Net;", ""})
    @dev.tenon.annotations.Network(input = {3, 8, 8})
    public abstract interface Net {

        @dev.tenon.annotations.Conv2d(out = 4, kernel = {3, 3})
        @org.jetbrains.annotations.NotNull()
        public abstract dev.tenon.runtime.layer.Weighted stem();

        @dev.tenon.annotations.Use(value = test.Residual.class, sizes = {4}, repeat = 2)
        @org.jetbrains.annotations.NotNull()
        public abstract java.util.List<test.Residual> blocks();

        @dev.tenon.annotations.Name(value = "shortcut.0")
        @dev.tenon.annotations.Conv2d(out = 4, kernel = {1})
        @org.jetbrains.annotations.NotNull()
        public abstract dev.tenon.runtime.layer.Weighted shortcut();

        @dev.tenon.annotations.Flatten()
        @org.jetbrains.annotations.NotNull()
        public abstract dev.tenon.runtime.layer.Layer flat();
    }""",
    """
    package test;

    @kotlin.Metadata(mv = {2, 1, 0}, k = 1, xi = 48, d1 = {"\\u0000\\"\\n"}, d2 = {"Ltest/Residual;", ""})
    @dev.tenon.annotations.Block()
    public abstract interface Residual {
        public static final int OUT = dev.tenon.annotations.Block.FIRST;
        @org.jetbrains.annotations.NotNull()
        public static final test.Residual.Companion Companion = null;

        @dev.tenon.annotations.Conv2d(out = -16789504, kernel = {3}, padding = {1}, bias = false)
        @org.jetbrains.annotations.NotNull()
        public abstract dev.tenon.runtime.layer.Weighted conv();

        @dev.tenon.annotations.BatchNorm2d(momentum = 0.2)
        @org.jetbrains.annotations.NotNull()
        public abstract dev.tenon.runtime.layer.BatchNorm bn();

        @dev.tenon.annotations.From(value = {"conv", "bn"})
        @dev.tenon.annotations.Add()
        @org.jetbrains.annotations.NotNull()
        public abstract dev.tenon.runtime.layer.Layer sum();

        public default int twice() {
            return 0;
        }

        @kotlin.Metadata(mv = {2, 1, 0}, k = 1, xi = 48, d1 = {"\\u0000"}, d2 = {"Ltest/Residual$Companion;"})
        public static final class Companion {
            public static final int OUT = dev.tenon.annotations.Block.FIRST;

            private Companion() {
                super();
            }
        }

        @kotlin.Metadata(mv = {2, 1, 0}, k = 3, xi = 48)
        public static final class DefaultImpls {

            public static int twice(@org.jetbrains.annotations.NotNull()
            test.Residual $this) {
                return 0;
            }
        }
    }""",
    """
    package test;

    public record Flower(float width, float height) {}
    """,
    """
    package test;

    @kotlin.Metadata(mv = {2, 1, 0}, k = 1, xi = 48, d1 = {"\\u0000"}, d2 = {"Ltest/Kind;", ""})
    public enum Kind {
        /*public static final*/ WILD /* = new WILD() */,
        /*public static final*/ GARDEN /* = new GARDEN() */;

        Kind() {
        }
    }""",
    """
    package test;

    @kotlin.Metadata(mv = {2, 1, 0}, k = 1, xi = 48, d1 = {"\\u0000"}, d2 = {"Ltest/Around;", ""})
    public abstract interface Around {

        @kotlin.Metadata(mv = {2, 1, 0}, k = 1, xi = 48, d1 = {"\\u0000"}, d2 = {"Ltest/Around$FlowerNet;"})
        @dev.tenon.annotations.Network(features = test.Flower.class, labels = test.Kind.class)
        public static abstract interface FlowerNet {

            @dev.tenon.annotations.Linear(out = 2)
            @org.jetbrains.annotations.NotNull()
            public abstract dev.tenon.runtime.layer.Weighted head();
        }
    }"""
  };

  private static final String[] LIBRARIES = {
    """
    package kotlin;

    public @interface Metadata {
      int k();
      int[] mv();
      int xi();
      String[] d1() default {};
      String[] d2() default {};
    }
    """,
    """
    package org.jetbrains.annotations;

    public @interface NotNull {}
    """
  };

  @Test
  void theCodeIsTheSame() {
    Compiled kotlin =
        CompilerHarness.compile(
            Stream.of(STUBS, LIBRARIES).flatMap(Stream::of).toArray(String[]::new));
    assertThat(kotlin.messages().lines().filter(line -> line.startsWith("ERROR"))).isEmpty();
    assertThat(kotlin.succeeded()).isTrue();
    assertThat(kotlin.generated()).isEqualTo(fromJava());
  }

  /** kapt does not tell of annotations that are not on its class path, and has no use for them. */
  @Test
  void whatIsMissingOfKotlinIsNotMissed() {
    Compiled kotlin = CompilerHarness.with(new TenonProcessor()).options("-proc:only").run(STUBS);
    assertThat(kotlin.messages()).doesNotContain("[");
    assertThat(kotlin.generated()).isEqualTo(fromJava());
  }

  private static Map<String, String> fromJava() {
    Compiled java = CompilerHarness.compile(JAVA);
    assertThat(java.succeeded()).isTrue();
    assertThat(java.generated()).containsKeys("test.NetModel", "test.Around_FlowerNetEnds");
    return new TreeMap<>(java.generated());
  }
}
