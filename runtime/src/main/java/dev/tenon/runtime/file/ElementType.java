package dev.tenon.runtime.file;

import dev.tenon.runtime.DType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The element types that safetensors has. Their order is that of the format's reference
 * implementation, by alignment, because a file is written in the reverse of it.
 */
enum ElementType {
  BOOL(8, DType.INT32),
  F4(4, null),
  F6_E2M3(6, null),
  F6_E3M2(6, null),
  U8(8, DType.INT32),
  I8(8, DType.INT32),
  F8_E5M2(8, null),
  F8_E4M3(8, null),
  F8_E8M0(8, null),
  F8_E4M3FNUZ(8, null),
  F8_E5M2FNUZ(8, null),
  I16(16, DType.INT32),
  U16(16, DType.INT32),
  F16(16, DType.FLOAT32),
  BF16(16, DType.FLOAT32),
  I32(32, DType.INT32),
  U32(32, DType.INT64),
  F32(32, DType.FLOAT32),
  C64(64, null),
  F64(64, DType.FLOAT64),
  I64(64, DType.INT64),
  U64(64, null);

  private static final List<Optional<ElementType>> ALL =
      Stream.of(values()).map(Optional::of).toList();

  private final int bits;
  private final DType tensorType;

  ElementType(int bits, DType tensorType) {
    this.bits = bits;
    this.tensorType = tensorType;
  }

  /** The bits of one element, in the file. */
  int bits() {
    return bits;
  }

  /** The bytes of one element; only of types of whole bytes. */
  int bytes() {
    return bits / Byte.SIZE;
  }

  /** What a tensor of this type is read as: the smallest type that holds every value exactly. */
  Optional<DType> tensorType() {
    return Optional.ofNullable(tensorType);
  }

  /** The type that tensors in memory are written as. */
  static ElementType of(DType type) {
    return switch (type) {
      case FLOAT32 -> F32;
      case FLOAT64 -> F64;
      case INT32 -> I32;
      case INT64 -> I64;
    };
  }

  /** The type of a name, as files spell it. Allocates nothing: a header has many. */
  static Optional<ElementType> named(CharSequence name) {
    for (Optional<ElementType> type : ALL) {
      if (CharSequence.compare(type.get().name(), name) == 0) {
        return type;
      }
    }
    return Optional.empty();
  }

  /** The names of the types that are read, for messages. */
  static String readable() {
    return Stream.of(values())
        .filter(type -> type.tensorType != null)
        .map(ElementType::name)
        .collect(Collectors.joining(", "));
  }
}
