package dev.tenon.processor.ir;

/**
 * A class whose static methods are called. Where a package ends and a class begins cannot be told
 * from a qualified name: either may begin with any letter.
 *
 * @param packageName the package, empty for the unnamed one
 * @param nameInPackage the name inside its package, nested classes with dots
 */
public record HostClass(String packageName, String nameInPackage) {}
