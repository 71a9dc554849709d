package dev.tenon.processor.read;

import dev.tenon.processor.diagnostics.Problem;
import java.util.List;

/** What the reader finds wrong: everything about a network that is no matter of its shapes. */
public final class ReadProblems {
  /** {@code @Network} on something that is neither an interface nor an abstract class. */
  static final Problem KIND = Problem.error("NetworkKind");

  /** A network with type parameters. */
  static final Problem GENERIC = Problem.error("NetworkGeneric");

  /** A private network, or one in a private type. */
  static final Problem PRIVATE = Problem.error("NetworkPrivate");

  /** An abstract inner class that is not static. */
  static final Problem INNER = Problem.error("NetworkInner");

  /** A sealed network. */
  static final Problem SEALED = Problem.error("NetworkSealed");

  /** An abstract class that the generated model cannot construct. */
  static final Problem CONSTRUCTOR = Problem.error("NetworkConstructor");

  /** No layers. */
  static final Problem EMPTY = Problem.error("NetworkEmpty");

  /** Abstract methods from a supertype. */
  static final Problem INHERITED = Problem.error("NetworkInherited");

  /** A method with a body and the signature of one of the generated model's. */
  static final Problem METHOD = Problem.error("NetworkMethod");

  /** An abstract method that is no layer. */
  static final Problem MISSING = Problem.error("LayerMissing");

  /** Several layers on one method. */
  static final Problem STACKED = Problem.error("LayerStacked");

  /** A layer on the type. */
  static final Problem ON_TYPE = Problem.error("LayerOnType");

  /** A layer method with parameters. */
  static final Problem PARAMETERS = Problem.error("LayerParameters");

  /** A layer method with a body. */
  static final Problem NOT_ABSTRACT = Problem.error("LayerNotAbstract");

  /** A layer method with type parameters. */
  static final Problem METHOD_GENERIC = Problem.error("LayerGeneric");

  /** A layer method with a throws clause. */
  static final Problem THROWS = Problem.error("LayerThrows");

  /** Two layers of one name. */
  static final Problem OVERLOADED = Problem.error("LayerOverloaded");

  /** A layer with the name of one of the generated model's methods. */
  static final Problem NAME = Problem.error("LayerName");

  /** An annotation that this processor does not know. */
  static final Problem UNKNOWN = Problem.error("LayerUnknown");

  /** Layers in a type that is no network. */
  static final Problem WITHOUT_NETWORK = Problem.error("LayerWithoutNetwork");

  /** A {@code @From} or {@code @Name} without a layer. */
  static final Problem ALONE = Problem.error("LayerAlone");

  /** An input or output declared in a block. */
  static final Problem BLOCK_ENDS = Problem.error("BlockEnds");

  /** {@code @Use} of a type that can be no block. */
  static final Problem USE_VALUE = Problem.error("UseValue");

  /** More or fewer sizes than the block has. */
  static final Problem USE_SIZES = Problem.error("UseSizes");

  /** Less than one block. */
  static final Problem USE_REPEAT = Problem.error("UseRepeat");

  /** A use that returns something else than the block. */
  static final Problem USE_RETURN = Problem.error("UseReturnType");

  /** A block that uses itself. */
  static final Problem BLOCK_CYCLE = Problem.error("BlockCycle");

  /** A value made of a size that there is not. */
  static final Problem SIZE = Problem.error("BlockSize");

  /** A {@code @Name} that is none. */
  static final Problem PATH = Problem.error("NamePath");

  /** Two layers with one name. */
  static final Problem PATH_TAKEN = Problem.error("NameTaken");

  /** More layers than a network can have. */
  static final Problem TOO_MANY = Problem.error("NetworkTooManyLayers");

  /** All of them, for the catalogue test and the documentation. */
  public static final List<Problem> ALL =
      List.of(
          KIND,
          GENERIC,
          PRIVATE,
          INNER,
          SEALED,
          CONSTRUCTOR,
          EMPTY,
          INHERITED,
          METHOD,
          MISSING,
          STACKED,
          ON_TYPE,
          PARAMETERS,
          NOT_ABSTRACT,
          METHOD_GENERIC,
          THROWS,
          OVERLOADED,
          NAME,
          UNKNOWN,
          WITHOUT_NETWORK,
          ALONE,
          BLOCK_ENDS,
          USE_VALUE,
          USE_SIZES,
          USE_REPEAT,
          USE_RETURN,
          BLOCK_CYCLE,
          SIZE,
          PATH,
          PATH_TAKEN,
          TOO_MANY);

  private ReadProblems() {}
}
