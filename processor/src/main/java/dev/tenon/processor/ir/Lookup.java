package dev.tenon.processor.ir;

/**
 * An index that data decides: at every point of a nest, its axis has the one value that is worked
 * out of int tensors there, rather than running from 0 to its extent.
 *
 * <pre>
 *     row = indices[n, j]        lookup of the axis row, of as many points as the table has rows
 *     y[n, j, d] = table[row, d]
 * </pre>
 *
 * <p>The values are taken to lie in {@code [0, extent)}; the model checks its inputs. So all that
 * is known of an index from the extents of its axes holds for looked-up axes too, and an index
 * stays linear in its axes. Two points may look up the same value: only a store that adds may be at
 * an index that uses a looked-up axis.
 *
 * @param axis what the value is called in indices; no loop runs over it
 * @param value of type int, inside its tensor at every point
 */
public record Lookup(Axis axis, Expr value) {}
