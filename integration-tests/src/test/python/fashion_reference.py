"""Trains the network of the fashion sample in PyTorch: the accuracy that the sample is held beside.

    python fashion_reference.py FOLDER [epochs, 10 by default]

FOLDER holds the four files of Fashion-MNIST as they are published (train- and t10k-, images-idx3-ubyte.gz and
labels-idx1-ubyte.gz). Initial weights, order of the images and dropout are each side's own.

Prints one line for each epoch: its mean loss, the accuracy on the 10,000 test images in %, and the seconds it took.
"""

import gzip
import pathlib
import sys
import time

import fixture_format  # first: sets up the environment torch reads
import numpy as np
import torch
from torch import nn

EPOCHS = 10
BATCH = 64
LEARNING_RATE = 0.05  # at the start; a cosine that ends at 0, one step for each epoch
MOMENTUM = 0.9  # Nesterov's
WEIGHT_DECAY = 5e-4
DROPOUT = 0.3


def network():
    return nn.Sequential(  # [batch, 1, 28, 28]
        nn.BatchNorm2d(1, affine=False),
        nn.Conv2d(1, 32, 3, padding=1, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),  # [batch, 32, 14, 14]
        nn.Conv2d(32, 64, 3, padding=1, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(2),  # [batch, 64, 7, 7]
        nn.Flatten(),
        nn.Linear(3136, 128, bias=False),
        nn.BatchNorm1d(128),
        nn.ReLU(),
        nn.Dropout(DROPOUT),
        nn.Linear(128, 10),
    )


def read(folder, prefix):
    with gzip.open(folder / f"{prefix}-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(folder / f"{prefix}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return torch.tensor(images, dtype=torch.float32) / 255, torch.tensor(labels, dtype=torch.long)


def main(folder, epochs):
    x, labels = read(folder, "train")
    test_x, test_labels = read(folder, "t10k")
    torch.manual_seed(1)
    model = network()
    optimizer = torch.optim.SGD(
        model.parameters(), LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY, nesterov=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for epoch in range(epochs):
        begun = time.perf_counter()
        model.train()
        total = 0.0
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x[rows]), labels[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        schedule.step()
        seconds = time.perf_counter() - begun
        model.eval()
        with torch.no_grad():
            right = sum(
                (model(test_x[i : i + 500]).argmax(1) == test_labels[i : i + 500]).sum().item()
                for i in range(0, len(test_x), 500))
        print(f"epoch {epoch + 1} loss {total / len(x):.4f} accuracy {100 * right / len(test_x):.2f} seconds {seconds:.1f}",
              flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else EPOCHS)
