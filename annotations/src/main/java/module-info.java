/** The annotations that declare a network. Needed to compile one, not to run it. */
module dev.tenon.annotations {
  exports dev.tenon.annotations;
}
