/**
 * The training loop: {@link dev.tenon.runtime.train.Dataset}, {@link
 * dev.tenon.runtime.train.Trainer} and what they report. Shows nothing itself: progress bars and
 * plots are listeners that live elsewhere. Imports the JDK, the runtime's other packages but {@code
 * typed}, and of the internal ones {@code call} only.
 */
package dev.tenon.runtime.train;
