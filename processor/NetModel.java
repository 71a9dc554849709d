/** Stands in for the model of {@code Net}, which did not compile. */
abstract class NetModel implements Net, dev.tenon.runtime.Model {
  private NetModel() {}

  public static NetModel create(long seed) {
    throw new IllegalStateException("Net did not compile; see the errors of the build.");
  }
}
