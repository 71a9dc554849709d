/** What generated networks need to run and to be trained. Needs the JDK's base module alone. */
module dev.tenon.runtime {
  exports dev.tenon.runtime;
  exports dev.tenon.runtime.file;
  exports dev.tenon.runtime.init;
  exports dev.tenon.runtime.kernel;
  exports dev.tenon.runtime.loss;
  exports dev.tenon.runtime.math;
  exports dev.tenon.runtime.optim;
  exports dev.tenon.runtime.parallel;
  exports dev.tenon.runtime.random;
  exports dev.tenon.runtime.save;
  exports dev.tenon.runtime.schedule;
  exports dev.tenon.runtime.train;
  exports dev.tenon.runtime.typed;
}
