package dev.tenon.integration.typed;

enum Risk {
  LOW,
  MIDDLE,
  HIGH
}
