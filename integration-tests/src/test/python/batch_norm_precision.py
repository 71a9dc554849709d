"""Writes precision.json: how far PyTorch's float32 batch norm is from float64, on data that the Java test makes too.

    python batch_norm_precision.py ../resources/fixtures/precision.json

The data are sums and products of random numbers that both sides compute to the bit (SplitMix64, as in the runtime's Randoms),
so the file holds results only, and a few values by which the test makes sure that it has the same data.

"float64" is the formula in two passes of float64 on the same float32 values. An error of the outputs is the largest of 256
values; given are the largest and the average over all seeds.
"""

import json
import sys

import fixture_format as fixtures  # first: sets up the environment torch reads
import numpy as np
import torch
from torch import nn

VALUES = 256
SEEDS = 1000
OFFSETS = (1e3, 1e4, 1e6)
MILLION = (100, 1, 100, 100)
MILLION_OFFSETS = (1.0, 1e3, 1e6)
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniform(key, index):
    """Randoms.uniformDouble(key, index), for arrays."""
    with np.errstate(over="ignore"):
        z = np.asarray(key, np.uint64) + (np.asarray(index, np.uint64) + np.uint64(1)) * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def flat(key, index):
    """Uniform, of variance 1: at most 1.74 from 0."""
    return (uniform(key, index) - 0.5) * np.sqrt(12.0)


def bell(key, index):
    """Nearly normal, of variance 1: the sum of twelve uniform numbers, less 6."""
    index = np.asarray(index, np.uint64) * np.uint64(12)
    total = np.zeros(np.broadcast(key, index).shape)
    for k in range(12):
        total += uniform(key, index + np.uint64(k))
    return total - 6.0


def exact(x, axes):
    x = x.astype(np.float64)
    mean = x.mean(axis=axes, keepdims=True)
    mean += (x - mean).mean(axis=axes, keepdims=True)
    return mean, ((x - mean) ** 2).mean(axis=axes, keepdims=True)


def outputs():
    keys, index = np.meshgrid(np.arange(SEEDS), np.arange(VALUES))
    for name, draw in (("flat", flat), ("bell", bell)):
        for offset in OFFSETS:
            x = (offset + draw(keys, index)).astype(np.float32)
            mean, var = exact(x, 0)
            y = nn.BatchNorm1d(SEEDS)(torch.from_numpy(x)).detach().numpy()
            error = np.abs(y - (x - mean) / np.sqrt(var + 1e-5)).max(axis=0)
            yield {
                "data": name,
                "offset": offset,
                "sumOfData": float(np.sum(x.astype(np.float64) - offset)),
                "largest": float(error.max()),
                "average": float(error.mean()),
            }


def statistics():
    for offset in MILLION_OFFSETS:
        x = (offset + uniform(3, np.arange(np.prod(MILLION)))).astype(np.float32).reshape(MILLION)
        mean, var = exact(x, (0, 2, 3))
        norm = nn.BatchNorm2d(1, momentum=1.0)
        norm(torch.from_numpy(x))
        unbiased = var * x.size / (x.size - 1)
        yield {
            "offset": offset,
            "sumOfData": float(np.sum(x.astype(np.float64) - offset)),
            "mean": float(abs(norm.running_mean.double().item() - mean.item()) / mean.item()),
            "var": float(abs(norm.running_var.double().item() - unbiased.item()) / unbiased.item()),
        }


def main(path):
    document = {"torch": torch.__version__, "outputs": list(outputs()), "statistics": list(statistics())}
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(fixtures.render(document) + "\n")
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main(sys.argv[1])
