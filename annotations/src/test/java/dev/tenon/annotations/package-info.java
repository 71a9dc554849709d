/** Checks what the annotations promise. Imports the JDK, JUnit, AssertJ and ArchUnit only. */
package dev.tenon.annotations;
