/**
 * Images through a narrow place and back: a network that has no labels. May import the runtime, the
 * other samples' data and console.
 */
package dev.tenon.samples.autoencoder;
