/**
 * Files of weights, usable without any network: {@link dev.tenon.runtime.file.Weights} reads
 * safetensors and the state dictionaries that PyTorch saves, and writes safetensors; {@link
 * dev.tenon.runtime.file.AtomicFile} replaces a file as a whole or not at all. Imports the JDK,
 * {@code dev.tenon.runtime.text}, and of {@code dev.tenon.runtime} tensors, their element types and
 * what a state is loaded from.
 */
package dev.tenon.runtime.file;
