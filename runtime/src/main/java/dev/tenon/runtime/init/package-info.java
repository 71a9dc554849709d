/**
 * The rules that give parameters their first values. Imports the JDK and {@code
 * dev.tenon.runtime.random} only.
 */
package dev.tenon.runtime.init;
