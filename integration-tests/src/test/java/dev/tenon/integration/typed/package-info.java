/** Networks with Java types at their ends, as users write them. */
package dev.tenon.integration.typed;
