/**
 * What a network computes, as typed loop nests over tensors with known sizes: a {@link
 * dev.tenon.processor.ir.Program} is a list of {@link dev.tenon.processor.ir.Step}s for the
 * training forward, the backward and the evaluation. It says <i>what</i>, never how fast or where
 * in memory; {@link dev.tenon.processor.ir.NestVerifier} holds its rules, and the tests interpret
 * it in double precision as the reference. Imports the JDK only.
 */
package dev.tenon.processor.ir;
