/**
 * Internal: what generated code calls and users do not, in rooms below this one. It may change with
 * any version: generated code and the runtime of one version belong together. Here is the mark that
 * generated types carry. Imports nothing but the JDK.
 */
package dev.tenon.runtime.internal;
