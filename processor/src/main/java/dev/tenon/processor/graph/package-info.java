/**
 * What a declaration means: the steps <i>configure</i> and <i>infer</i>, and their result, {@link
 * dev.tenon.processor.graph.Network}, in which every layer is bound and every edge has a shape.
 * Plain Java; imports declarations, diagnostics, shapes, the contract of a layer and element types.
 */
package dev.tenon.processor.graph;
