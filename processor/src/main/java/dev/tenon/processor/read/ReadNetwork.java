package dev.tenon.processor.read;

import dev.tenon.processor.declaration.NetworkDeclaration;

/**
 * What the reader gives: the declaration for the compiler, and the way back to the source for its
 * messages.
 *
 * @param declaration what the user wrote
 * @param locator finds places in the source
 * @param isNameable whether other classes can name the network's type
 */
public record ReadNetwork(
    NetworkDeclaration declaration, SourceLocator locator, boolean isNameable) {}
