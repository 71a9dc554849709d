/**
 * The back end that shows the loops of each layer as short pseudocode, in the layer's own words:
 * {@link dev.tenon.processor.plan.listing.ListingBackEnd}. May import {@code ir}, {@code
 * plan.backend}, {@code plan.rewrite} and {@code plan.schedule}, and no other back end.
 */
package dev.tenon.processor.plan.listing;
