/**
 * The contract of a layer: {@link dev.tenon.processor.layer.LayerType} makes a {@link
 * dev.tenon.processor.layer.LayerConfig} of its attributes, which binds to what flows in and gives
 * a {@link dev.tenon.processor.layer.BoundLayer}, which lowers itself to loop nests. The steps know
 * layers by this contract only. May import {@code declaration}, {@code diagnostics}, {@code ir} and
 * {@code shape}.
 */
package dev.tenon.processor.layer;
