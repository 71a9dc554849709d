/**
 * The step <i>render</i>: a {@link dev.tenon.processor.plan.NetworkPlan} as Java sources: the
 * model, its program, and a class for each different layer. With the packages below it the only one
 * that imports JavaPoet, and for JavaPoet's sake {@code javax.lang.model.element.Modifier}. May
 * import {@code plan} and what a plan is made of.
 */
package dev.tenon.processor.render;
