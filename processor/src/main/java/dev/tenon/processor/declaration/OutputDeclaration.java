package dev.tenon.processor.declaration;

/**
 * An output as declared: a layer or block with {@code @Output}.
 *
 * @param name the method's name
 * @param layer name of the layer that gives it
 */
public record OutputDeclaration(String name, String layer) {}
