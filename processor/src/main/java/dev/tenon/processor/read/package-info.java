/**
 * The step <i>read</i>: from javac's elements to declarations, and from named places back to the
 * elements that messages point at. With {@code write}, the only package that imports the compiler's
 * types; besides those, declarations, diagnostics and the layers' views.
 */
package dev.tenon.processor.read;
