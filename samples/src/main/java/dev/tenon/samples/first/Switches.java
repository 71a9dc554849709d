package dev.tenon.samples.first;

/**
 * What goes in.
 *
 * @param left whether the left switch is up
 * @param right whether the right one is
 */
record Switches(boolean left, boolean right) {}
