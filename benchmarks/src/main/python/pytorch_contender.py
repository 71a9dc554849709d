"""PyTorch beside Tenon: serves the table command of the benchmarks.

Reads requests from standard input and answers on standard output, each a line of JSON (see
dev.tenon.benchmarks.table.Request and Reply). The problem, that is the network, its start values and its data,
comes as files, and so goes the answer of every variant back, to be checked against the same reference as
Tenon's.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import time
import traceback
import warnings

import numpy
import torch
from torch import nn
from torch.nn import functional

BUNCH_SECONDS = 0.004
FEWEST_BUNCHES = 3
# Nothing is compiled while eager kernels run, so that little is enough to fill caches and the allocator.
LONGEST_WARM_UP = 1.0


class Residual(nn.Module):
    """body(x) + shortcut(x); an empty shortcut is x itself."""

    def __init__(self, body, shortcut):
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class Problem:
    """What the files say."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.json = json.loads((self.directory / "problem.json").read_text())
        self.kind = self.json["kind"]
        batch = self.json["batch"]
        self.input = self.read("input").reshape(batch, *self.json["input"])
        self.output_gradient = self.read("outputGradient").reshape(batch, *self.json["output"])
        self.labels = torch.from_numpy(numpy.fromfile(self.directory / "labels", dtype="<i4").astype(numpy.int64))

    def read(self, name):
        return torch.from_numpy(numpy.fromfile(self.directory / name, dtype="<f4"))

    def write(self, name, tensor):
        tensor.detach().contiguous().numpy().astype("<f4").tofile(self.directory / name)

    def network(self):
        """A new network with the problem's values."""
        network = self.chain(self.json["layers"])
        with torch.no_grad():
            for parameter, name in zip(network.parameters(), self.json["parameters"], strict=True):
                parameter.copy_(self.read(name).reshape(parameter.shape))
            stats = [b for n, b in network.named_buffers() if not n.endswith("num_batches_tracked")]
            for buffer, name in zip(stats, self.json["runningStats"], strict=True):
                buffer.copy_(self.read(name))
        return network

    def chain(self, layers):
        """One layer after the other; where there is none, what comes goes."""
        modules = []
        for layer in layers:
            kind = layer["type"]
            if kind == "linear":
                modules.append(nn.Linear(layer["in"], layer["out"]))
            elif kind == "conv2d":
                modules.append(
                    nn.Conv2d(
                        layer["in"],
                        layer["out"],
                        layer["kernel"],
                        stride=layer["stride"],
                        padding=layer["padding"],
                        bias=layer["bias"],
                    )
                )
            elif kind == "batchnorm":
                images = len(self.json["input"]) == 3
                modules.append((nn.BatchNorm2d if images else nn.BatchNorm1d)(layer["channels"]))
            elif kind == "relu":
                modules.append(nn.ReLU())
            elif kind == "maxpool2d":
                modules.append(nn.MaxPool2d(layer["kernel"]))
            elif kind == "globalavgpool":
                modules += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
            elif kind == "flatten":
                modules.append(nn.Flatten())
            elif kind == "residual":
                modules.append(Residual(self.chain(layer["body"]), self.chain(layer["shortcut"])))
            else:
                raise ValueError(kind)
        return nn.Sequential(*modules)


