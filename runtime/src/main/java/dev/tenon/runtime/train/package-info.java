/**
 * The training loop: {@link dev.tenon.runtime.train.Dataset}, {@link
 * dev.tenon.runtime.train.Trainer} and what they report. Shows nothing itself: progress bars and
 * plots are listeners that live elsewhere. Imports the JDK and the runtime's other packages.
 */
package dev.tenon.runtime.train;
