/**
 * Kernel methods as plain Java, which needs no module beyond {@code java.base}. May import {@code
 * code}, the operators of {@code ir}, and JavaPoet.
 */
package dev.tenon.processor.render.plain;
