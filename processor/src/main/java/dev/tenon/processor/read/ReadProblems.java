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

  /** A network within a method. */
  static final Problem LOCAL = Problem.error("NetworkLocal");

  /** A network in a file that has methods without a class around them. */
  static final Problem IMPLICIT = Problem.error("NetworkImplicit");

  /** An abstract inner class that is not static. */
  static final Problem INNER = Problem.error("NetworkInner");

  /** A sealed network. */
  static final Problem SEALED = Problem.error("NetworkSealed");

  /** An abstract class that the generated model cannot construct. */
  static final Problem CONSTRUCTOR = Problem.error("NetworkConstructor");

  /** A type that hides a package which generated code names. */
  static final Problem HIDES = Problem.error("NetworkHidesPackage");

  /** A name that makes names of files too long. */
  static final Problem NAME_LENGTH = Problem.error("NetworkNameLength");

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

  /** A layer on a field. */
  static final Problem ON_FIELD = Problem.error("LayerOnField");

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

  /** An annotation that does not exist, where one of ours has nearly its name, or its name. */
  static final Problem MISSPELT = Problem.note("LayerMisspelt");

  /** An attribute without a default that is not written. */
  static final Problem ATTRIBUTE_MISSING = Problem.error("AttributeMissing");

  /** An attribute that does not exist, or a value without the name of one. */
  static final Problem ATTRIBUTE_UNKNOWN = Problem.note("AttributeUnknown");

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

  /** {@code features} that are no record, or one that the model cannot name. */
  static final Problem FEATURES_TYPE = Problem.error("FeaturesType");

  /** {@code labels} that are neither an enum nor a record nor boolean. */
  static final Problem LABELS_TYPE = Problem.error("LabelsType");

  /** A component of a record that is no value. */
  static final Problem COMPONENT_TYPE = Problem.error("ComponentType");

  /** An array without a length, or a length without an array. */
  static final Problem COMPONENT_SIZE = Problem.error("ComponentSize");

  /** A record without components, or an enum without constants. */
  static final Problem TYPE_EMPTY = Problem.error("TypeEmpty");

  /** A record of labels with numbers and booleans. */
  static final Problem LABELS_MIXED = Problem.error("LabelsMixed");

  /** A component of labels that is left out. */
  static final Problem LABELS_IGNORE = Problem.error("LabelsIgnore");

  /** More than one of {@code input}, {@code features} and {@code inputFrom}. */
  static final Problem INPUTS = Problem.error("NetworkInputs");

  /** {@code labels} of a network with several outputs. */
  static final Problem LABELS_OUTPUTS = Problem.error("LabelsOutputs");

  /** {@code normalize} without numbers to normalise. */
  static final Problem NORMALIZE = Problem.error("NetworkNormalize");

  /** {@code inputFrom} names what is no network. */
  static final Problem INPUT_FROM = Problem.error("InputFromNetwork");

  /** Networks that are each other's input. */
  static final Problem INPUT_FROM_CYCLE = Problem.error("InputFromCycle");

  /** All of them, for the catalogue test and the documentation. */
  public static final List<Problem> ALL =
      List.of(
          KIND,
          HIDES,
          NAME_LENGTH,
          GENERIC,
          PRIVATE,
          LOCAL,
          IMPLICIT,
          INNER,
          SEALED,
          CONSTRUCTOR,
          EMPTY,
          INHERITED,
          METHOD,
          MISSING,
          STACKED,
          ON_TYPE,
          ON_FIELD,
          PARAMETERS,
          NOT_ABSTRACT,
          METHOD_GENERIC,
          THROWS,
          OVERLOADED,
          NAME,
          MISSPELT,
          ATTRIBUTE_MISSING,
          ATTRIBUTE_UNKNOWN,
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
          TOO_MANY,
          FEATURES_TYPE,
          LABELS_TYPE,
          COMPONENT_TYPE,
          COMPONENT_SIZE,
          TYPE_EMPTY,
          LABELS_MIXED,
          LABELS_IGNORE,
          INPUTS,
          LABELS_OUTPUTS,
          NORMALIZE,
          INPUT_FROM,
          INPUT_FROM_CYCLE);

  private ReadProblems() {}
}
