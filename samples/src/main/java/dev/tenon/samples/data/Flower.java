package dev.tenon.samples.data;

/**
 * The measurements of an iris, in cm.
 *
 * @param sepalLength length of a sepal
 * @param sepalWidth width of a sepal
 * @param petalLength length of a petal
 * @param petalWidth width of a petal
 */
public record Flower(float sepalLength, float sepalWidth, float petalLength, float petalWidth) {}
