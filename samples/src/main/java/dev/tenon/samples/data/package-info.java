/**
 * The data that ship with the samples, read into datasets. What the files are and where they come
 * from is said in {@code DATA.md}. Imports the runtime and Commons CSV.
 */
package dev.tenon.samples.data;
