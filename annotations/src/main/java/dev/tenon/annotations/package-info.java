/**
 * The language in which a network is declared: {@link dev.tenon.annotations.Network} on an
 * interface or abstract class, one layer annotation on each of its abstract methods. The
 * annotations hold numbers and nothing else; what they mean is written in their Javadoc and
 * compiled by the annotation processor. Shapes are written {@code [batch, channels, height, width]}
 * and always channels first. This package imports nothing but the JDK.
 */
package dev.tenon.annotations;
