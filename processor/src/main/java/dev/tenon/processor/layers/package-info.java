/**
 * The layers: a folder for each family and {@link dev.tenon.processor.layers.LayerTypes}, the list
 * of all. May import the folders below it and the contract in {@code dev.tenon.processor.layer};
 * knows neither javac nor JavaPoet.
 */
package dev.tenon.processor.layers;
