/** Checks the files of data that ship with the samples. Imports the JDK, JUnit and AssertJ only. */
package dev.tenon.samples.data;
