package dev.tenon.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.state.Counter;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import dev.tenon.runtime.state.State;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class LayerViewsTest {
  private final State state =
      State.builder(DType.FLOAT32)
          .parameter("w", Initializer.constant(1), 2)
          .parameter("b", Initializer.constant(0), 2)
          .runningStat("mean", 0, 2)
          .runningStat("var", 1, 2)
          .counter("count")
          .build(0);
  private final Parameter weight = state.parameter("w");
  private final Parameter bias = state.parameter("b");
  private final RunningStat mean = state.runningStat("mean");
  private final RunningStat var = state.runningStat("var");
  private final Counter count = state.counter("count");

  @Test
  void layerHasNameAndType() {
    Layer relu = new Layer("stage1.0.relu1", "ReLU");

    assertThat(relu.name()).isEqualTo("stage1.0.relu1");
    assertThat(relu.type()).isEqualTo("ReLU");
    assertThat(relu).hasToString("stage1.0.relu1: ReLU");
  }

  @Test
  void weightedWithAndWithoutBias() {
    Weighted with = new Weighted("conv1", "Conv2d", weight, bias);
    assertThat(with.weight()).isSameAs(weight);
    assertThat(with.bias()).isSameAs(bias);
    assertThat(with.hasBias()).isTrue();

    Weighted without = new Weighted("conv1", "Conv2d", weight, null);
    assertThat(without.hasBias()).isFalse();
    assertThatThrownBy(without::bias)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("conv1 has no bias: it is declared with bias = false");
  }

  @Test
  void batchNormWithEverything() {
    BatchNorm norm = new BatchNorm("bn1", "BatchNorm2d", weight, bias, mean, var, count);

    assertThat(norm.weight()).isSameAs(weight);
    assertThat(norm.bias()).isSameAs(bias);
    assertThat(norm.runningMean()).isSameAs(mean);
    assertThat(norm.runningVar()).isSameAs(var);
    assertThat(norm.numBatchesTracked()).isSameAs(count);
    assertThat(norm.isAffine()).isTrue();
    assertThat(norm.hasBias()).isTrue();
    assertThat(norm.tracksRunningStats()).isTrue();
  }

  @Test
  void batchNormSaysWhyAPartIsAbsent() {
    BatchNorm plain = new BatchNorm("bn1", "BatchNorm2d", null, null, null, null, null);
    assertThat(plain.isAffine()).isFalse();
    assertThat(plain.hasBias()).isFalse();
    assertThat(plain.tracksRunningStats()).isFalse();
    assertThatThrownBy(plain::weight)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("bn1 has no weight: it is declared with affine = false");
    assertThatThrownBy(plain::bias)
        .hasMessage("bn1 has no bias: it is declared with affine = false");
    assertThatThrownBy(plain::runningMean)
        .hasMessage("bn1 has no running mean: it is declared with trackRunningStats = false");
    assertThatThrownBy(plain::runningVar)
        .hasMessage("bn1 has no running variance: it is declared with trackRunningStats = false");
    assertThatThrownBy(plain::numBatchesTracked)
        .hasMessage("bn1 has no batch counter: it is declared with trackRunningStats = false");

    BatchNorm scaleOnly = new BatchNorm("bn1", "BatchNorm2d", weight, null, mean, var, count);
    assertThat(scaleOnly.isAffine()).isTrue();
    assertThatThrownBy(scaleOnly::bias)
        .hasMessage("bn1 has no bias: it is declared with bias = false");
  }

  @Test
  void normHasScaleAndShiftOrNeither() {
    Norm norm = new Norm("ln", "LayerNorm", weight, bias);
    assertThat(norm.weight()).isSameAs(weight);
    assertThat(norm.bias()).isSameAs(bias);
    assertThat(norm.isAffine()).isTrue();
    assertThat(norm.hasBias()).isTrue();

    Norm plain = new Norm("ln", "LayerNorm", null, null);
    assertThat(plain.isAffine()).isFalse();
    assertThat(plain.hasBias()).isFalse();
    assertThatThrownBy(plain::weight)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("ln has no weight: it is declared with affine = false");
    assertThatThrownBy(() -> new Norm("ln", "LayerNorm", null, bias))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ln: a normalisation with a bias must have a weight.");
  }

  @Test
  void freezingANormFreezesItsParameters() {
    Norm norm = new Norm("ln", "LayerNorm", weight, bias);
    norm.freeze();
    assertThat(weight.isFrozen()).isTrue();
    assertThat(bias.isFrozen()).isTrue();
    norm.unfreeze();
    assertThat(weight.isFrozen()).isFalse();
    assertThat(bias.isFrozen()).isFalse();
    new Norm("ln", "LayerNorm", null, null).freeze();
  }

  @Test
  void freezingATrackedNormFreezesItsStatisticsToo() {
    TrackedNorm norm = new InstanceNorm("in", "InstanceNorm2d", weight, bias, mean, var, count);
    norm.freezeStatistics();
    assertThat(norm.areStatisticsFrozen()).isTrue();
    assertThat(weight.isFrozen()).isFalse();
    norm.unfreezeStatistics();
    assertThat(norm.areStatisticsFrozen()).isFalse();
    norm.freeze();
    assertThat(norm.areStatisticsFrozen()).isTrue();
    assertThat(weight.isFrozen()).isTrue();
    norm.unfreeze();
    assertThat(norm.areStatisticsFrozen()).isFalse();
    assertThat(weight.isFrozen()).isFalse();

    TrackedNorm untracked = new InstanceNorm("in", "InstanceNorm2d", null, null, null, null, null);
    assertThat(untracked.tracksRunningStats()).isFalse();
    assertThatThrownBy(untracked::freeze)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in cannot be frozen: it is declared with trackRunningStats = false");
  }

  @Test
  void batchNormRefusesHalves() {
    assertThatThrownBy(() -> new BatchNorm("bn1", "BatchNorm2d", null, bias, mean, var, count))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BatchNorm("bn1", "BatchNorm2d", weight, bias, mean, null, count))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
