/**
 * The reference that tests compare with: networks compiled up to the IR, and a model that runs the
 * IR as it is written. May import everything before the planner.
 */
package dev.tenon.processor.reference;
