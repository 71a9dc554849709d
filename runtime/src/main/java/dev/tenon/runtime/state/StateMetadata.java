package dev.tenon.runtime.state;

import dev.tenon.runtime.Tenon;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.layout.Shapes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a file of a state says of it. */
final class StateMetadata {
  static final String NETWORK = "tenon.network";
  static final String FEATURES = "tenon.features";
  static final String LABELS = "tenon.labels";
  private static final String FINGERPRINT = "tenon.fingerprint";
  private static final String VERSION = "tenon.version";
  private static final String SEED = "tenon.seed";
  private static final String PRECISION = "tenon.precision";
  private static final String NORMALIZATION = "tenon.normalization";

  private StateMetadata() {}

  /** Texts by name, see {@link State#metadata}. */
  static Map<String, String> of(State state) {
    Map<String, String> texts = new TreeMap<>();
    texts.put("format", "pt");
    texts.put(FINGERPRINT, state.fingerprint());
    texts.put(VERSION, Tenon.version());
    texts.put(SEED, Long.toString(state.seed()));
    texts.put(PRECISION, state.dtype().toString());
    state.network().ifPresent(name -> texts.put(NETWORK, name));
    state.features().ifPresent(type -> texts.put(FEATURES, type.toString()));
    state.labels().ifPresent(type -> texts.put(LABELS, type.toString()));
    List<String> normalised =
        state.runningStats().stream()
            .filter(stat -> !stat.isOfLayer())
            .map(RunningStat::name)
            .toList();
    if (!normalised.isEmpty()) {
      texts.put(NORMALIZATION, String.join(", ", normalised));
    }
    return texts;
  }

  /** The first digits of a hash of names and shapes, see {@link State#fingerprint}. */
  static String fingerprint(Map<String, Tensor> tensors) {
    StringBuilder text = new StringBuilder();
    tensors.forEach(
        (name, tensor) ->
            text.append(name).append(' ').append(Shapes.text(tensor.shape())).append('\n'));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
