/**
 * What generated networks need to run and to be trained. Needs the JDK's base module alone.
 *
 * <p>The packages below {@code dev.tenon.runtime.internal} are exported because generated code
 * calls them. They are no API: they may change with any version, and a model runs with the runtime
 * of the version that generated it. All others are API, but for the few types of {@code typed}
 * whose Javadoc says that they are internal.
 */
module dev.tenon.runtime {
  exports dev.tenon.runtime;
  exports dev.tenon.runtime.file;
  exports dev.tenon.runtime.init;
  exports dev.tenon.runtime.layer;
  exports dev.tenon.runtime.loss;
  exports dev.tenon.runtime.math;
  exports dev.tenon.runtime.model;
  exports dev.tenon.runtime.optim;
  exports dev.tenon.runtime.parallel;
  exports dev.tenon.runtime.random;
  exports dev.tenon.runtime.schedule;
  exports dev.tenon.runtime.state;
  exports dev.tenon.runtime.train;
  exports dev.tenon.runtime.typed;

  // Internal: for generated code.
  exports dev.tenon.runtime.internal;
  exports dev.tenon.runtime.internal.call;
  exports dev.tenon.runtime.internal.kernel;
  exports dev.tenon.runtime.internal.layout;
  exports dev.tenon.runtime.internal.parallel;
  exports dev.tenon.runtime.internal.save;
}
