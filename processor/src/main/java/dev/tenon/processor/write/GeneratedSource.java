package dev.tenon.processor.write;

/**
 * One generated file.
 *
 * @param qualifiedName of its top-level type
 * @param text the Java source
 */
public record GeneratedSource(String qualifiedName, String text) {}
