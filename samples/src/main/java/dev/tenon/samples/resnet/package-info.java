/**
 * ResNet-20: a network of residual blocks, declared once and used at three widths. Imports the
 * annotations, the runtime, picocli, and the samples' data and console.
 */
package dev.tenon.samples.resnet;
