package dev.tenon.processor.read;

import dev.tenon.processor.declaration.NetworkDeclaration;

/**
 * What the reader gives: the declaration for the compiler, and the way back to the source for its
 * messages.
 */
public record ReadNetwork(NetworkDeclaration declaration, SourceLocator locator) {}
