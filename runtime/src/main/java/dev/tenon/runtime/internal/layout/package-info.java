/**
 * Internal: where the elements of a tensor lie, and arithmetic of shapes; the floor that everything
 * stands on. It may change with any version: generated code and the runtime of one version belong
 * together. Imports nothing but the JDK.
 */
package dev.tenon.runtime.internal.layout;
