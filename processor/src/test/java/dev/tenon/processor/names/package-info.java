/** Networks whose every name is one that generated code might trip over. */
package dev.tenon.processor.names;
