package dev.tenon.runtime.train;

/**
 * Two parts of a dataset.
 *
 * @param train what to learn from
 * @param test what to judge by
 * @param <T> type of a batch's targets
 */
public record Split<T>(Dataset<T> train, Dataset<T> test) {}
