"""Writes ends.json: what PyTorch computes for a network with several inputs and outputs, among the inputs indices.

    python make_ends_fixtures.py ../resources/fixtures

The network reads an image, three words a sample and a colour; one of its outputs is read by other layers as well. A case has
three training steps: inputs, all outputs before the step, the joint loss, the gradients of the inputs of numbers and of all
parameters; and at the end the state and what the evaluation gives. Words repeat within a batch, and some are padding.
"""

import os
import sys

import fixture_format as fixtures  # first: sets up the environment torch reads
import numpy as np
import torch
from torch import nn

BATCH = 5
STEPS = 3
LEARNING_RATE = 0.1
WEIGHT = 0.5
LAYERS = [
    "@Input({2, 4, 5}) Layer image();",
    "@Conv2d(out = 4, kernel = 3, padding = 1) Weighted conv();",
    "@BatchNorm2d BatchNorm bn();",
    "@SiLU Layer act();",
    "@GlobalAvgPool Layer pool();",
    "@IndexInput(3) Layer words();",
    "@Embedding(num = 7, dim = 3, paddingIndex = 2) Weighted vectors();",
    "@Flatten Layer flat();",
    "@IndexInput Layer colour();",
    "@Embedding(num = 5, dim = 2) Weighted colours();",
    '@Output @From({"pool", "flat", "colours"}) @Concat Layer features();',
    "@Linear(out = 6) Weighted hidden();",
    "@Tanh Layer tanh();",
    "@Output @Linear(out = 3) Weighted kind();",
    '@Output @From("tanh") @Linear(out = 1) Weighted price();',
]


class Net(nn.Module):
    def __init__(self, dtype):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, padding=1, dtype=dtype)
        self.bn = nn.BatchNorm2d(4, dtype=dtype)
        self.vectors = nn.Embedding(7, 3, padding_idx=2, dtype=dtype)
        self.colours = nn.Embedding(5, 2, dtype=dtype)
        self.hidden = nn.Linear(4 + 9 + 2, 6, dtype=dtype)
        self.kind = nn.Linear(6, 3, dtype=dtype)
        self.price = nn.Linear(6, 1, dtype=dtype)

    def forward(self, image, words, colour):
        pool = nn.functional.silu(self.bn(self.conv(image))).mean((2, 3))
        features = torch.cat([pool, self.vectors(words).flatten(1), self.colours(colour)], 1)
        tanh = torch.tanh(self.hidden(features))
        return features, self.kind(tanh), self.price(tanh)


def case(precision):
    numpy_type, dtype = fixtures.PRECISIONS[precision]
    torch.manual_seed(5)
    net = Net(dtype)
    random = np.random.RandomState(11)

    def real(*shape):
        return torch.from_numpy(np.round(random.standard_normal(shape), 3).astype(numpy_type))

    def tensor(value):
        value = value if isinstance(value, torch.Tensor) else torch.from_numpy(np.asarray(value))
        return fixtures.tensor(fixtures.without_negative_zero(value.detach()), precision)

    def state():
        return {name: tensor(value.clone()) for name, value in net.state_dict().items()}

    before = state()
    optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)
    steps = []
    net.train()
    for _ in range(STEPS):
        image = real(BATCH, 2, 4, 5).requires_grad_()
        words = torch.from_numpy(random.randint(0, 7, (BATCH, 3)))
        words[0] = torch.tensor([2, 4, 4])
        colour = torch.from_numpy(random.randint(0, 5, BATCH))
        kinds = torch.from_numpy(random.randint(0, 3, BATCH))
        wanted_features, prices = real(BATCH, 15), real(BATCH, 1)
        optimizer.zero_grad()
        features, kind, price = net(image, words, colour)
        mse = nn.functional.mse_loss
        loss = (
            WEIGHT * mse(features, wanted_features)
            + nn.functional.cross_entropy(kind, kinds)
            + mse(price, prices)
        )
        loss.backward()
        steps.append(
            {
                "image": tensor(image),
                "words": tensor(words),
                "colour": tensor(colour),
                "wantedFeatures": tensor(wanted_features),
                "kinds": tensor(kinds),
                "prices": tensor(prices),
                "outputs": [tensor(features), tensor(kind), tensor(price)],
                "loss": fixtures.number(loss.item(), np.float64),
                "dImage": tensor(image.grad),
                "gradients": {n: tensor(p.grad.clone()) for n, p in net.named_parameters()},
            }
        )
        steps[-1]["loss"] = fixtures.Raw(steps[-1]["loss"])
        optimizer.step()
    after = state()
    net.eval()
    with torch.no_grad():
        predictions = [tensor(y) for y in net(image, words, colour)]
    return {
        "name": f"several inputs and outputs, {precision}",
        "precision": precision,
        "layers": LAYERS,
        "learningRate": LEARNING_RATE,
        "featuresWeight": WEIGHT,
        "state": before,
        "steps": steps,
        "stateAfter": after,
        "predictions": predictions,
    }


if __name__ == "__main__":
    fixtures.write(
        os.path.join(sys.argv[1], "ends.json"), [case("float32"), case("float64")]
    )
