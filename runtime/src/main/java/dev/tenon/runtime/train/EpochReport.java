package dev.tenon.runtime.train;

/**
 * What one epoch of training did.
 *
 * @param epoch number of the epoch, from 1, counted over all fits of the trainer
 * @param epochs number of the last epoch of this fit
 * @param batches steps made
 * @param samples samples seen
 * @param loss mean training loss: the sum of all samples' losses divided by the sum of their
 *     weights, each taken before its step; NaN if every label was ignored
 * @param learningRate the rate of the epoch's last step
 */
public record EpochReport(
    int epoch, int epochs, int batches, int samples, double loss, double learningRate) {}
