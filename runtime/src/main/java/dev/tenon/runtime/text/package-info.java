/**
 * What messages are made of, for the packages of this module; not exported. Imports nothing but the
 * JDK.
 */
package dev.tenon.runtime.text;
