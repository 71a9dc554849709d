package dev.tenon.samples.first;

/** What comes out. */
enum Light {
  OFF,
  ON
}
