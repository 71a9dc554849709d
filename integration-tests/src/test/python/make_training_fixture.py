"""Writes training.json: ten steps of a batch-norm CNN as PyTorch takes them, from given weights on given batches.

    python make_training_fixture.py ../resources/fixtures

Two entries, float32 and float64, from the same numbers. The losses are those of the batch before its step; the final state
is that after the tenth step. What one step gets wrong the next ones magnify, so this also checks how gradients, momentum
and running statistics are carried from step to step.
"""

import os
import sys

import fixture_format as fixtures  # first: sets up the environment torch reads
import make_layer_fixtures as layers
import numpy as np
import torch
from torch import nn

STEPS, BATCH, CLASSES = 10, 16, 10
LEARNING_RATE, MOMENTUM = 0.05, 0.9
TOLERANCE = 1e-5
KINK = 4e-5  # more than ten times the rounding error that float32 has gathered by the last step

NETWORK = layers.Case(
    "training", [1, 8, 8],
    [
        layers.conv("conv1", out=8, kernel=3, padding=1, bias=False),
        layers.batch_norm_2d("bn1"),
        layers.relu("relu1"),
        layers.max_pool("pool1", kernel=2),
        layers.conv("conv2", out=12, kernel=3),
        layers.batch_norm_2d("bn2"),
        layers.relu("relu2"),
        layers.flatten("flat"),
        layers.linear("head", out=CLASSES),
    ],
    steps=[])


def draw(seed):
    """Weights as a fresh network has them, and batches of noisy class patterns, so that the loss really falls."""
    random = np.random.RandomState(seed)
    state = {}
    for key, value in layers.Model(NETWORK, torch.float64).state_dict().items():
        layer, kind = key.rsplit(".", 1)
        shape = tuple(value.shape)
        if layer.startswith("bn"):
            state[key] = value.numpy()  # 1, 0 and the fresh statistics
        else:
            fan_in = {"conv1": 9, "conv2": 72, "head": 48}[layer]
            bound = 1 / np.sqrt(fan_in)
            state[key] = np.round(random.uniform(-bound, bound, shape), 4) + 0.0
    patterns = random.standard_normal((CLASSES, *NETWORK.shape))
    batches = []
    for _ in range(STEPS):
        labels = random.randint(0, CLASSES, BATCH)
        x = np.round(patterns[labels] + 0.4 * random.standard_normal((BATCH, *NETWORK.shape)), 2) + 0.0
        batches.append((x, labels))
    return state, batches


def train(state, batches, precision, compute, disturbance=0.0):
    """Losses before each step, state after the last one, smallest distance from a kink; values rounded to "precision"."""
    rounded = fixtures.PRECISIONS[precision][1]
    dtype = fixtures.PRECISIONS[compute][1]

    def value(array):
        array = torch.from_numpy(np.array(array))
        return array.to(rounded).to(dtype) if array.dtype.is_floating_point else array

    model = layers.Model(NETWORK, dtype)
    model.load_state_dict({key: value(array) for key, array in state.items()})
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1 + disturbance)
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    losses = []
    kink = float("inf")
    for x, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(value(x)), torch.from_numpy(labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        kink = min(kink, layers.kink_distance(NETWORK, model))
    return torch.stack(losses), model.state_dict(), kink


def furthest(one, other):
    """Largest difference of two runs, in tolerances."""
    errors = [fixtures.worst(one[0], other[0], TOLERANCE, TOLERANCE)]
    errors += [fixtures.worst(value, other[1][key], TOLERANCE, TOLERANCE) for key, value in one[1].items()]
    return max(errors)


def fair(state, batches):
    """Whether rounding stays small over the ten steps, so that the tolerance is there for the implementation under test.

    One value that falls on the other side of a ReLU than in PyTorch is enough to miss the tolerance a hundredfold.
    """
    exact = train(state, batches, "float32", "float64")
    if exact[2] < KINK:
        return False
    single = train(state, batches, "float32", "float32")
    disturbed = train(state, batches, "float32", "float64", disturbance=2.0**-23)
    return max(furthest(single, exact), furthest(disturbed, exact)) < 0.25


def main(directory):
    state, batches = next(data for data in map(draw, range(1000)) if fair(*data))
    cases = []
    for precision in fixtures.PRECISIONS:
        losses, final, _ = train(state, batches, precision, precision)
        assert losses[-1] < losses[0] / 2, losses
        cases.append({
            "name": f"training_{precision}",
            "precision": precision,
            "input": list(NETWORK.shape),
            "layers": [layer.declaration for layer in NETWORK.layers],
            "loss": "crossEntropy",
            "optimizer": {"name": "sgd", "learningRate": LEARNING_RATE, "momentum": MOMENTUM},
            "state": {key: fixtures.tensor(value, precision) for key, value in state.items()},
            "batches": [
                {"x": fixtures.tensor(x, precision), "labels": fixtures.tensor(labels, precision)} for x, labels in batches
            ],
            "losses": fixtures.tensor(losses, precision),
            "finalState": {
                key: fixtures.tensor(fixtures.without_negative_zero(value), precision) for key, value in final.items()
            },
        })
        print(precision, [round(float(loss), 4) for loss in losses])
    path = os.path.join(directory, "training.json")
    print(f"{path}: {fixtures.write(path, cases)} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
