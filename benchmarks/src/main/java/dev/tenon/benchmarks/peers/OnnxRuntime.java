package dev.tenon.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Contender;
import dev.tenon.benchmarks.workload.Job;
import dev.tenon.benchmarks.workload.Kind;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Workload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime: inference only. */
final class OnnxRuntime implements Contender {
  static final String NAME = "onnxruntime";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    return OrtEnvironment.getEnvironment().getVersion();
  }

  @Override
  public boolean supports(Workload workload, int threads) {
    return workload.kind() == Kind.INFERENCE;
  }

  @Override
  public Job start(Problem problem, int threads) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      OrtSession session = environment.createSession(OnnxModel.of(problem), options);
      Workload workload = problem.workload();
      long[] shape = new long[workload.network().input().size() + 1];
      shape[0] = workload.batch();
      for (int i = 1; i < shape.length; i++) {
        shape[i] = workload.network().input().get(i - 1);
      }
      // Direct, so that no call copies its input.
      FloatBuffer values =
          ByteBuffer.allocateDirect(problem.input().length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer()
              .put(problem.input())
              .flip();
      return new Inference(session, OnnxTensor.createTensor(environment, values, shape));
    }
  }

  private record Inference(OrtSession session, OnnxTensor input) implements Job {
    @Override
    public Answer answer() throws OrtException {
      try (OrtSession.Result result = session.run(Map.of(OnnxModel.INPUT, input))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] output = new float[values.remaining()];
        values.get(output);
        return Answer.ofInference(output);
      }
    }

    @Override
    public void run() throws OrtException {
      session.run(Map.of(OnnxModel.INPUT, input)).close();
    }

    @Override
    public void close() {
      try {
        input.close();
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
