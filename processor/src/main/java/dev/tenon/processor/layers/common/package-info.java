/**
 * What several layers share: checks of attributes, the geometry of sliding windows, and short ways
 * to write indices. No layer lives here. May import {@code declaration}, {@code diagnostics},
 * {@code ir}, {@code layer} and {@code shape}.
 */
package dev.tenon.processor.layers.common;