class Variant:
    """One way of computing the problem: a layout, and eager or compiled."""

    def __init__(self, problem, layout, style):
        self.name = f"{layout} {style}".strip()
        self.problem = problem
        self.compiled = style.startswith("compile")
        self.network = problem.network()
        self.input = problem.input
        self.output_gradient = problem.output_gradient
        if layout == "channels_last":
            self.network = self.network.to(memory_format=torch.channels_last)
            self.input = self.input.contiguous(memory_format=torch.channels_last)
            if self.output_gradient.dim() == 4:
                self.output_gradient = self.output_gradient.contiguous(memory_format=torch.channels_last)
        self.parameters = list(self.network.parameters())
        {"TRAINING_STEP": self.training, "FORWARD_BACKWARD": self.forward_backward, "INFERENCE": self.inference}[
            problem.kind
        ](style)

    def training(self, style):
        self.network.train()
        start = [p.detach().clone() for p in self.parameters]
        settings = self.problem.json
        optimizer = torch.optim.SGD(
            self.parameters,
            lr=settings["checkedRate"],
            momentum=settings["momentum"],
            fused=True if style != "eager" else None,
        )
        network, input, labels = self.network, self.input, self.problem.labels

        def loss():
            return functional.cross_entropy(network(input), labels)

        forward = torch.compile(loss) if self.compiled else loss
        update = torch.compile(lambda: optimizer.step()) if style == "compile-all" else optimizer.step

        def step():
            optimizer.zero_grad(set_to_none=True)
            value = forward()
            value.backward()
            update()
            return value

        self.run = step
        losses = [step().detach() for _ in range(settings["checkedSteps"])]
        self.answer = {"loss": torch.stack(losses)}
        for i, (before, after) in enumerate(zip(start, self.parameters)):
            self.answer[f"update {i}"] = after.detach() - before
        for group in optimizer.param_groups:
            group["lr"] = settings["measuredRate"]

    def forward_backward(self, style):
        self.network.train()
        input = self.input.detach().clone(memory_format=torch.preserve_format).requires_grad_()
        wanted = [input, *self.parameters]
        network = torch.compile(self.network) if self.compiled else self.network
        gradient = self.output_gradient

        def run():
            return torch.autograd.grad(network(input), wanted, gradient)

        self.run = run
        output = network(input)
        gradients = torch.autograd.grad(output, wanted, gradient)
        self.answer = {"output": output, "inputGradient": gradients[0]}
        for i, value in enumerate(gradients[1:]):
            self.answer[f"gradient {i}"] = value

    def inference(self, style):
        self.network.eval()
        network = self.network
        if style == "frozen":
            with torch.no_grad():
                network = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(network, self.input)))
        elif self.compiled:
            network = torch.compile(network)
        input = self.input

        def run():
            with torch.inference_mode():
                return network(input)

        self.run = run
        self.answer = {"output": run()}

    def write_answer(self):
        """Writes the answer, in PyTorch's order of axes, and forgets it."""
        files = {}
        for i, (name, tensor) in enumerate(self.answer.items()):
            file = f"answer-{self.name.replace(' ', '-')}-{i}"
            self.problem.write(file, tensor)
            files[name] = file
        del self.answer
        return files


def variants(problem, compile):
    layouts = ["contiguous", "channels_last"] if len(problem.json["input"]) == 3 else [""]
    styles = ["eager"]
    if problem.kind == "TRAINING_STEP":
        styles.append("eager-fused")
        styles += ["compile", "compile-all"] if compile else []
    elif problem.kind == "INFERENCE":
        styles.append("frozen")
        styles += ["compile"] if compile else []
    else:
        styles += ["compile"] if compile else []
    return [(layout, style) for layout in layouts for style in styles]


def sample(run, seconds):
    """The median seconds of a call; calls are timed in bunches, so that reading the clock costs nothing."""

    def bunch(calls):
        before = time.perf_counter()
        for _ in range(calls):
            run()
        return time.perf_counter() - before

    calls = 1
    while bunch(calls) < BUNCH_SECONDS / 2:
        calls *= 2
    samples = []
    end = time.perf_counter() + seconds
    while len(samples) < FEWEST_BUNCHES or time.perf_counter() < end:
        samples.append(bunch(calls) / calls)
    return statistics.median(samples)


def warm_up(run, seconds):
    end = time.perf_counter() + seconds
    run()
    while time.perf_counter() < end:
        run()


def first_line(error):
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"


def start(request, compile):
    torch.set_num_threads(request["threads"])
    problem = Problem(request["directory"])
    ready = {}
    replies = []
    for layout, style in variants(problem, compile):
        torch._dynamo.reset()
        name = f"{layout} {style}".strip()
        reply = {"name": name, "failure": None, "seconds": 0, "error": None, "files": None}
        try:
            variant = Variant(problem, layout, style)
            reply["files"] = variant.write_answer()
            warm_up(variant.run, min(request["seconds"], LONGEST_WARM_UP))
            reply["seconds"] = sample(variant.run, 0.1)
            ready[name] = variant
        except Exception as error:  # A variant that PyTorch cannot do here is reported, the others go on.
            traceback.print_exc()
            reply["failure"] = first_line(error)
        replies.append(reply)
    version = f"{torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"
    return ready, {"failure": None, "version": version, "variants": replies, "seconds": 0}


def main():
    arguments = argparse.ArgumentParser(description="Serves the table command of the benchmarks.")
    arguments.add_argument("--compile", action="store_true", help="try torch.compile as well")
    options = arguments.parse_args()
    warnings.filterwarnings("ignore")
    # Whatever PyTorch and its compiler print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    torch.set_num_interop_threads(1)
    ready = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["command"] == "start":
                ready, reply = start(request, options.compile)
            else:
                seconds = sample(ready[request["variant"]].run, request["seconds"])
                reply = {"failure": None, "version": "", "variants": [], "seconds": seconds}
        except Exception as error:  # The table goes on without PyTorch, and says why.
            traceback.print_exc()
            reply = {"failure": first_line(error), "version": "", "variants": [], "seconds": 0}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
