/**
 * What every generated model is: {@link dev.tenon.runtime.model.Model}, the special case of one
 * input and one output, and how one is made by its network's type alone. Imports the JDK, {@code
 * dev.tenon.runtime}, its {@code state} and {@code layer}, {@code math} and {@code random}, and
 * {@code internal.layout}; optimisers, files and the trainer build on this package, never the other
 * way round.
 */
package dev.tenon.runtime.model;
