/**
 * The step <i>write</i>: generated sources, or a stub in their place, to javac's {@code Filer}, and
 * reports to its {@code Messager}. With {@code read}, the only package that imports the compiler's
 * types.
 */
package dev.tenon.processor.write;
