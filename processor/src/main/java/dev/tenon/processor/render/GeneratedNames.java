package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.plan.Plan.BackEnd;
import java.util.List;

/** Names of the generated types and of what they use of the runtime. */
final class GeneratedNames {
  static final String RUNTIME = "dev.tenon.runtime";
  static final ClassName TENSOR = ClassName.get(RUNTIME, "Tensor");
  static final ClassName MODEL = ClassName.get(RUNTIME, "Model");
  static final ClassName BASE_MODEL = ClassName.get(RUNTIME, "BaseModel");
  static final ClassName TENSOR_SPEC = ClassName.get(RUNTIME, "TensorSpec");
  static final ClassName GENERATED = ClassName.get(RUNTIME, "Generated");
  static final ClassName STATE = ClassName.get(RUNTIME, "State");
  static final ClassName DTYPE = ClassName.get(RUNTIME, "DType");
  static final ClassName LAYER = ClassName.get(RUNTIME, "Layer");
  static final ClassName CALL_BOUNDARY = ClassName.get(RUNTIME, "CallBoundary");
  static final ClassName INITIALIZER = ClassName.get(RUNTIME + ".init", "Initializer");
  static final ClassName BATCH_PIECE = ClassName.get(RUNTIME + ".parallel", "BatchPiece");
  static final ClassName WORK = ClassName.get(RUNTIME + ".parallel", "Work");
  static final ClassName WORKER_POOL = ClassName.get(RUNTIME + ".parallel", "WorkerPool");
  static final ClassName PIECE_EXCHANGE = ClassName.get(RUNTIME, "PieceExchange");
  static final ClassName PROGRAM = ClassName.get(RUNTIME + ".kernel", "Program");
  static final ClassName PASS = ClassName.get(RUNTIME + ".kernel", "Pass");
  static final ClassName PACKING = ClassName.get(RUNTIME, "Packing");
  static final ClassName MODEL_FILES = ClassName.get(RUNTIME + ".save", "ModelFiles");
  static final ClassName KERNEL_SELECTION = ClassName.get(RUNTIME + ".kernel", "KernelSelection");
  static final ClassName IN_PLACE = ClassName.get(RUNTIME + ".kernel", "InPlace");
  static final ClassName ROOM = ClassName.get(RUNTIME + ".kernel", "Room");
  static final ClassName BLOCKS = ClassName.get(RUNTIME + ".kernel", "Blocks");
  static final ClassName ROWS = ClassName.get(RUNTIME + ".kernel", "Rows");

  private GeneratedNames() {}

  /** The annotated type. */
  static ClassName network(NetworkDeclaration declaration) {
    List<String> names = List.of(declaration.typeName().split("\\."));
    return ClassName.get(
        declaration.packageName(),
        names.get(0),
        names.subList(1, names.size()).toArray(String[]::new));
  }

  static ClassName model(NetworkDeclaration declaration) {
    return ClassName.get(declaration.packageName(), declaration.generatedPrefix() + "Model");
  }

  /** How the network runs on a back end. */
  static ClassName program(NetworkDeclaration declaration, BackEnd backEnd) {
    return ClassName.get(
        declaration.packageName(),
        declaration.generatedPrefix()
            + switch (backEnd) {
              case PLAIN -> "PlainProgram";
              case VECTOR -> "VectorProgram";
            });
  }

  /** Kernel classes are numbered from the second one on. */
  static ClassName kernels(NetworkDeclaration declaration, BackEnd backEnd, int number) {
    return ClassName.get(
        declaration.packageName(),
        declaration.generatedPrefix()
            + (backEnd == BackEnd.VECTOR ? "Vector" : "")
            + "Kernels"
            + (number == 0 ? "" : number + 1));
  }

  /** The constant of {@code DType}. */
  static String dtype(ElementType real) {
    return real == ElementType.FLOAT ? "FLOAT32" : "FLOAT64";
  }
}
