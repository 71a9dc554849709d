package dev.tenon.samples.data;

/** The irises that Fisher measured. */
public enum Species {
  SETOSA,
  VERSICOLOR,
  VIRGINICA
}
