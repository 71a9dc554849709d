/** A training run that is killed while it writes checkpoints, and goes on. */
package dev.tenon.integration.kill;
