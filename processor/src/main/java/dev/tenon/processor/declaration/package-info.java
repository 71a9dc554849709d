/**
 * What the user wrote, as plain data: the network, its layers, their attributes, and {@link
 * dev.tenon.processor.declaration.SourceRef}, the name of a place in the source. The reader makes
 * it; nothing behind the reader sees the compiler's own types. Imports the JDK only.
 */
package dev.tenon.processor.declaration;
