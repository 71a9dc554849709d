/** The functions that activations are made of, in float and double. Imports nothing but the JDK. */
package dev.tenon.runtime.math;
