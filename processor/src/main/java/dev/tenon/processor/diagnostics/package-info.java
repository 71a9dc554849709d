/**
 * What is said to the user: kinds of mistakes, messages, and the {@link
 * dev.tenon.processor.diagnostics.Report} that collects those of one network, so that every mistake
 * shows in one build. May import {@code declaration}, whose places messages point at.
 */
package dev.tenon.processor.diagnostics;
