package dev.tenon.runtime.train;

import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.groups;
import static dev.tenon.runtime.optim.Optimizers.rmsProp;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.state.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a debugger, a log and a shell show. */
class TextTest {
  @Test
  void datasetsSayWhatTheyHold() {
    Tensor features = Tensor.zeros(DType.FLOAT32, 3, 4);
    assertThat(Dataset.of(features, new int[3]))
        .hasToString("Dataset of 3 samples: float32 [3, 4] to class labels");
    assertThat(Dataset.of(features, new int[6]))
        .hasToString("Dataset of 3 samples: float32 [3, 4] to 2 class labels for each");
    assertThat(Dataset.of(List.of(features, features), Tensor.zeros(DType.FLOAT32, 3, 1)))
        .hasToString("Dataset of 3 samples: float32 [3, 4], float32 [3, 4] to float32 [3, 1]");
  }

  @Test
  void historiesSayHowTheyEnded() {
    EpochReport first = new EpochReport(1, 5, 4, 50, 1.25, 0.1);
    EpochReport second = new EpochReport(2, 5, 4, 50, 1.5, 0.1, 2.5, new Evaluation(7, 2, 7, 7));
    assertThat(first)
        .hasToString("epoch 1/5: loss 1.2500, learning rate 0.1, 4 steps on 50 samples");
    assertThat(second)
        .hasToString(
            "epoch 2/5: loss 1.5000, validation loss 2.0000 on 7 samples, accuracy 100.00 %,"
                + " learning rate 0.1, gradient norm 2.500, 4 steps on 50 samples");
    assertThat(new History(List.of(), EndReason.COMPLETED, 0))
        .hasToString("History of 0 epochs, COMPLETED");
    assertThat(new History(List.of(first, second), EndReason.STOPPED_EARLY, 1))
        .hasToString("History of 2 epochs, STOPPED_EARLY, best epoch 1; last " + second);
  }

  @Test
  void optimisersSayTheirOptions() {
    assertThat(sgd(0.1).momentum(0.9).nesterov())
        .hasToString(
            "Sgd[learningRate=0.1, momentum=0.9, dampening=0.0, weightDecay=0.0, nesterov=true,"
                + " maximize=false]");
    assertThat(adam(0.01).amsgrad())
        .hasToString(
            "Adam[learningRate=0.01, beta1=0.9, beta2=0.999, eps=1.0E-8, weightDecay=0.0,"
                + " amsgrad=true, maximize=false]");
    assertThat(rmsProp(0.01).centered().toString())
        .startsWith("RmsProp[learningRate=0.01, alpha=0.99,")
        .endsWith(" centered=true, maximize=false]");
    assertThat(groups(sgd(0.5)).with(p -> true, adam(0.1)).toString())
        .startsWith("ParameterGroups(rest = Sgd[learningRate=0.5,")
        .contains(", Adam[learningRate=0.1,");
    State state = State.builder(DType.FLOAT32).parameter("w", Initializer.constant(1), 2).build(0);
    Optimizer optimizer = sgd(0.25).create(state);
    optimizer.step();
    assertThat(optimizer).hasToString("Sgd, learning rate 0.25, steps made: 1");
    assertThat(adam(0.1).create(state)).hasToString("Adam, learning rate 0.1, steps made: 0");
  }
}
