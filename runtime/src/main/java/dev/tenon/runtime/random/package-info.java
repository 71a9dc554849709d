/**
 * Random numbers that are a function of a key and an index, so they depend neither on the platform
 * nor on the number of threads. Imports only the JDK.
 */
package dev.tenon.runtime.random;
