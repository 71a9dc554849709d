/**
 * Sources with something wrong in them, made of right ones: whatever is handed to the processor, it
 * ends soon, with networks or with errors that are documented. May import everything of the
 * processor and of its tests.
 */
package dev.tenon.processor.fuzz;
