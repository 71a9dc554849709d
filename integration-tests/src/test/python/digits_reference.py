"""Trains the network of the digits sample in PyTorch: the accuracy that the sample is held beside.

    python digits_reference.py digits.csv.gz test-rows.txt [number of seeds, 5 by default]

The first file is samples/src/main/resources/dev/tenon/samples/data/digits.csv.gz: 64 grey values from 0 to 16 and the label
in each row. The second has the numbers of the test rows, counted from 0 and separated by white space; all other rows train.
So both sides learn from the same images and are judged by the same ones; initial weights, order of the images and dropout
are each side's own, which is why a mean over several seeds is compared.

Prints one line for each seed and then the same as one line of JSON. The same arguments print the same bytes.
"""

import gzip
import json
import math
import sys

import fixture_format  # first: sets up the environment torch reads
import numpy as np
import torch
from torch import nn

EPOCHS = 15
BATCH = 16
LEARNING_RATE = 0.05  # at the start; a cosine that ends at 0, one step for each epoch
MOMENTUM = 0.9  # Nesterov's
WEIGHT_DECAY = 2e-3
DROPOUT = 0.4
CHANNELS = (8, 16, 32)


def network():
    first, second, third = CHANNELS
    return nn.Sequential(  # [batch, 1, 8, 8]
        nn.Conv2d(1, first, 3, padding=1, bias=False),
        nn.BatchNorm2d(first),
        nn.ReLU(),
        nn.Conv2d(first, second, 3, padding=1, bias=False),
        nn.BatchNorm2d(second),
        nn.ReLU(),
        nn.MaxPool2d(2),  # [batch, second, 4, 4]
        nn.Conv2d(second, third, 3, padding=1, bias=False),
        nn.BatchNorm2d(third),
        nn.ReLU(),
        nn.MaxPool2d(2),  # [batch, third, 2, 2]
        nn.Flatten(),
        nn.Dropout(DROPOUT),
        nn.Linear(third * 2 * 2, 10),
    )


def train(x, labels, seed):
    """A trained network in evaluation mode, and the mean loss of its last epoch."""
    torch.manual_seed(seed)
    model = network()
    optimizer = torch.optim.SGD(
        model.parameters(), LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY, nesterov=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    model.train()
    for _ in range(EPOCHS):
        total = 0.0
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x[rows]), labels[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        schedule.step()
    return model.eval(), total / len(x)


def main(data_file, split_file, seeds):
    with gzip.open(data_file, "rt", encoding="ascii") as data:
        table = np.loadtxt(data, delimiter=",")
    with open(split_file, encoding="ascii") as split:
        test = torch.tensor(sorted({int(word) for word in split.read().split()}))
    is_test = torch.zeros(len(table), dtype=torch.bool)
    is_test[test] = True
    x = torch.tensor(table[:, :64] / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)
    labels = torch.tensor(table[:, 64], dtype=torch.long)

    runs = []
    for seed in range(seeds):
        model, loss = train(x[~is_test], labels[~is_test], seed)
        with torch.no_grad():
            right = int((model(x[is_test]).argmax(1) == labels[is_test]).sum())
        run = {"seed": seed, "right": right, "accuracy": round(right / len(test), 6), "lastEpochLoss": round(loss, 4)}
        runs.append(run)
        print(f"seed {seed}: {right} of {len(test)} right, {100 * run['accuracy']:.2f} %, loss {loss:.4f}", flush=True)
    accuracies = [run["accuracy"] for run in runs]
    mean = math.fsum(accuracies) / len(runs)
    print(f"mean of {len(runs)} seeds: {100 * mean:.2f} %")
    print(json.dumps({
        "torch": torch.__version__,
        "channels": CHANNELS,
        "epochs": EPOCHS,
        "batch": BATCH,
        "learningRate": LEARNING_RATE,
        "momentum": MOMENTUM,
        "nesterov": True,
        "weightDecay": WEIGHT_DECAY,
        "dropout": DROPOUT,
        "trainRows": len(x) - len(test),
        "testRows": len(test),
        "runs": runs,
        "meanAccuracy": round(mean, 6),
    }))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5)
