"""Writes layer-*.json: what PyTorch computes for every layer, option and some small networks, forward and backward.

    python make_layer_fixtures.py ../resources/fixtures            all files
    python make_layer_fixtures.py ../resources/fixtures conv2d     some

A case is a list of layers, each written once below; from it come both the Java declaration that the test compiles and the
PyTorch module that gives the numbers. The schema is described in README.md beside the numbers.

Before a case is written it must be a fair test of another implementation:
- the float32 numbers are within a quarter of the tolerance of the same computation in float64, so that the tolerance
  is spent on the implementation under test and not on PyTorch's own rounding;
- no computed value lies so close to a kink (zero in front of a ReLU, the two largest of a max-pool window) that rounding
  decides which side it falls on.
Inputs that fail are drawn again from the next seed.
"""

import functools
import itertools
import math
import os
import sys
import zlib

import fixture_format as fixtures  # first: sets up the environment torch reads
import numpy as np
import torch
from torch import nn

TOLERANCE = 1e-5
KINK = 1e-3
NAN, INF = float("nan"), float("inf")
CONVS = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
BATCH_NORMS = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
INSTANCE_NORMS = {1: nn.InstanceNorm1d, 2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}
NORMS = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm)
MAX_POOLS = {1: nn.MaxPool1d, 2: nn.MaxPool2d, 3: nn.MaxPool3d}
AVG_POOLS = {1: nn.AvgPool1d, 2: nn.AvgPool2d, 3: nn.AvgPool3d}
GLOBAL_POOLS = {1: nn.AdaptiveAvgPool1d, 2: nn.AdaptiveAvgPool2d, 3: nn.AdaptiveAvgPool3d}
SAME = "SAME"
INPUT = "the input"


# ---- Layers: one function each, giving the Java declaration and the PyTorch module ------------------------------------


class Layer:
    def __init__(self, annotation, view, name, attributes, module):
        self.name = name
        self.reads = None  # names of what it reads; None is the layer above
        arguments = ", ".join(f"{key} = {java(value)}" for key, value in attributes.items())
        self.declaration = f"@{annotation}{'(' + arguments + ')' if arguments else ''} {view} {name}();"
        self.module = module  # function of the incoming per-sample shape and a dtype

    def reading(self, *names):
        self.reads = names
        written = ", ".join("Network.INPUT" if name == INPUT else f'"{name}"' for name in names)
        self.declaration = f"@From({written if len(names) == 1 else '{' + written + '}'}) {self.declaration}"
        return self


def java(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return "{" + ", ".join(java(v) for v in value) + "}"
    return str(value)


def renamed(attributes, **names):
    """Attributes as keyword arguments of PyTorch, those that are not written left to PyTorch's own default."""
    return {names[key]: value for key, value in attributes.items() if key in names}


def linear(name="fc", **attributes):
    def module(shape, dtype):
        return nn.Linear(shape[-1], attributes["out"], bias=attributes.get("bias", True), dtype=dtype)

    return Layer("Linear", "Weighted", name, attributes, module)


def conv(name="conv", rank=2, **attributes):
    def module(shape, dtype):
        options = renamed(
            attributes, kernel="kernel_size", stride="stride", padding="padding", dilation="dilation", groups="groups",
            bias="bias")
        if options.get("padding") == SAME:
            options["padding"] = "same"
        if "paddingMode" in attributes:
            options["padding_mode"] = attributes["paddingMode"]
        return CONVS[rank](shape[0], attributes["out"], dtype=dtype, **options)

    written = {key: f"Conv{rank}d.SAME" if value == SAME else value for key, value in attributes.items()}
    if "paddingMode" in written:
        written["paddingMode"] = "PaddingMode." + written["paddingMode"].upper()
    return Layer(f"Conv{rank}d", "Weighted", name, written, module)


def conv_transpose(name="conv", **attributes):
    def module(shape, dtype):
        options = renamed(
            attributes, kernel="kernel_size", stride="stride", padding="padding", outputPadding="output_padding",
            dilation="dilation", groups="groups", bias="bias")
        return nn.ConvTranspose2d(shape[0], attributes["out"], dtype=dtype, **options)

    return Layer("ConvTranspose2d", "Weighted", name, attributes, module)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def elementwise(function, derivative, name="act", kind="StrictMath"):
    layer = Layer("Elementwise", "Layer", name, {}, lambda shape, dtype: Function(getattr(torch, function)))
    layer.declaration = (
        f'@Elementwise(type = {kind}.class, function = "{function}", derivative = "{derivative}") Layer {name}();')
    return layer


class Scale(nn.Module):
    """PyTorch has no such layer; this is the formula."""

    def __init__(self, channels, initial, bias, dtype):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), initial, dtype=dtype))
        self.bias = nn.Parameter(torch.zeros(channels, dtype=dtype)) if bias else None

    def forward(self, x):
        def along(values):
            return values.reshape(-1, *[1] * (x.dim() - 2))

        y = x * along(self.weight)
        return y if self.bias is None else y + along(self.bias)


def scale(name="scale", **attributes):
    return Layer(
        "Scale", "Weighted", name, attributes,
        lambda shape, dtype: Scale(shape[0], attributes.get("initial", 1.0), attributes.get("bias", True), dtype))


def batch_norm(name="bn", rank=1, **attributes):
    def module(shape, dtype):
        options = renamed(
            attributes, eps="eps", momentum="momentum", affine="affine", bias="bias",
            trackRunningStats="track_running_stats")
        if attributes.get("cumulative"):
            options["momentum"] = None
        return BATCH_NORMS[rank](shape[0], dtype=dtype, **options)

    return Layer(f"BatchNorm{rank}d", "BatchNorm", name, attributes, module)


def batch_norm_2d(name="bn", **attributes):
    return batch_norm(name, 2, **attributes)


def instance_norm(name="norm", rank=2, **attributes):
    def module(shape, dtype):
        options = renamed(
            attributes, eps="eps", momentum="momentum", affine="affine", bias="bias",
            trackRunningStats="track_running_stats")
        return INSTANCE_NORMS[rank](shape[0], dtype=dtype, **options)

    return Layer(f"InstanceNorm{rank}d", "InstanceNorm", name, attributes, module)


def group_norm(name="norm", **attributes):
    def module(shape, dtype):
        options = renamed(attributes, eps="eps", affine="affine", bias="bias")
        return nn.GroupNorm(attributes["groups"], shape[0], dtype=dtype, **options)

    return Layer("GroupNorm", "Norm", name, attributes, module)


def layer_norm(name="norm", **attributes):
    def module(shape, dtype):
        options = renamed(attributes, eps="eps", affine="elementwise_affine", bias="bias")
        return nn.LayerNorm(attributes.get("shape", shape[-1]), dtype=dtype, **options)

    return Layer("LayerNorm", "Norm", name, attributes, module)


def relu(name="relu"):
    return activation("ReLU", nn.ReLU, name)


def activation(annotation, module, name="act", **attributes):
    options = renamed(attributes, slope="negative_slope", min="min_val", max="max_val", approximate="approximate")
    if "approximate" in options:
        options["approximate"] = "tanh" if options["approximate"] else "none"
    return Layer(annotation, "Layer", name, attributes, lambda shape, dtype: module(**options))


class Hardsigmoid(nn.Module):
    """By its formula: the gradient of nn.Hardsigmoid has 1/6 as a float32 even in float64."""

    def forward(self, x):
        return nn.functional.relu6(x + 3) / 6


def softmax(name="soft", log=False, **attributes):
    module = nn.LogSoftmax if log else nn.Softmax
    return Layer(
        "LogSoftmax" if log else "Softmax", "Layer", name, attributes, lambda shape, dtype: module(attributes["axis"]))


def max_pool(name="pool", rank=2, **attributes):
    options = renamed(
        attributes, kernel="kernel_size", stride="stride", padding="padding", dilation="dilation", ceilMode="ceil_mode")
    return Layer(f"MaxPool{rank}d", "Layer", name, attributes, lambda shape, dtype: MAX_POOLS[rank](**options))


def avg_pool(name="pool", rank=2, **attributes):
    options = renamed(
        attributes, kernel="kernel_size", stride="stride", padding="padding", ceilMode="ceil_mode",
        countIncludePad="count_include_pad", divisorOverride="divisor_override")
    # PyTorch's AvgPool1d has no divisor_override; that of AvgPool2d over one row is the same.
    if rank == 1 and "divisor_override" in options:
        wide = {key: (1, options[key]) for key in ("kernel_size", "stride") if key in options}
        if "padding" in options:
            wide["padding"] = (0, options["padding"])
        pool = nn.AvgPool2d(**{**options, **wide})
        return Layer(
            "AvgPool1d", "Layer", name, attributes,
            lambda shape, dtype: nn.Sequential(nn.Unflatten(1, (-1, 1)), pool, nn.Flatten(1, 2)))
    return Layer(f"AvgPool{rank}d", "Layer", name, attributes, lambda shape, dtype: AVG_POOLS[rank](**options))


def global_avg_pool(name="pool"):
    return Layer(
        "GlobalAvgPool", "Layer", name, {},
        lambda shape, dtype: nn.Sequential(GLOBAL_POOLS[len(shape) - 1](1), nn.Flatten()))


def adaptive_avg_pool(name="pool", rank=2, **attributes):
    return Layer(
        f"AdaptiveAvgPool{rank}d", "Layer", name, attributes, lambda shape, dtype: GLOBAL_POOLS[rank](attributes["out"]))


def upsample(name="up", **attributes):
    mode = attributes.get("mode", "nearest")
    options = renamed(attributes, scale="scale_factor", size="size", alignCorners="align_corners")
    written = {key: f"Upsample.Mode.{value.upper()}" if key == "mode" else value for key, value in attributes.items()}
    # Else PyTorch computes ratios from the sizes, which for a broken scale are other ratios.
    return Layer("Upsample", "Layer", name, written, lambda shape, dtype: nn.Upsample(mode=mode, **options))


def flatten(name="flat", **attributes):
    options = renamed(attributes, start="start_dim", end="end_dim")
    return Layer("Flatten", "Layer", name, attributes, lambda shape, dtype: nn.Flatten(**options))


class Reshape(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes

    def forward(self, x):
        return x.reshape(len(x), *self.sizes)


def reshape(*sizes, name="reshape"):
    return Layer("Reshape", "Layer", name, {"value": sizes}, lambda shape, dtype: Reshape(sizes))


def dropout(name="drop", **attributes):
    return Layer("Dropout", "Layer", name, attributes, lambda shape, dtype: nn.Dropout(attributes.get("p", 0.5)))


def dropout_2d(name="drop", **attributes):
    return Layer("Dropout2d", "Layer", name, attributes, lambda shape, dtype: nn.Dropout2d(attributes.get("p", 0.5)))


class Join(nn.Module):
    """A function of several values as a module without state."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *values):
        return self.function(values)


def add(name, *reads):
    return Layer("Add", "Layer", name, {}, lambda shape, dtype: Join(sum_of)).reading(*reads)


def multiply(name, *reads):
    return Layer("Multiply", "Layer", name, {}, lambda shape, dtype: Join(product_of)).reading(*reads)


def concat(name, *reads, **attributes):
    dim = attributes.get("axis", 1)
    return Layer(
        "Concat", "Layer", name, attributes,
        lambda shape, dtype: Join(lambda values: torch.cat(values, dim))).reading(*reads)


def sum_of(values):
    return functools.reduce(lambda a, b: a + b, values)


def product_of(values):
    return functools.reduce(lambda a, b: a * b, values)


# ---- Cases -------------------------------------------------------------------------------------------------------------


class Train:
    def __init__(self, batch=4, x=None, dy=None, frozen=()):
        self.batch, self.x, self.dy, self.frozen = batch, x, dy, frozen


class Eval:
    def __init__(self, batch=4, x=None, backward=False):
        self.batch, self.x, self.backward = batch, x, backward


def goes_back(step):
    """Whether the step has gradients."""
    return isinstance(step, Train) or step.backward


class Case:
    """The steps run one after the other on one model whose parameters stay as they are; its running statistics move."""

    def __init__(self, name, shape, layers, steps, state=None, special=False):
        self.name, self.shape, self.layers, self.steps = name, tuple(shape), layers, steps
        self.state = state or {}
        self.special = special  # values are written out by hand and meant to lie on a kink


class Model(nn.Module):
    def __init__(self, case, dtype):
        super().__init__()
        self.reads = {}
        above = INPUT
        # Shapes downstream come from a batch of two through the modules themselves.
        values = {INPUT: torch.zeros(2, *case.shape, dtype=dtype)}
        for layer in case.layers:
            self.reads[layer.name] = layer.reads or (above,)
            given = [values[name] for name in self.reads[layer.name]]
            module = layer.module(tuple(given[0].shape[1:]), dtype)
            self.add_module(layer.name, module)
            module.eval()
            with torch.no_grad():
                values[layer.name] = module(*given)
            above = layer.name
        self.inputs = {}

    def forward(self, x):
        values = {INPUT: x}
        for name, reads in self.reads.items():
            given = [values[source] for source in reads]
            self.inputs[name] = given[0]
            x = values[name] = getattr(self, name)(*given)
        return x


def decimals(random, shape, scale=1.0, digits=3):
    """Normally distributed short decimals: the file stays small and a person can read it."""
    return np.round(random.standard_normal(shape) * scale, digits) + 0.0


def initial_state(case, random):
    """Weights of about unit gain; statistics and counters that look like a network in the middle of its training."""
    model = Model(case, torch.float64)
    state = {}
    for key, value in model.state_dict().items():
        layer, kind = key.rsplit(".", 1)
        shape = tuple(value.shape)
        if key in case.state:
            state[key] = np.asarray(case.state[key], dtype=np.int64 if kind == "num_batches_tracked" else np.float64)
        elif kind == "num_batches_tracked":
            state[key] = np.asarray(3, dtype=np.int64)
        elif kind == "running_mean":
            state[key] = decimals(random, shape, 0.5)
        elif kind == "running_var":
            state[key] = np.round(random.uniform(0.5, 2.0, shape), 3)
        elif isinstance(getattr(model, layer), NORMS):
            state[key] = decimals(random, shape, 0.3) if kind == "bias" else np.round(random.uniform(0.5, 1.5, shape), 3)
        else:
            fan_in = math.prod(shape[1:]) if kind == "weight" else 4
            state[key] = decimals(random, shape, 1 / math.sqrt(fan_in))
    return state


def draw(case, salt):
    """State, inputs and incoming gradients of a case: the same short decimals for both precisions."""
    random = np.random.RandomState(zlib.crc32(f"{case.name}/{salt}".encode()))
    state = initial_state(case, random)
    probe = Model(case, torch.float64).eval()
    steps = []
    for step in case.steps:
        x = step.x if step.x is not None else decimals(random, (step.batch, *case.shape))
        x = np.asarray(x, dtype=np.float64)
        dy = None
        if goes_back(step):
            with torch.no_grad():
                shape = (len(x), *probe(torch.zeros(2, *case.shape, dtype=torch.float64)).shape[1:])
            given = step.dy if isinstance(step, Train) else None
            dy = np.asarray(given, dtype=np.float64) if given is not None else decimals(random, shape)
            assert dy.shape == shape, (case.name, dy.shape, shape)
        steps.append((step, x, dy))
    return state, steps


def run(case, state, steps, precision, compute):
    """Runs the steps in precision "compute" on values first rounded to "precision"; gives one dictionary a step."""
    rounded = fixtures.PRECISIONS[precision][1]
    dtype = fixtures.PRECISIONS[compute][1]

    def value(array):
        array = torch.from_numpy(np.array(array))
        return array.to(rounded).to(dtype) if array.dtype.is_floating_point else array

    model = Model(case, dtype)
    model.load_state_dict({key: value(array) for key, array in state.items()})
    results = []
    for step, x, dy in steps:
        training = isinstance(step, Train)
        model.train(training)
        for name in step.frozen if training else ():
            getattr(model, name).eval()
        model.zero_grad()
        x = value(x).requires_grad_(goes_back(step))
        y = model(x)
        result = {"y": y}
        if goes_back(step):
            y.backward(value(dy))
            result["dx"] = x.grad
            result["gradients"] = {key: parameter.grad for key, parameter in model.named_parameters()}
        result["stateAfter"] = {key: buffer.clone() for key, buffer in model.named_buffers()}
        if not case.special:
            result["kink"] = kink_distance(case, model)
        results.append(result)
    return results


def kink_distance(case, model):
    """Smallest distance from a kink of anything an activation or a max pool was given by the layer in front of it."""
    distance = INF
    for layer, x in list(model.inputs.items())[1:]:  # the first layer's input is exact, whatever it is
        module = getattr(model, layer)
        x = x.detach().double()
        for kink in kinks(module):
            distance = min(distance, float((x - kink).abs().min()) if x.numel() else INF)
        if isinstance(module, tuple(MAX_POOLS.values())) and x.numel():
            top = windows(x, module).topk(2, dim=-1).values
            gap = (top[..., 0] - top[..., 1]).flatten()
            gap = gap[gap != 0]  # zeros behind a ReLU: an exact tie, decided by position
            distance = min(distance, float(gap.min()) if gap.numel() else INF)
    return distance


def kinks(module):
    """Where the derivative of an activation jumps."""
    if isinstance(module, (nn.ReLU, nn.LeakyReLU)):
        return [0]
    if isinstance(module, nn.Hardtanh):  # ReLU6 is one
        return [module.min_val, module.max_val]
    return [-3, 3] if isinstance(module, (Hardsigmoid, nn.Hardswish)) else []


def windows(x, pool):
    """The elements of every window that lies on the padded input, on a last axis of their own."""
    rank = x.dim() - 2

    def each(value):
        return list(value) if isinstance(value, tuple) else [value] * rank

    kernel, stride, padding, dilation = map(each, (pool.kernel_size, pool.stride, pool.padding, pool.dilation))
    x = nn.functional.pad(x, [p for p in reversed(padding) for _ in range(2)], value=-1e9)
    for axis in range(rank):
        starts = torch.arange(0, x.shape[2 + axis] - dilation[axis] * (kernel[axis] - 1), stride[axis])
        places = starts[:, None] + dilation[axis] * torch.arange(kernel[axis])[None, :]
        x = x.index_select(2 + axis, places.flatten()).unflatten(2 + axis, places.shape).movedim(3 + axis, -1)
    return x.flatten(2 + rank)


def flat(result):
    values = {"y": result["y"], **{f"after {k}": v for k, v in result["stateAfter"].items()}}
    if "dx" in result:
        values["dx"] = result["dx"]
        values.update({f"gradient {k}": v for k, v in result["gradients"].items()})
    return values


def fair(case, state, steps):
    """Why these values would not be a fair test, or None."""
    single = run(case, state, steps, "float32", "float32")
    exact = run(case, state, steps, "float32", "float64")
    for index, (a, b) in enumerate(zip(single, exact)):
        exact_values = flat(b)
        for key, value in flat(a).items():
            error = fixtures.worst(value, exact_values[key], TOLERANCE, TOLERANCE)
            if error > 0.25:
                return f"step {index}: {key} of float32 is {error:.2f} tolerances from float64"
        if not case.special and min(a["kink"], b["kink"]) < KINK:
            return f"step {index}: {b['kink']:.1e} from a kink"
    return None


def document(case, state, steps, precision):
    results = run(case, state, steps, precision, precision)

    def exact(value):
        return fixtures.tensor(value, precision)

    def expected(value):
        return fixtures.tensor(fixtures.without_negative_zero(value.detach()), precision)

    written = []
    for (step, x, dy), result in zip(steps, results):
        training = isinstance(step, Train)
        entry = {"mode": "train" if training else "eval"}
        if training and step.frozen:
            entry["frozen"] = list(step.frozen)
        entry["x"] = exact(x)
        entry["y"] = expected(result["y"])
        if goes_back(step):
            entry["dy"] = exact(dy)
            entry["dx"] = expected(result["dx"])
            entry["gradients"] = {key: expected(value) for key, value in result["gradients"].items()}
        entry["stateAfter"] = {key: expected(value) for key, value in result["stateAfter"].items()}
        written.append(entry)
    return {
        "name": f"{case.name}_{precision}",
        "precision": precision,
        "input": list(case.shape),
        "layers": [layer.declaration for layer in case.layers],
        "state": {key: exact(value) for key, value in state.items()},
        "steps": written,
    }


def documents(case):
    """The case in both precisions, from the first seed whose values are a fair test."""
    for salt in range(200):
        state, steps = draw(case, salt)
        reason = fair(case, state, steps)
        if reason is None:
            return [document(case, state, steps, precision) for precision in fixtures.PRECISIONS]
        if case.special:
            break
    raise AssertionError(f"{case.name}: {reason}")


# ---- The lists ---------------------------------------------------------------------------------------------------------


def linear_cases():
    yield Case("linear", [6], [linear(out=4)], [Train(3), Eval(2)])
    yield Case("linear_without_bias", [6], [linear(out=4, bias=False)], [Train(5)])
    yield Case("linear_one_in", [1], [linear(out=3)], [Train(4)])
    yield Case("linear_one_out", [7], [linear(out=1)], [Train(5)])
    yield Case("linear_one_in_one_out_without_bias", [1], [linear(out=1, bias=False)], [Train(3)])
    yield Case("linear_257_in", [257], [linear(out=2)], [Train(2)])
    yield Case("linear_64_in_10_out", [64], [linear(out=10)], [Train(3)])
    yield Case("linear_5_in_67_out", [5], [linear(out=67)], [Train(2)])
    yield Case("linear_17_in_19_out", [17], [linear(**{"in": 17}, out=19)], [Train(5)])
    yield Case("linear_rank_3", [5, 7], [linear(**{"in": 7}, out=3)], [Train(2), Eval(1)])
    yield Case("linear_rank_3_without_bias", [3, 4], [linear(**{"in": 4}, out=6, bias=False)], [Train(3)])
    yield Case("linear_rank_4", [2, 3, 5], [linear(**{"in": 5}, out=4)], [Train(2)])
    yield Case("linear_batch_1", [8], [linear(out=5)], [Train(1), Eval(1)])
    yield Case("linear_batch_0", [8], [linear(out=5)], [Train(0), Eval(0)])
    yield Case("linear_batches_of_changing_size", [8], [linear(out=5)], [Train(3), Train(13), Train(1), Eval(7), Train(2)])


def conv_cases():
    def one(name, shape, steps=None, **attributes):
        return Case(f"conv2d_{name}", shape, [conv(**attributes)], steps or [Train(2)])

    yield one("1x1", [5, 4, 3], out=6, kernel=1)
    yield one("1x1_stride2", [3, 5, 4], out=4, kernel=1, stride=2)
    yield one("1x1_17_to_17_channels", [17, 3, 3], out=17, kernel=1)
    yield one("3x3", [2, 6, 5], [Train(2), Eval(3)], out=3, kernel=3)
    yield one("3x3_padded", [3, 5, 6], [Train(2), Eval(1)], out=4, kernel=3, padding=1)
    yield one("3x3_8_to_8_channels", [8, 4, 4], [Train(1)], out=8, kernel=3, padding=1)
    yield one("3x3_without_bias", [3, 5, 5], out=4, kernel=3, padding=1, bias=False)
    yield one("3x3_on_8x8", [1, 8, 8], out=5, kernel=3, padding=1)
    yield one("5x3", [2, 8, 7], out=3, kernel=(5, 3))
    yield one("5x3_padded_2x1", [2, 6, 5], out=3, kernel=(5, 3), padding=(2, 1))
    yield one("1x4_padded_0x3", [2, 3, 5], out=3, kernel=(1, 4), padding=(0, 3))
    yield one("7x7_covers_input", [2, 7, 7], out=3, kernel=7)
    yield one("stride_2x1", [2, 7, 6], out=3, kernel=3, stride=(2, 1))
    yield one("stride_1x3_padded", [2, 4, 8], out=3, kernel=(2, 3), stride=(1, 3), padding=1)
    yield one("stride2_padded_even", [2, 6, 6], out=4, kernel=3, stride=2, padding=1)
    yield one("stride2_padded_odd", [2, 7, 5], out=4, kernel=3, stride=2, padding=1)
    yield one("stride3_kernel2_unused_border", [2, 7, 10], out=3, kernel=2, stride=3)
    yield one("stride2_unused_border", [2, 6, 6], out=3, kernel=3, stride=2)
    yield one("dilation2", [2, 7, 6], out=3, kernel=3, dilation=2)
    yield one("dilation_2x3_padded", [2, 6, 8], out=3, kernel=3, dilation=(2, 3), padding=(2, 3))
    yield one("dilation2_stride2_padded", [2, 8, 7], out=3, kernel=3, dilation=2, stride=2, padding=2)
    yield one("same_3", [2, 5, 4], out=3, kernel=3, padding=SAME)
    yield one("same_4", [2, 6, 5], out=3, kernel=4, padding=SAME)
    yield one("same_2x5", [2, 5, 6], out=3, kernel=(2, 5), padding=SAME)
    yield one("same_2_dilation3", [2, 6, 6], out=3, kernel=2, dilation=3, padding=SAME)
    yield one("same_4_dilation_2x1_groups2", [4, 6, 5], out=4, kernel=4, dilation=(2, 1), groups=2, padding=SAME)
    yield one("groups2", [4, 5, 5], out=6, kernel=3, groups=2)
    yield one("stride2_groups2", [4, 6, 5], out=4, kernel=3, stride=2, groups=2)
    yield one("groups3_without_bias", [6, 4, 5], out=3, kernel=3, padding=1, groups=3, bias=False)
    yield one("depthwise", [5, 5, 4], out=5, kernel=3, padding=1, groups=5)
    yield one("depthwise_two_each", [3, 5, 5], out=6, kernel=3, stride=2, padding=1, groups=3)
    yield one("depthwise_17_channels", [17, 4, 4], [Train(1)], out=17, kernel=3, padding=1, groups=17)
    yield one("one_channel", [1, 5, 5], out=1, kernel=3)
    yield one("17_to_3_channels", [17, 4, 4], [Train(1)], out=3, kernel=3, padding=1)
    yield one("3_to_17_channels", [3, 4, 4], [Train(1)], out=17, kernel=3, padding=1)
    yield one("padding_larger_than_needed", [2, 3, 4], out=3, kernel=3, padding=4)
    yield one("padding_larger_than_needed_stride2", [2, 3, 3], out=3, kernel=2, padding=(3, 4), stride=(2, 3))
    yield one("1x1_padded", [2, 3, 3], out=3, kernel=1, padding=1)
    yield one("single_pixel_padded", [3, 1, 1], out=4, kernel=3, padding=1)
    yield one("wide_strip", [2, 1, 19], out=3, kernel=(1, 3), padding=(0, 1))
    yield one("tall_strip", [2, 19, 1], out=3, kernel=(3, 1), padding=(1, 0))
    yield one("batch_1", [2, 5, 5], [Train(1), Eval(1)], out=3, kernel=3)
    yield one("batch_3", [2, 5, 5], [Train(3), Eval(3)], out=3, kernel=3)
    yield one("batch_0", [2, 5, 5], [Train(0), Eval(0)], out=3, kernel=3)
    yield one("batches_of_changing_size", [2, 4, 4], [Train(2), Train(5), Eval(1), Train(1)], out=2, kernel=3, padding=1)


def conv_tiles(name, shape, steps=None, *others, **attributes):
    layers = [conv(kernel=3, **attributes), *others]
    return Case(f"conv2d_tiles_{name}", shape, layers, steps or [Train(2)])


def conv_tiles_cases():
    """Enough channels for vector kernels to work in tiles of four outputs, which fill the rows."""
    yield conv_tiles("4x4", [16, 4, 4], [Train(2), Eval(3)], out=16, padding=1)
    yield conv_tiles("6x10_unpadded", [16, 6, 10], out=16, bias=False)
    yield conv_tiles("20_to_17_channels", [20, 3, 8], [Train(1)], out=17, padding=1)
    yield conv_tiles("with_batch_norm", [16, 4, 8], [Train(2), Eval(2)], batch_norm_2d(), relu(), out=16, padding=1)


def conv_tile_rests_cases():
    """The same with something left over at the end of a row, which takes more channels."""
    yield conv_tiles("32_to_33_channels_2x7", [32, 2, 7], [Train(1)], out=33, padding=1)
    yield conv_tiles("3x11_padded_2", [16, 3, 11], [Train(1)], out=16, padding=2)


def conv_1d_cases():
    def one(name, shape, steps=None, **attributes):
        return Case(f"conv1d_{name}", shape, [conv(rank=1, **attributes)], steps or [Train(2)])

    yield one("1", [5, 7], out=6, kernel=1)
    yield one("1_stride2", [3, 8], out=4, kernel=1, stride=2)
    yield one("3", [2, 9], [Train(2), Eval(3)], out=3, kernel=3)
    yield one("3_padded", [3, 8], [Train(2), Eval(1)], out=4, kernel=3, padding=1)
    yield one("5_without_bias", [3, 11], out=4, kernel=5, padding=2, bias=False)
    yield one("4", [2, 9], out=3, kernel=4)
    yield one("covers_input", [2, 7], out=3, kernel=7)
    yield one("stride2_padded_even", [2, 8], out=4, kernel=3, stride=2, padding=1)
    yield one("stride2_padded_odd", [2, 9], [Train(2), Eval(1)], out=4, kernel=3, stride=2, padding=1)
    yield one("stride3_kernel2_unused_border", [2, 10], out=3, kernel=2, stride=3)
    yield one("dilation2", [2, 9], out=3, kernel=3, dilation=2)
    yield one("dilation3_stride2_padded", [2, 12], out=3, kernel=3, dilation=3, stride=2, padding=3)
    yield one("same_3", [2, 6], out=3, kernel=3, padding=SAME)
    yield one("same_4", [2, 7], out=3, kernel=4, padding=SAME)
    yield one("same_2_dilation3", [2, 7], out=3, kernel=2, dilation=3, padding=SAME)
    yield one("groups2", [4, 8], out=6, kernel=3, groups=2)
    yield one("stride2_groups2", [4, 9], out=4, kernel=3, stride=2, groups=2)
    yield one("depthwise", [5, 7], out=5, kernel=3, padding=1, groups=5)
    yield one("depthwise_two_each", [3, 8], out=6, kernel=3, stride=2, padding=1, groups=3)
    yield one("17_to_3_channels", [17, 6], [Train(1)], out=3, kernel=3, padding=1)
    yield one("3_to_17_channels", [3, 6], [Train(1)], out=17, kernel=3, padding=1)
    yield one("padding_larger_than_needed", [2, 4], out=3, kernel=3, padding=4)
    yield one("single_value_padded", [3, 1], out=4, kernel=3, padding=1)
    yield one("long", [1, 131], [Train(2)], out=2, kernel=9, padding=4)
    yield one("kernel_31", [2, 40], out=2, kernel=31)
    yield one("batch_0", [2, 5], [Train(0), Eval(0)], out=3, kernel=3)
    yield one("batches_of_changing_size", [2, 6], [Train(2), Train(5), Eval(1), Train(1)], out=2, kernel=3, padding=1)


def conv_3d_cases():
    def one(name, shape, steps=None, **attributes):
        return Case(f"conv3d_{name}", shape, [conv(rank=3, **attributes)], steps or [Train(2)])

    yield one("1", [3, 2, 3, 4], out=4, kernel=1)
    yield one("1_stride2", [3, 3, 4, 5], out=2, kernel=1, stride=2)
    yield one("3", [2, 4, 3, 5], [Train(2), Eval(1)], out=2, kernel=3)
    yield one("3_padded", [2, 2, 3, 4], [Train(1), Eval(2)], out=2, kernel=3, padding=1)
    yield one("2x1x3_without_bias", [2, 3, 2, 4], out=3, kernel=(2, 1, 3), bias=False)
    yield one("covers_input", [2, 3, 2, 4], out=3, kernel=(3, 2, 4))
    yield one("stride_2x1x3", [2, 4, 3, 6], out=2, kernel=2, stride=(2, 1, 3))
    yield one("stride_2_padded", [2, 4, 3, 5], [Train(2), Eval(1)], out=2, kernel=3, stride=2, padding=1)
    yield one("stride_3_kernel_2_unused_border", [1, 6, 5, 7], out=2, kernel=2, stride=3)
    yield one("dilation_2", [2, 3, 4, 5], out=2, kernel=2, dilation=2)
    yield one("dilation_1x2x3_padded", [1, 3, 4, 5], out=2, kernel=2, dilation=(1, 2, 3), padding=(0, 1, 2))
    yield one("dilation_2_stride_2_padded", [2, 4, 5, 4], out=2, kernel=2, dilation=2, stride=2, padding=1)
    yield one("same_3", [2, 2, 3, 4], out=2, kernel=3, padding=SAME)
    yield one("same_2x3x4", [1, 3, 3, 4], out=2, kernel=(2, 3, 4), padding=SAME)
    yield one("groups2", [4, 2, 3, 3], out=4, kernel=2, groups=2)
    yield one("stride2_groups2", [4, 3, 4, 3], out=2, kernel=2, stride=2, groups=2)
    yield one("depthwise", [3, 2, 3, 3], out=3, kernel=(1, 3, 3), padding=(0, 1, 1), groups=3)
    yield one("17_to_2_channels", [17, 2, 2, 2], [Train(1)], out=2, kernel=2)
    yield one("padding_larger_than_needed", [1, 2, 1, 2], out=2, kernel=2, padding=(3, 2, 3))
    yield one("single_voxel_padded", [2, 1, 1, 1], out=3, kernel=3, padding=1)
    yield one("flat", [2, 1, 4, 5], out=3, kernel=(1, 3, 3), padding=(0, 1, 1))
    yield one("column", [2, 6, 1, 1], out=3, kernel=(3, 1, 1))
    yield one("batch_0", [2, 2, 3, 3], [Train(0), Eval(0)], out=2, kernel=2)
    yield one("batches_of_changing_size", [2, 2, 3, 3], [Train(2), Train(3), Eval(1), Train(1)], out=2, kernel=2)


STEPS = {
    "train": lambda: [Train(5)],
    "eval": lambda: [Eval(4, backward=True)],
    "train_train_eval": lambda: [Train(4), Train(3), Eval(2, backward=True)],
}


def batch_norm_product(rank, kind, shapes):
    """Every combination of the options; the shapes take turns."""
    affine = {"affine": {}, "affine_no_bias": {"bias": False}, "not_affine": {"affine": False}}
    tracking = {"tracked": {}, "untracked": {"trackRunningStats": False}}
    momentum = {"momentum_default": {}, "momentum_0_05": {"momentum": 0.05}, "cumulative": {"cumulative": True}}
    shapes = itertools.cycle(shapes)
    counts = itertools.cycle([0, 3, 8])
    size = "features" if rank == 1 else "channels"
    for a, t, m in itertools.product(affine, tracking, momentum):
        shape, count = next(shapes), next(counts)
        for s in STEPS:
            options = {size: shape[0], **affine[a], **tracking[t], **momentum[m]}
            state = {"bn.num_batches_tracked": 0 if s == "train" else count}
            yield Case(f"{kind}_{a}_{t}_{m}_{s}", shape, [batch_norm(rank=rank, **options)], STEPS[s](), state)


def batch_norm_1d_cases():
    yield from worked_examples()
    yield from batch_norm_product(1, "batch_norm_1d", [[3], [1], [5], [17]])
    for eps in ("1e-3", "0.5", "1e-8"):
        name = eps.replace("-", "_").replace(".", "_")
        yield Case(f"batch_norm_1d_eps_{name}", [3], [batch_norm(eps=float(eps))], [Train(5), Eval(2)])
    yield Case("batch_norm_1d_momentum_0", [3], [batch_norm(momentum=0.0)], [Train(5), Eval(2)])
    yield Case("batch_norm_1d_momentum_1", [3], [batch_norm(momentum=1.0)], [Train(5), Eval(2)])
    yield Case(
        "batch_norm_1d_all_defaults_fresh", [4], [batch_norm()], [Train(4), Train(6), Train(3), Eval(2)], fresh(4))
    yield Case(
        "batch_norm_1d_cumulative_fresh", [4], [batch_norm(cumulative=True)], [Train(4), Train(6), Train(3), Eval(2)],
        fresh(4))
    yield Case("batch_norm_1d_length_1", [3, 1], [batch_norm()], [Train(4), Eval(1)])
    yield Case("batch_norm_1d_batch_2", [3], [batch_norm()], [Train(2), Eval(1)])
    yield Case("batch_norm_1d_rank_3_batch_1", [3, 5], [batch_norm()], [Train(1), Eval(1)])
    yield Case("batch_norm_1d_batch_0", [3], [batch_norm()], [Train(0), Eval(0), Train(4)])
    yield Case("batch_norm_1d_untracked_batch_0", [3], [batch_norm(trackRunningStats=False)], [Train(0), Eval(0)])
    yield Case("batch_norm_1d_batches_of_changing_size", [3], [batch_norm()], [Train(2), Train(13), Eval(1), Train(3)])
    # Ten standard deviations from zero: as far as the tolerance is promised.
    far = [[10.5, -9.0], [11.25, -10.5], [9.0, -11.25], [10.0, -9.75], [9.25, -10.0]]
    yield Case("batch_norm_1d_offset", [2], [batch_norm()], [Train(x=far), Eval(x=far)])
    # A constant channel: the output is the bias, the running variance moves toward zero. The constant is small because
    # PyTorch evaluates x * alpha + beta, which at float32 loses constant / sqrt(eps) in units of the last place.
    constant = [[0.125, 0.5], [0.125, -1.0], [0.125, 2.0], [0.125, 0.25]]
    yield Case(
        "batch_norm_1d_constant_channel", [2], [batch_norm()], [Train(x=constant), Eval(x=constant)],
        {"bn.weight": [0.5, 1.5]}, special=True)
    # Not a number and infinities stay in their channels in training, and in their elements in evaluation.
    odd = [[1.0, 2.0, 3.0, NAN], [2.0, INF, -1.0, 0.5], [4.0, 1.0, -INF, 1.0], [-1.0, 0.0, 2.0, 2.0]]
    yield Case("batch_norm_1d_non_finite_train", [4], [batch_norm()], [Train(x=odd)], special=True)
    yield Case("batch_norm_1d_non_finite_eval", [4], [batch_norm()], [Eval(x=odd)], special=True)
    yield Case(
        "batch_norm_1d_frozen", [3], [batch_norm()],
        [Train(5), Train(5, frozen=["bn"]), Train(1, frozen=["bn"]), Train(4), Eval(2)])


def batch_norm_1d_rank_3_cases():
    yield from batch_norm_product(1, "batch_norm_1d_rank_3", [[3, 4], [1, 6], [5, 3], [2, 7], [17, 2]])


def batch_norm_2d_cases():
    yield from batch_norm_product(2, "batch_norm_2d", [[3, 2, 2], [1, 3, 3], [5, 1, 3], [2, 3, 2], [17, 1, 2]])
    for eps in ("1e-3", "0.5"):
        name = eps.replace("-", "_").replace(".", "_")
        yield Case(f"batch_norm_2d_eps_{name}", [2, 3, 2], [batch_norm_2d(eps=float(eps))], [Train(3), Eval(2)])
    yield Case("batch_norm_2d_batch_1", [3, 3, 3], [batch_norm_2d()], [Train(1), Eval(1)])
    yield Case("batch_norm_2d_single_pixel", [3, 1, 1], [batch_norm_2d()], [Train(4), Eval(1)])
    yield Case("batch_norm_2d_batch_0", [3, 2, 2], [batch_norm_2d()], [Train(0), Eval(0), Train(2)])
    yield Case("batch_norm_2d_16_channels", [16, 3, 3], [batch_norm_2d()], [Train(2), Eval(1)])
    yield Case("batch_norm_2d_one_channel_13x11", [1, 13, 11], [batch_norm_2d()], [Train(2), Eval(1)])
    odd = np.round(np.random.RandomState(7).standard_normal((2, 3, 2, 2)), 2)
    odd[0, 0, 1, 0] = NAN
    odd[1, 1, 0, 1] = INF
    yield Case("batch_norm_2d_non_finite_train", [3, 2, 2], [batch_norm_2d()], [Train(x=odd)], special=True)
    yield Case("batch_norm_2d_non_finite_eval", [3, 2, 2], [batch_norm_2d()], [Eval(x=odd)], special=True)
    yield Case(
        "batch_norm_2d_frozen", [3, 2, 3], [batch_norm_2d()], [Train(3), Train(2, frozen=["bn"]), Train(2), Eval(2)])


def batch_norm_3d_cases():
    yield from batch_norm_product(3, "batch_norm_3d", [[3, 2, 1, 2], [1, 2, 2, 3], [5, 1, 2, 2], [2, 3, 1, 2], [17, 1, 2, 1]])
    yield Case("batch_norm_3d_batch_1", [3, 2, 3, 2], [batch_norm(rank=3)], [Train(1), Eval(1)])
    yield Case("batch_norm_3d_single_voxel", [3, 1, 1, 1], [batch_norm(rank=3)], [Train(4), Eval(1)])
    yield Case("batch_norm_3d_batch_0", [3, 1, 2, 2], [batch_norm(rank=3)], [Train(0), Eval(0), Train(2)])
    yield Case("batch_norm_3d_one_channel_5x7x3", [1, 5, 7, 3], [batch_norm(rank=3)], [Train(2), Eval(1)])
    yield Case(
        "batch_norm_3d_frozen", [2, 2, 1, 3], [batch_norm(rank=3)],
        [Train(3), Train(2, frozen=["bn"]), Train(2), Eval(2)])


AFFINE = {"affine": {"affine": True}, "affine_no_bias": {"affine": True, "bias": False}, "not_affine": {"affine": False}}


def instance_norm_product(rank, shapes):
    """Every combination of the options; the shapes take turns. Few values have a small variance too often to be fair."""
    tracking = {
        "tracked": {"trackRunningStats": True},
        "tracked_momentum_0_05": {"trackRunningStats": True, "momentum": 0.05},
        "untracked": {"trackRunningStats": False},
    }
    shapes = itertools.cycle(shapes)
    for (a, affine), (t, track) in itertools.product(AFFINE.items(), tracking.items()):
        shape = next(shapes)
        for s in STEPS:
            options = {"channels": shape[0], **affine, **track}
            yield one_instance_norm(f"{rank}d_{a}_{t}_{s}", shape, STEPS[s](), **options)


def one_instance_norm(name, shape, steps, **attributes):
    # PyTorch does not count the batches, and we do not either.
    layer = instance_norm(rank=len(shape) - 1, **attributes)
    return Case(f"instance_norm_{name}", shape, [layer], steps, {"norm.num_batches_tracked": 0})


def instance_norm_1d_cases():
    one = one_instance_norm
    yield from instance_norm_product(1, [[3, 5], [1, 6], [5, 4], [2, 7], [17, 5]])
    yield one("1d_all_defaults", [3, 5], [Train(2), Eval(1)])
    yield one("1d_momentum_0", [3, 5], [Train(2), Eval(2)], momentum=0.0, trackRunningStats=True)
    yield one("1d_momentum_1", [3, 5], [Train(2), Eval(2)], momentum=1.0, trackRunningStats=True)


def instance_norm_2d_cases():
    one = one_instance_norm
    yield from instance_norm_product(2, [[3, 2, 3], [1, 3, 3], [5, 1, 5], [2, 3, 2], [17, 3, 2]])
    yield one("2d_all_defaults", [3, 2, 4], [Train(2), Eval(1)])
    for eps in ("1e-3", "0.5", "1e-8"):
        name = eps.replace("-", "_").replace(".", "_")
        yield one(f"2d_eps_{name}", [2, 3, 3], [Train(2), Eval(2)], eps=float(eps), affine=True)
    # No empty batch: PyTorch 2.13 fails on it.
    yield one("2d_batch_1", [3, 3, 3], [Train(1), Eval(1)], affine=True, trackRunningStats=True)
    yield one(
        "2d_batches_of_changing_size", [3, 2, 3], [Train(2), Train(7), Eval(1), Train(3)], affine=True,
        trackRunningStats=True)
    yield one("2d_one_channel_13x11", [1, 13, 11], [Train(2), Eval(1)], affine=True, trackRunningStats=True)
    yield one(
        "2d_frozen", [3, 2, 3],
        [Train(3), Train(2, frozen=["norm"]), Train(1, frozen=["norm"]), Train(2), Eval(2)], affine=True,
        trackRunningStats=True)
    # A channel of one sample that is not finite stays by itself.
    odd = np.round(np.random.RandomState(7).standard_normal((2, 3, 2, 2)), 2)
    odd[0, 0, 1, 0] = NAN
    odd[1, 1, 0, 1] = INF
    yield Case("instance_norm_2d_non_finite", [3, 2, 2], [instance_norm()], [Train(x=odd), Eval(x=odd)], special=True)
    yield Case(
        "instance_norm_after_conv", [2, 5, 5],
        [conv(out=3, kernel=3, bias=False), instance_norm(affine=True), relu(), flatten(), linear(out=2)],
        [Train(3), Eval(2)])
    yield Case(
        "instance_norm_tracked_after_conv", [2, 5, 5],
        [conv(out=3, kernel=3, bias=False), instance_norm(trackRunningStats=True), relu(), flatten(), linear(out=2)],
        [Train(3), Train(2), Eval(2)], {"norm.num_batches_tracked": 0})


def instance_norm_3d_cases():
    yield from instance_norm_product(3, [[3, 2, 1, 3], [1, 2, 2, 3], [5, 1, 2, 2], [2, 3, 1, 2], [17, 1, 2, 3]])
    yield one_instance_norm("3d_all_defaults", [2, 2, 3, 2], [Train(2), Eval(1)])


def group_norm_cases():
    def one(name, shape, steps=None, **attributes):
        return Case(f"group_norm_{name}", shape, [group_norm(**attributes)], steps or [Train(3), Eval(2)])

    shapes = [[4, 5], [6, 2, 2], [4, 2, 1, 3], [8]]
    for a, affine in AFFINE.items():
        for shape in shapes:
            for groups in (1, 2, 4 if shape[0] % 4 == 0 and len(shape) > 1 else shape[0] // 2):
                kind = "x".join(map(str, shape))
                yield one(f"{a}_{kind}_groups_{groups}", shape, groups=groups, channels=shape[0], **affine)
    yield one("all_defaults", [6, 5], groups=3)
    yield one("one_channel", [1, 7], groups=1)
    yield one("17_channels", [17, 6], groups=17)
    yield one("34_channels", [34, 3], groups=17)
    yield one("13x11", [2, 13, 11], [Train(2), Eval(1)], groups=2)
    for eps in ("1e-3", "0.5", "1e-8"):
        name = eps.replace("-", "_").replace(".", "_")
        yield one(f"eps_{name}", [4, 3, 3], groups=2, eps=float(eps))
    yield one("batch_1", [4, 3, 3], [Train(1), Eval(1)], groups=2)
    yield one("batch_0", [4, 3, 3], [Train(0), Eval(0), Train(2)], groups=2)
    yield one("batches_of_changing_size", [4, 3], [Train(2), Train(9), Eval(1), Train(3)], groups=2)
    example = [[[0, 1], [2, 3], [4, 5], [6, 7]]]
    yield Case(
        "group_norm_worked_example", [4, 2], [group_norm(groups=2)], [Train(x=example), Eval(x=example)],
        {"norm.weight": [1.0] * 4, "norm.bias": [0.0] * 4}, special=True)
    odd = np.round(np.random.RandomState(7).standard_normal((2, 4, 2)), 2)
    odd[0, 0, 1] = NAN
    odd[1, 3, 0] = INF
    yield Case("group_norm_non_finite", [4, 2], [group_norm(groups=2)], [Train(x=odd), Eval(x=odd)], special=True)
    yield Case(
        "group_norm_after_conv", [2, 5, 5],
        [conv(out=4, kernel=3), group_norm(groups=2), relu(), max_pool(kernel=2), flatten(), linear(out=2)],
        [Train(3), Eval(2)])


def layer_norm_cases():
    def one(name, sample, steps=None, **attributes):
        return Case(f"layer_norm_{name}", sample, [layer_norm(**attributes)], steps or [Train(3), Eval(2)])

    for a, affine in AFFINE.items():
        for shape in ([5], [3, 4], [2, 3, 4], [2, 1, 2, 4]):
            for axes in range(1, len(shape) + 1):
                kind = "x".join(map(str, shape))
                trailing = shape[-axes:]
                yield one(f"{a}_{kind}_axes_{axes}", shape, shape=trailing[0] if axes == 1 else trailing, **affine)
    yield one("all_defaults", [6])
    yield one("257_features", [257], [Train(2), Eval(1)])
    yield one("17_features", [3, 17], shape=17)
    yield one("one_value", [3, 1], shape=1)
    for eps in ("1e-3", "0.5", "1e-8"):
        name = eps.replace("-", "_").replace(".", "_")
        yield one(f"eps_{name}", [7], eps=float(eps))
    yield one("batch_1", [7], [Train(1), Eval(1)])
    yield one("batch_0", [7], [Train(0), Eval(0), Train(2)])
    yield one("batches_of_changing_size", [2, 5], [Train(2), Train(9), Eval(1), Train(3)], shape=5)
    example = [[1, 2, 4]]
    yield Case(
        "layer_norm_worked_example", [3], [layer_norm()], [Train(x=example), Eval(x=example)],
        {"norm.weight": [1.0] * 3, "norm.bias": [0.0] * 3}, special=True)
    odd = [[[1.0, NAN, 2.0], [0.5, 1.0, 3.0]], [[1.0, 2.0, INF], [2.0, -1.0, 4.0]]]
    yield Case("layer_norm_non_finite", [2, 3], [layer_norm(shape=3)], [Train(x=odd), Eval(x=odd)], special=True)
    yield Case(
        "layer_norm_mlp", [5],
        [linear("fc1", out=8), layer_norm("norm1"), relu("relu1"), linear("fc2", out=6), layer_norm("norm2"),
         linear("fc3", out=3)],
        [Train(4), Eval(3)])
    yield Case(
        "layer_norm_after_conv", [2, 5, 5],
        [conv(out=3, kernel=3), layer_norm(shape=[3, 3, 3]), relu(), flatten(), linear(out=2)], [Train(3), Eval(2)])


def fresh(channels, name="bn"):
    return {
        f"{name}.weight": [1.0] * channels,
        f"{name}.bias": [0.0] * channels,
        f"{name}.running_mean": [0.0] * channels,
        f"{name}.running_var": [1.0] * channels,
        f"{name}.num_batches_tracked": 0,
    }


def worked_examples():
    """The example of the batch-norm semantics, in float64, and that of the lesson sample."""
    x = [[1, 10], [2, 20], [4, 20], [5, 50]]
    g = [[1, 0], [0, 1], [0.5, -1], [-1, 2]]
    state = {**fresh(2), "bn.weight": [2.0, 0.5], "bn.bias": [0.1, -0.2]}
    yield Case(
        "batch_norm_1d_worked_example", [2], [batch_norm(features=2)],
        [Train(x=x, dy=g), Train(x=x, dy=g, frozen=["bn"]), Eval(x=x)], state, special=True)
    rows = [[1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6]]
    yield Case(
        "batch_norm_1d_lesson", [4], [batch_norm(features=4)], [Train(x=rows), Eval(x=rows)], fresh(4), special=True)
    yield Case(
        "batch_norm_1d_lesson_momentum_0_05", [4], [batch_norm(features=4, momentum=0.05)], [Train(x=rows), Eval(x=rows)],
        fresh(4), special=True)


def check_worked_example(case):
    """PyTorch agrees with the formulas of the semantics page, and with the gradients that stand there."""
    state, steps = draw(case, 0)
    batch = [1 / math.sqrt(2.5 + 1e-5), 1 / math.sqrt(225 + 1e-5)]
    running = [1 / math.sqrt(3.7 / 3 + 1e-5), 1 / math.sqrt(30.9 + 1e-5)]
    training_y = [2 * (1 - 3) * batch[0] + 0.1, 0.5 * (10 - 25) * batch[1] - 0.2]
    evaluation_y = [2 * (5 - 0.3) * running[0] + 0.1, 0.5 * (50 - 2.5) * running[1] - 0.2]
    train, frozen, evaluation = run(case, state, steps, "float64", "float64")
    for actual, expected in [
        (train["y"][0], training_y),
        (train["dx"][3], [-0.537589668787175, 0.0037037056790122]),
        (train["gradients"]["bn.weight"], [-2.21358993494242, 3.33333325925926]),
        (train["gradients"]["bn.bias"], [0.5, 2]),
        (train["stateAfter"]["bn.running_mean"], [0.3, 2.5]),
        (train["stateAfter"]["bn.running_var"], [1.23333333333333, 30.9]),
        (frozen["y"][3], evaluation_y),
        (evaluation["y"][3], evaluation_y),
        (frozen["dx"][3], [-1.80089337465871, 0.179895661630961]),
        (frozen["gradients"]["bn.weight"], [-1.93596037775811, 17.0900878549413]),
        (frozen["gradients"]["bn.bias"], [0.5, 2]),
    ]:
        error = fixtures.worst(actual, torch.tensor(expected, dtype=torch.float64), 1e-13, 1e-13)
        assert error < 1, (actual, expected)


def relu_cases():
    yield Case("relu", [7], [relu()], [Train(4), Eval(3)])
    yield Case("relu_rank_4", [3, 4, 5], [relu()], [Train(2)])
    yield Case("relu_batch_0", [7], [relu()], [Train(0), Eval(0)])
    odd = [[0.0, -0.0, NAN, 1.0, -1.0, INF, -INF], [-0.0, NAN, -2.5, 0.0, 1e-30, -1e-30, 3.0]]
    yield Case("relu_zeros_and_non_finite", [7], [relu()], [Train(x=odd), Eval(x=odd)], special=True)
    yield Case("relu_twice", [5], [relu("first"), relu("second")], [Train(3)], special=True)


ACTIVATIONS = {
    "gelu": ("GELU", nn.GELU, {}),
    "gelu_approximate": ("GELU", nn.GELU, {"approximate": True}),
    "hardsigmoid": ("Hardsigmoid", Hardsigmoid, {}),
    "hardswish": ("Hardswish", nn.Hardswish, {}),
    "hardtanh": ("Hardtanh", nn.Hardtanh, {}),
    "hardtanh_0_2": ("Hardtanh", nn.Hardtanh, {"min": 0.0, "max": 2.0}),
    "leaky_relu": ("LeakyReLU", nn.LeakyReLU, {}),
    "leaky_relu_0_25": ("LeakyReLU", nn.LeakyReLU, {"slope": 0.25}),
    "leaky_relu_negative": ("LeakyReLU", nn.LeakyReLU, {"slope": -0.5}),
    "relu6": ("ReLU6", nn.ReLU6, {}),
    "sigmoid": ("Sigmoid", nn.Sigmoid, {}),
    "silu": ("SiLU", nn.SiLU, {}),
    "tanh": ("Tanh", nn.Tanh, {}),
}


def activation_cases():
    for name, (annotation, module, attributes) in ACTIVATIONS.items():
        def act(layer="act"):
            return activation(annotation, module, layer, **attributes)

        wide = [[0.0, 0.5, -0.25, 2.0, -2.0, 3.5, -3.5, 7.0, -7.0, 12.0, -12.0, 40.0, -40.0]]
        yield Case(name, [7], [act()], [Train(4), Eval(3)])
        yield Case(f"{name}_rank_4", [3, 2, 5], [act()], [Train(1)])
        yield Case(f"{name}_batch_0", [7], [act()], [Train(0), Eval(0)])
        yield Case(f"{name}_wide", [13], [act()], [Train(x=wide), Eval(x=wide)], special=True)
        # PyTorch's gradient of the others at NaN is another one in float64 than in float32.
        odd = NAN if annotation in ("GELU", "LeakyReLU", "Sigmoid", "SiLU", "Tanh") else 0.3
        kinked = [[odd, 0.0, -0.0, 3.0, -3.0, 6.0, 1.0, -1.0, 2.0, 0.1]]
        yield Case(f"{name}_at_kinks_and_nan", [10], [act()], [Train(x=kinked), Eval(x=kinked)], special=True)
        yield Case(
            f"cnn_{name}", [1, 4, 4],
            [conv(out=3, kernel=3, padding=1, bias=False), batch_norm_2d(), act("act1"), avg_pool(kernel=2), flatten(),
             linear("fc1", out=5), act("act2"), linear("fc2", out=3)],
            [Train(3), Eval(1)])
    infinite = [[INF, -INF]]
    for name in ("hardsigmoid", "hardtanh", "leaky_relu", "relu6", "sigmoid", "tanh"):
        annotation, module, attributes = ACTIVATIONS[name]
        yield Case(
            f"{name}_infinite", [2], [activation(annotation, module, **attributes)],
            [Train(x=infinite), Eval(x=infinite)], special=True)
    chain = ["silu", "hardswish", "leaky_relu", "gelu", "tanh", "hardsigmoid", "sigmoid", "hardtanh_0_2", "relu6", "gelu_approximate"]
    yield Case(
        "activations_one_behind_the_other", [5],
        [batch_norm(), *(activation(a, m, f"act{i}", **o) for i, (a, m, o) in enumerate(ACTIVATIONS[n] for n in chain))],
        [Train(4), Eval(2)])


def softmax_cases():
    for log in (False, True):
        name = "log_softmax" if log else "softmax"
        yield Case(name, [5], [softmax(log=log, axis=1)], [Train(3), Eval(2)])
        yield Case(f"{name}_of_one", [1], [softmax(log=log, axis=-1)], [Train(3)])
        yield Case(f"{name}_wide", [19], [softmax(log=log, axis=1)], [Train(2), Eval(1)])
        yield Case(f"{name}_rank_3_axis_1", [3, 4], [softmax(log=log, axis=1)], [Train(2)])
        yield Case(f"{name}_rank_3_axis_2", [3, 4], [softmax(log=log, axis=2)], [Train(2)])
        yield Case(f"{name}_rank_4_axis_1", [5, 2, 3], [softmax(log=log, axis=1)], [Train(2), Eval(1)])
        yield Case(f"{name}_rank_4_axis_minus_2", [2, 4, 3], [softmax(log=log, axis=-2)], [Train(2)])
        yield Case(f"{name}_rank_4_axis_3", [2, 3, 4], [softmax(log=log, axis=3)], [Train(2)])
        yield Case(f"{name}_batch_0", [3], [softmax(log=log, axis=1)], [Train(0), Eval(0)])
        large = [[100.0, 101.0, 99.0], [-1000.0, 0.0, 1000.0], [-200.0, -200.5, -201.0], [88.0, 89.0, 90.0]]
        yield Case(f"{name}_large", [3], [softmax(log=log, axis=1)], [Train(x=large), Eval(x=large)], special=True)
        odd = [[NAN, 1.0, 2.0], [-INF, -INF, -INF], [-INF, 1.0, 2.0], [1.0, 2.0, 3.0]]
        yield Case(f"{name}_non_finite", [3], [softmax(log=log, axis=1)], [Train(x=odd), Eval(x=odd)], special=True)
        yield Case(
            f"cnn_{name}", [1, 5, 5],
            [conv(out=3, kernel=3), batch_norm_2d(), softmax("soft1", log=log, axis=1), flatten(), linear(out=4),
             softmax("soft2", log=log, axis=1)],
            [Train(3), Eval(2)])


def pool_cases():
    def maximum(name, shape, steps=None, special=False, **attributes):
        return Case(f"max_pool_2d_{name}", shape, [max_pool(**attributes)], steps or [Train(2)], special=special)

    yield maximum("2", [3, 6, 4], [Train(2), Eval(3)], kernel=2)
    yield maximum("2_unused_border", [2, 5, 7], kernel=2)
    yield maximum("3_stride_2_padding_1", [3, 7, 6], [Train(2), Eval(1)], kernel=3, stride=2, padding=1)
    yield maximum("3_stride_1", [2, 5, 5], kernel=3, stride=1)
    yield maximum("3_stride_1_padding_1", [2, 4, 5], kernel=3, stride=1, padding=1)
    yield maximum("dilation_2", [2, 7, 6], kernel=2, dilation=2, stride=1)
    yield maximum("dilation_3x2_padding_1", [2, 8, 7], kernel=(2, 3), dilation=(3, 2), stride=2, padding=1)
    yield maximum("2x3", [2, 6, 7], kernel=(2, 3))
    yield maximum("3x1_stride_1x2_padding_1x0", [2, 5, 6], kernel=(3, 1), stride=(1, 2), padding=(1, 0))
    yield maximum("1", [2, 3, 3], kernel=1)
    yield maximum("1_stride_2", [2, 5, 4], kernel=1, stride=2)
    yield maximum("stride_larger_than_kernel", [2, 8, 7], kernel=2, stride=3)
    yield maximum("whole_input", [3, 4, 5], kernel=(4, 5))
    yield maximum("17_channels", [17, 4, 4], kernel=2)
    yield maximum("batch_0", [2, 4, 4], [Train(0), Eval(0)], kernel=2)
    # The output sizes the semantics page works out, on both axes at once.
    yield maximum("ceil_5_2_2_0", [2, 5, 5], kernel=2, stride=2, ceilMode=True)
    yield maximum("ceil_6_3_2_1", [2, 6, 6], kernel=3, stride=2, padding=1, ceilMode=True)
    yield maximum("ceil_7_3_3_1", [2, 7, 7], kernel=3, stride=3, padding=1, ceilMode=True)
    yield maximum("ceil_4_3_3_1", [2, 4, 4], kernel=3, stride=3, padding=1, ceilMode=True)
    yield maximum("ceil_rectangular", [2, 6, 8], kernel=(2, 3), stride=(3, 2), padding=(1, 1), ceilMode=True)
    yield maximum("ceil_dilation", [2, 8, 7], kernel=2, stride=3, dilation=2, padding=1, ceilMode=True)
    yield maximum("all_negative_padded", [1, 3, 3], [Train(x=[[[[-3.0, -2.0, -7.0], [-5.0, -1.5, -9.0], [-4.0, -8.0, -6.0]]]])],
                  kernel=3, stride=2, padding=1)
    ties = [[[[1, 1, 2, 2], [1, 1, 2, 2], [0, 3, 3, 0], [3, 0, 3, 3]], [[0, 0, -0.0, 0], [0, 0, 0, -0.0], [5, 5, 5, 5], [5, 5, 5, 5]]]]
    yield maximum("ties", [2, 4, 4], [Train(x=ties)], special=True, kernel=2)
    yield maximum("ties_overlapping", [2, 4, 4], [Train(x=ties)], special=True, kernel=3, stride=1, padding=1)
    odd = [[[[NAN, 1, 2, 3], [4, NAN, INF, 1], [-INF, -INF, 9, 1], [-INF, -INF, NAN, 2]]]]
    yield maximum("non_finite", [1, 4, 4], [Train(x=odd), Eval(x=odd)], special=True, kernel=2)
    yield maximum("non_finite_overlapping", [1, 4, 4], [Train(x=odd)], special=True, kernel=3, stride=1, padding=1)

    def average(name, shape, steps=None, special=False, **attributes):
        return Case(f"avg_pool_2d_{name}", shape, [avg_pool(**attributes)], steps or [Train(2)], special=special)

    yield average("2", [3, 6, 4], [Train(2), Eval(3)], kernel=2)
    yield average("2_unused_border", [2, 5, 7], kernel=2)
    yield average("2x3_stride_1x2", [2, 5, 6], kernel=(2, 3), stride=(1, 2))
    yield average("3x2_padding_1x0", [2, 5, 6], kernel=(3, 2), padding=(1, 0))
    yield average("stride_larger_than_kernel", [2, 8, 7], kernel=2, stride=3)
    yield average("1", [2, 3, 3], kernel=1)
    yield average("whole_input", [3, 4, 5], kernel=(4, 5))
    yield average("17_channels", [17, 4, 4], kernel=2)
    yield average("batch_0", [2, 4, 4], [Train(0), Eval(0)], kernel=2)
    yield average("ceil_5_2_2_0", [2, 5, 5], kernel=2, stride=2, ceilMode=True)
    yield average("ceil_7_3_3_1", [2, 7, 7], kernel=3, stride=3, padding=1, ceilMode=True)
    yield average("ceil_4_3_3_1", [2, 4, 4], kernel=3, stride=3, padding=1, ceilMode=True)
    yield average("ceil_rectangular", [2, 6, 8], kernel=(2, 3), stride=(3, 2), padding=(1, 1), ceilMode=True,
                  countIncludePad=False)
    for padding, ceil, include, divisor in itertools.product([0, 1], [False, True], [True, False], [None, 1, 5]):
        attributes = {"kernel": 3, "stride": 2}
        if padding:
            attributes["padding"] = padding
        if ceil:
            attributes["ceilMode"] = True
        if not include:
            attributes["countIncludePad"] = False
        if divisor:
            attributes["divisorOverride"] = divisor
        name = "_".join(
            ["3_stride_2", f"padding_{padding}", "ceil" if ceil else "floor", "include" if include else "exclude"]
            + ([f"divisor_{divisor}"] if divisor else []))
        yield average(name, [2, 6, 6], **attributes)

    def global_average(name, shape, steps=None):
        return Case(f"global_avg_pool{name}", shape, [global_avg_pool()], steps or [Train(2)])

    yield global_average("", [3, 4, 5], [Train(2), Eval(3)])
    yield global_average("_single_pixel", [5, 1, 1])
    yield global_average("_17_channels", [17, 3, 3])
    yield global_average("_one_channel_13x11", [1, 13, 11])
    yield global_average("_batch_0", [3, 2, 2], [Train(0), Eval(0)])


def pool_1d_cases():
    def maximum(name, shape, steps=None, special=False, **attributes):
        return Case(
            f"max_pool_1d_{name}", shape, [max_pool(rank=1, **attributes)], steps or [Train(2)], special=special)

    yield maximum("2", [3, 6], [Train(2), Eval(3)], kernel=2)
    yield maximum("2_unused_border", [2, 7], kernel=2)
    yield maximum("3_stride_2_padding_1", [3, 8], [Train(2), Eval(1)], kernel=3, stride=2, padding=1)
    yield maximum("3_stride_1", [2, 6], kernel=3, stride=1)
    yield maximum("dilation_3_padding_1", [2, 9], kernel=2, dilation=3, stride=2, padding=1)
    yield maximum("stride_larger_than_kernel", [2, 9], kernel=2, stride=4)
    yield maximum("whole_input", [3, 5], kernel=5)
    yield maximum("17_channels", [17, 4], kernel=2)
    yield maximum("batch_0", [2, 4], [Train(0), Eval(0)], kernel=2)
    yield maximum("ceil_5_2_2_0", [2, 5], kernel=2, stride=2, ceilMode=True)
    yield maximum("ceil_6_3_2_1", [2, 6], kernel=3, stride=2, padding=1, ceilMode=True)
    yield maximum("ceil_7_3_3_1", [2, 7], kernel=3, stride=3, padding=1, ceilMode=True)
    yield maximum("ceil_4_3_3_1", [2, 4], kernel=3, stride=3, padding=1, ceilMode=True)
    yield maximum("ceil_dilation", [2, 8], kernel=2, stride=3, dilation=2, padding=1, ceilMode=True)
    ties = [[[1, 1, 2, 2, 0, 3, 3, 0]], [[0, -0.0, 5, 5, 5, 5, -1, -1]]]
    yield maximum("ties", [1, 8], [Train(x=ties)], special=True, kernel=3, stride=1, padding=1)
    odd = [[[NAN, 1, 2, NAN, NAN, INF, 3, -INF, -INF, -INF, 4, 9]]]
    yield maximum("non_finite", [1, 12], [Train(x=odd), Eval(x=odd)], special=True, kernel=3)

    def average(name, shape, steps=None, **attributes):
        return Case(f"avg_pool_1d_{name}", shape, [avg_pool(rank=1, **attributes)], steps or [Train(2)])

    yield average("2", [3, 6], [Train(2), Eval(3)], kernel=2)
    yield average("2_unused_border", [2, 7], kernel=2)
    yield average("stride_larger_than_kernel", [2, 8], kernel=2, stride=3)
    yield average("whole_input", [3, 5], kernel=5)
    yield average("17_channels", [17, 4], kernel=2)
    yield average("batch_0", [2, 4], [Train(0), Eval(0)], kernel=2)
    yield from average_options(average, [2, 6])
    yield Case("global_avg_pool_1d", [3, 5], [global_avg_pool()], [Train(2), Eval(3)])


def average_options(average, shape):
    for padding, ceil, include, divisor in itertools.product([0, 1], [False, True], [True, False], [None, 5]):
        attributes = {"kernel": 3, "stride": 2}
        if padding:
            attributes["padding"] = padding
        if ceil:
            attributes["ceilMode"] = True
        if not include:
            attributes["countIncludePad"] = False
        if divisor:
            attributes["divisorOverride"] = divisor
        name = "_".join(
            ["3_stride_2", f"padding_{padding}", "ceil" if ceil else "floor", "include" if include else "exclude"]
            + ([f"divisor_{divisor}"] if divisor else []))
        yield average(name, shape, **attributes)


def pool_3d_cases():
    def maximum(name, shape, steps=None, special=False, **attributes):
        return Case(
            f"max_pool_3d_{name}", shape, [max_pool(rank=3, **attributes)], steps or [Train(2)], special=special)

    yield maximum("2", [2, 2, 4, 6], [Train(2), Eval(1)], kernel=2)
    yield maximum("2_unused_border", [2, 3, 5, 2], kernel=2)
    yield maximum("3_stride_2_padding_1", [2, 3, 5, 4], [Train(1), Eval(1)], kernel=3, stride=2, padding=1)
    yield maximum("2_stride_1", [2, 3, 2, 4], kernel=2, stride=1)
    yield maximum("1x2x3", [2, 2, 4, 6], kernel=(1, 2, 3))
    yield maximum("2x3x1_stride_1x2x3_padding_1x0x0", [2, 3, 5, 4], kernel=(2, 3, 1), stride=(1, 2, 3), padding=(1, 0, 0))
    yield maximum("dilation_1x2x3_padding_1", [1, 3, 5, 6], kernel=2, dilation=(1, 2, 3), stride=2, padding=1)
    yield maximum("whole_input", [3, 2, 3, 4], kernel=(2, 3, 4))
    yield maximum("17_channels", [17, 2, 2, 2], [Train(1)], kernel=2)
    yield maximum("batch_0", [2, 2, 4, 4], [Train(0), Eval(0)], kernel=2)
    yield maximum("ceil", [1, 3, 5, 4], kernel=2, stride=2, ceilMode=True)
    yield maximum("ceil_padded", [1, 4, 6, 7], [Train(1)], kernel=3, stride=(3, 2, 3), padding=1, ceilMode=True)
    ties = [[[[[1, 1, 0], [1, 1, 2], [2, 0, 2]], [[1, 1, 2], [0, 3, 3], [3, 3, 0]]]]]
    yield maximum("ties", [1, 2, 3, 3], [Train(x=ties)], special=True, kernel=2, stride=1, padding=1)
    odd = [[[[[NAN, 1, 4, 4], [2, NAN, INF, 1]], [[5, NAN, 3, 2], [-INF, 1, 2, 3]]],
            [[[-INF, -INF, 9, 1], [-INF, -INF, NAN, 2]], [[-INF, -INF, 1, 1], [-INF, -INF, 2, INF]]]]]
    yield maximum("non_finite", [2, 2, 2, 4], [Train(x=odd), Eval(x=odd)], special=True, kernel=2)

    def average(name, shape, steps=None, **attributes):
        return Case(f"avg_pool_3d_{name}", shape, [avg_pool(rank=3, **attributes)], steps or [Train(1)])

    yield average("2", [2, 2, 4, 6], [Train(2), Eval(1)], kernel=2)
    yield average("2_unused_border", [2, 3, 5, 2], kernel=2)
    yield average("1x2x3_stride_1x2x1", [2, 2, 4, 4], kernel=(1, 2, 3), stride=(1, 2, 1))
    yield average("2x3x1_padding_1x1x0", [2, 3, 3, 2], kernel=(2, 3, 1), padding=(1, 1, 0))
    yield average("whole_input", [3, 2, 3, 4], kernel=(2, 3, 4))
    yield average("batch_0", [2, 2, 4, 4], [Train(0), Eval(0)], kernel=2)
    yield from average_options(average, [1, 4, 3, 4])
    yield Case("global_avg_pool_3d", [3, 2, 3, 2], [global_avg_pool()], [Train(2), Eval(1)])


def border_cases():
    def one(name, shape, steps=None, rank=2, **attributes):
        return Case(f"conv_{rank}d_{name}", shape, [conv(rank=rank, **attributes)], steps or [Train(2)])

    for mode in ("reflect", "replicate", "circular"):
        yield one(f"{mode}", [2, 4, 5], [Train(2), Eval(1)], out=3, kernel=3, padding=1, paddingMode=mode)
        yield one(f"{mode}_wide", [1, 4, 5], out=2, kernel=3, padding=3, stride=2, paddingMode=mode)
        yield one(f"{mode}_one_axis", [2, 3, 4], out=2, kernel=(1, 3), padding=(0, 2), paddingMode=mode)
        yield one(f"{mode}_same", [2, 4, 3], out=2, kernel=(2, 3), padding=SAME, paddingMode=mode, bias=False)
        yield one(f"{mode}_groups_dilation", [4, 5, 4], out=4, kernel=2, padding=2, dilation=2, groups=2, paddingMode=mode)
        yield one(f"{mode}_17_channels", [17, 3, 3], [Train(1)], out=2, kernel=3, padding=1, paddingMode=mode)
        yield one(f"{mode}_batch_0", [2, 4, 4], [Train(0), Eval(0)], out=2, kernel=3, padding=1, paddingMode=mode)
        yield one(mode, [2, 6], [Train(2), Eval(1)], 1, out=3, kernel=3, padding=2, paddingMode=mode)
        yield one(mode, [1, 3, 2, 4], [Train(1), Eval(1)], 3, out=2, kernel=2, padding=1, paddingMode=mode)
        yield Case(
            f"cnn_{mode}", [1, 5, 5],
            [conv("conv1", out=3, kernel=3, padding=1, paddingMode=mode), batch_norm_2d(), relu(),
             conv("conv2", out=2, kernel=3, padding=2, paddingMode=mode)],
            [Train(2), Eval(1)])
    yield one("replicate_beyond", [1, 2, 2], out=2, kernel=3, padding=4, stride=2, paddingMode="replicate")


def conv_transpose_cases():
    def one(name, shape, steps=None, **attributes):
        return Case(f"conv_transpose_{name}", shape, [conv_transpose(**attributes)], steps or [Train(2)])

    yield one("3", [2, 3, 4], [Train(2), Eval(1)], out=3, kernel=3)
    yield one("1", [3, 3, 2], out=2, kernel=1)
    yield one("2_stride_2", [3, 3, 4], [Train(2), Eval(1)], out=2, kernel=2, stride=2)
    yield one("3_stride_2_padding_1", [2, 3, 4], out=3, kernel=3, stride=2, padding=1)
    yield one("3_stride_2_padding_1_output_padding_1", [2, 3, 4], [Train(2), Eval(1)], out=3, kernel=3, stride=2, padding=1, outputPadding=1)
    yield one("stride_past_kernel", [2, 3, 2], out=2, kernel=2, stride=3, outputPadding=2)
    yield one("dilation_3_output_padding_2", [2, 3, 2], out=2, kernel=2, dilation=3, outputPadding=2)
    yield one("2x3_all", [4, 3, 2], out=6, kernel=(2, 3), stride=(2, 1), padding=(1, 2), outputPadding=(1, 0), dilation=(1, 2), groups=2)
    yield one("depthwise", [3, 4, 3], out=3, kernel=3, stride=2, padding=1, groups=3)
    yield one("no_bias", [2, 3, 3], [Train(2), Eval(1)], out=2, kernel=3, padding=1, bias=False)
    yield one("17_channels", [17, 2, 2], [Train(1)], out=18, kernel=2, stride=2)
    yield one("in", [2, 3, 3], **{"in": 2}, out=2, kernel=2)
    yield one("batch_0", [2, 3, 3], [Train(0), Eval(0)], out=2, kernel=3, stride=2)
    yield Case(
        "cnn_conv_transpose", [1, 6, 6],
        [conv("down", out=4, kernel=3, stride=2, padding=1), batch_norm_2d("bn1"), relu("relu1"),
         conv_transpose("up", out=3, kernel=2, stride=2, bias=False), batch_norm_2d("bn2"), relu("relu2"), conv("end", out=1, kernel=1)],
        [Train(2), Train(3), Eval(2)])


def elementwise_cases():
    yield Case("elementwise_sin", [5], [elementwise("sin", "cos")], [Train(3), Eval(2)])
    yield Case("elementwise_sinh", [2, 3, 2], [elementwise("sinh", "cosh")], [Train(2), Eval(1)])
    yield Case("elementwise_batch_0", [5], [elementwise("sin", "cos")], [Train(0), Eval(0)])
    yield Case(
        "cnn_elementwise", [1, 4, 4],
        [conv(out=3, kernel=3), batch_norm_2d(), elementwise("sin", "cos", "act1"), flatten(), linear("fc1", out=4),
         elementwise("sinh", "cosh", "act2"), linear("fc2", out=2)],
        [Train(3), Eval(2)])


def scale_cases():
    yield Case("scale", [3, 2, 4], [scale()], [Train(3), Eval(2)])
    yield Case("scale_features", [5], [scale(bias=False)], [Train(3), Eval(2)])
    yield Case("scale_initial", [4, 3], [scale(initial=0.5)], [Train(2)])
    yield Case("scale_17_channels", [17, 2, 2], [scale()], [Train(2)])
    yield Case("scale_batch_0", [3, 2], [scale()], [Train(0), Eval(0)])
    yield Case("cnn_scale", [2, 4, 4], [conv(out=3, kernel=3), scale(), relu(), flatten(), linear(out=3)], [Train(3), Eval(2)])


def resampling_cases():
    def pool(name, shape, out, rank=2, steps=None):
        return Case(f"adaptive_avg_pool_{name}", shape, [adaptive_avg_pool(rank=rank, out=out)], steps or [Train(2)])

    yield pool("2d", [2, 6, 4], 2, steps=[Train(2), Eval(1)])
    yield pool("2d_to_1", [3, 3, 5], 1)
    yield pool("2d_same", [2, 3, 4], (3, 4))
    yield pool("2d_uneven", [2, 7, 5], (3, 2), steps=[Train(2), Eval(1)])
    yield pool("2d_mixed", [2, 6, 5], (3, 4))
    yield pool("2d_one_axis", [2, 3, 5], (3, 4))
    yield pool("2d_larger", [2, 2, 3], (3, 5))
    yield pool("2d_17_channels", [17, 5, 4], 2)
    yield pool("2d_batch_0", [2, 5, 4], 2, steps=[Train(0), Eval(0)])
    yield pool("1d", [3, 8], 4, 1, [Train(2), Eval(1)])
    yield pool("1d_uneven", [3, 11], 4, 1)
    yield pool("3d", [2, 4, 2, 6], 2, 3, [Train(1), Eval(1)])
    yield pool("3d_uneven", [2, 3, 5, 4], (2, 3, 3), 3, [Train(1)])
    odd = [[[[NAN, 1, 2, 3, 4], [1, 2, 3, 4, 5]], [[1, 1, INF, 1, 1], [2, 2, 2, 2, 2]]]]
    yield Case(
        "adaptive_avg_pool_2d_non_finite", [2, 2, 5], [adaptive_avg_pool(out=(1, 3))], [Train(x=odd), Eval(x=odd)], special=True)
    yield Case(
        "cnn_adaptive_avg_pool", [1, 7, 7],
        [conv(out=3, kernel=3), batch_norm_2d(), relu(), adaptive_avg_pool(out=2), flatten(), linear(out=3)], [Train(2), Eval(2)])

    def up(name, shape, steps=None, special=False, **attributes):
        return Case(f"upsample_{name}", shape, [upsample(**attributes)], steps or [Train(2)], special=special)

    yield up("2", [2, 2, 3], [Train(2), Eval(1)], scale=2.0)
    yield up("3x2", [2, 2, 3], scale=(3.0, 2.0))
    yield up("1", [2, 2, 3], scale=1.0)
    yield up("1_5", [2, 4, 3], [Train(2), Eval(1)], scale=1.5)
    yield up("0_5", [2, 4, 6], scale=0.5)
    yield up("size", [2, 3, 5], [Train(2), Eval(1)], size=(5, 3))
    yield up("size_4", [2, 2, 3], size=4)
    yield up("17_channels", [17, 2, 2], scale=2.0)
    yield up("batch_0", [2, 2, 3], [Train(0), Eval(0)], scale=2.0)
    for corners in (False, True):
        options = {"mode": "bilinear", "alignCorners": True} if corners else {"mode": "bilinear"}
        name = "bilinear_aligned" if corners else "bilinear"
        yield up(f"{name}_2", [2, 2, 3], [Train(2), Eval(1)], scale=2.0, **options)
        yield up(f"{name}_3x4", [1, 3, 2], scale=(3.0, 4.0), **options)
        yield up(f"{name}_2_5", [2, 3, 4], scale=2.5, **options)
        yield up(f"{name}_size", [2, 3, 5], [Train(2), Eval(1)], size=(5, 3), **options)
        yield up(f"{name}_to_1", [2, 3, 4], size=1, **options)
        yield up(f"{name}_from_1", [2, 1, 1], size=(2, 3), **options)
        yield up(f"{name}_same", [2, 3, 4], size=(3, 4), **options)
        yield up(f"{name}_17_channels", [17, 3, 2], scale=2.0, **options)
        yield up(f"{name}_batch_0", [2, 2, 3], [Train(0), Eval(0)], scale=2.0, **options)
    for mode in ("nearest", "bilinear"):
        yield Case(
            f"cnn_upsample_{mode}", [1, 3, 4],
            [conv("conv1", out=3, kernel=3, padding=1), upsample(scale=2.0, mode=mode), batch_norm_2d(),
             conv("conv2", out=2, kernel=3)],
            [Train(2), Eval(1)])


def shape_cases():
    yield Case("flatten", [2, 3, 4], [flatten()], [Train(3), Eval(2)])
    yield Case("flatten_rank_2", [6], [flatten()], [Train(3)])
    yield Case("flatten_start_2", [2, 3, 4], [flatten(start=2)], [Train(2)])
    yield Case("flatten_end_2", [2, 3, 4], [flatten(end=2)], [Train(2)])
    yield Case("flatten_end_minus_2", [2, 3, 4], [flatten(end=-2)], [Train(2)])
    yield Case("flatten_start_2_end_3", [2, 3, 4], [flatten(start=2, end=3)], [Train(2)])
    yield Case("flatten_start_2_end_2", [2, 3, 4], [flatten(start=2, end=2)], [Train(2)])
    yield Case("flatten_start_minus_2", [2, 3, 4], [flatten(start=-2)], [Train(2)])
    yield Case("flatten_batch_0", [2, 3, 4], [flatten()], [Train(0), Eval(0)])
    yield Case("flatten_then_linear", [2, 3, 2], [flatten(), linear(out=3)], [Train(3)])
    yield Case("flatten_start_2_then_linear", [3, 2, 2], [flatten(start=2), linear(**{"in": 4}, out=3)], [Train(2)])
    yield Case("flatten_start_2_then_batch_norm", [3, 2, 2], [flatten(start=2), batch_norm()], [Train(3), Eval(2)])
    yield Case("reshape_vector", [12], [reshape(2, 3, 2)], [Train(3), Eval(2)])
    yield Case("reshape_vector_one_channel", [9], [reshape(1, 3, 3)], [Train(2)])
    yield Case("reshape_to_vector", [2, 3, 4], [reshape(24)], [Train(2)])
    yield Case("reshape_inferred", [2, 3, 4], [reshape(4, -1)], [Train(2), Eval(2)])
    yield Case("reshape_parts", [6, 4], [reshape(2, 1, 12)], [Train(2), Eval(1)])
    yield Case("reshape_across", [2, 3, 3], [reshape(3, 6)], [Train(2), Eval(1)])
    yield Case("reshape_17_channels", [34], [reshape(17, 2)], [Train(2)])
    yield Case("reshape_17_across", [17, 2, 3], [reshape(2, 17, 3)], [Train(2)])
    yield Case("reshape_batch_0", [12], [reshape(2, 3, 2)], [Train(0), Eval(0)])
    yield Case("reshape_then_conv", [16], [reshape(1, 4, 4), conv(out=3, kernel=3)], [Train(3), Eval(2)])
    yield Case(
        "reshape_then_conv_transpose", [3],
        [linear(out=12), reshape(3, 2, 2), conv_transpose(out=2, kernel=2, stride=2), batch_norm_2d()], [Train(3), Eval(2)])
    yield Case(
        "reshape_16_channels_then_conv_transpose", [3],
        [linear(out=64), reshape(16, 2, 2), conv_transpose(out=2, kernel=2, stride=2)], [Train(3), Eval(2)])
    yield Case("dropout_0", [6], [dropout(p=0.0)], [Train(3), Eval(2)])
    yield Case("dropout_1", [6], [dropout(p=1.0)], [Train(3), Eval(2)])
    yield Case("dropout_default_eval", [6], [dropout()], [Eval(3)])
    yield Case("dropout_0_25_eval", [2, 3, 3], [dropout(p=0.25)], [Eval(2)])
    yield Case("dropout_2d_0", [3, 2, 3], [dropout_2d(p=0.0)], [Train(2), Eval(2)])
    yield Case("dropout_2d_1", [3, 2, 3], [dropout_2d(p=1.0)], [Train(2), Eval(2)])
    yield Case("dropout_2d_eval", [3, 2, 3], [dropout_2d()], [Eval(2)])
    yield Case("dropout_0_between_linears", [5], [linear("fc1", out=6), dropout(p=0.0), linear("fc2", out=3)], [Train(3)])
    yield Case("dropout_1_between_linears", [5], [linear("fc1", out=6), dropout(p=1.0), linear("fc2", out=3)], [Train(3), Eval(2)])
    yield Case(
        "dropout_eval_between_linears", [5], [linear("fc1", out=6), dropout(p=0.3), linear("fc2", out=3)], [Eval(3)])


def composition_cases():
    def network(name, shape, layers, steps=None, **options):
        return Case(name, shape, layers, steps or [Train(4), Train(3), Eval(2)], **options)

    yield network(
        "cnn", [1, 6, 6],
        [conv(out=4, kernel=3, padding=1, bias=False), batch_norm_2d(), relu(), max_pool(kernel=2), flatten(),
         linear(out=3)])
    yield network(
        "cnn_with_conv_bias", [2, 5, 5],
        [conv(out=3, kernel=3), batch_norm_2d(), relu(), global_avg_pool(), linear(out=4)])
    yield network(
        "cnn_two_blocks", [1, 8, 8],
        [conv("conv1", out=3, kernel=3, padding=1, bias=False), batch_norm_2d("bn1"), relu("relu1"),
         max_pool("pool1", kernel=2), conv("conv2", out=5, kernel=3, padding=1, bias=False), batch_norm_2d("bn2"),
         relu("relu2"), avg_pool("pool2", kernel=2), flatten(), dropout(p=0.0), linear("head", out=3)],
        [Train(2), Train(2), Eval(2)])
    yield network(
        "cnn_without_batch_norm", [2, 6, 6],
        [conv(out=4, kernel=3, stride=2, padding=1), relu(), avg_pool(kernel=3, stride=1), flatten(), linear(out=2)],
        [Train(3), Eval(2)])
    yield network(
        "cnn_depthwise_separable", [3, 5, 5],
        [conv("depth", out=3, kernel=3, padding=1, groups=3, bias=False), batch_norm_2d("bn1"), relu("relu1"),
         conv("point", out=6, kernel=1, bias=False), batch_norm_2d("bn2"), relu("relu2"), global_avg_pool()],
        [Train(2), Train(2), Eval(2)])
    yield network(
        "cnn_17_channels", [2, 4, 4],
        [conv(out=17, kernel=3, bias=False), batch_norm_2d(), relu(), flatten(), linear(out=3)], [Train(3), Eval(2)])
    yield network(
        "cnn_overlapping_ceil_pool", [2, 6, 6],
        [conv(out=3, kernel=3, padding=1), batch_norm_2d(), relu(), max_pool(kernel=3, stride=2, padding=1, ceilMode=True),
         global_avg_pool("mean"), linear(out=2)],
        [Train(2), Eval(2)])
    yield network(
        "mlp", [5], [linear("fc1", out=8), relu("relu1"), linear("fc2", out=6), relu("relu2"), linear("fc3", out=3)],
        [Train(3), Eval(4)])
    yield network(
        "mlp_batch_norm", [5],
        [linear("fc1", out=8, bias=False), batch_norm("bn1"), relu("relu1"), linear("fc2", out=6, bias=False),
         batch_norm("bn2"), relu("relu2"), linear("fc3", out=3)],
        [Train(6), Train(5), Eval(4)])
    yield network(
        "mlp_batch_norm_options", [5],
        [linear("fc1", out=8), batch_norm("bn1", cumulative=True, eps=1e-3), relu("relu1"), linear("fc2", out=6),
         batch_norm("bn2", trackRunningStats=False, affine=False), linear("fc3", out=3)],
        [Train(6), Train(5), Eval(4)])
    yield network(
        "mlp_rank_3", [4, 6], [linear("fc1", **{"in": 6}, out=5), batch_norm(features=4), relu(), linear("fc2", **{"in": 5}, out=3)],
        [Train(3), Eval(2)])
    yield network(
        "conv_conv", [2, 6, 6],
        [conv("conv1", out=4, kernel=3, padding=1), conv("conv2", out=3, kernel=3, stride=2)], [Train(2), Eval(1)])
    yield network(
        "conv_conv_same_shape", [3, 5, 5],
        [conv("conv1", out=3, kernel=3, padding=1), conv("conv2", out=3, kernel=3, padding=1)], [Train(2), Eval(1)])
    yield network(
        "cnn_1d", [2, 12],
        [conv("conv1", 1, out=4, kernel=3, padding=1, bias=False), batch_norm("bn1"), relu("relu1"),
         max_pool("pool1", 1, kernel=2), conv("conv2", 1, out=5, kernel=3, stride=2, padding=1), batch_norm("bn2"),
         relu("relu2"), avg_pool("pool2", 1, kernel=3), flatten(), linear(out=3)],
        [Train(3), Train(2), Eval(2)])
    yield network("conv_conv_1d", [3, 9], [conv("conv1", 1, out=4, kernel=3), conv("conv2", 1, out=3, kernel=3, stride=2)], [Train(2), Eval(1)])
    yield network("conv_conv_3d", [2, 3, 4, 4], [conv("conv1", 3, out=3, kernel=2), conv("conv2", 3, out=2, kernel=2)], [Train(2), Eval(1)])
    yield network(
        "cnn_3d_without_batch_norm", [1, 4, 6, 4],
        [conv("conv1", 3, out=3, kernel=3, padding=1), relu("relu1"), max_pool("pool1", 3, kernel=2), conv("conv2", 3, out=4, kernel=2),
         relu("relu2"), global_avg_pool("mean"), linear(out=3)],
        [Train(2), Train(1), Eval(2)])
    yield network(
        "cnn_3d", [1, 4, 6, 4],
        [conv("conv1", 3, out=3, kernel=3, padding=1, bias=False), batch_norm("bn1", 3), relu("relu1"), max_pool("pool1", 3, kernel=2),
         conv("conv2", 3, out=4, kernel=2), batch_norm("bn2", 3), relu("relu2"), avg_pool("pool2", 3, kernel=(1, 2, 1)),
         flatten(), linear(out=3)],
        [Train(2), Train(3), Eval(2)])
    yield network("linear_linear", [6], [linear("fc1", out=5), linear("fc2", out=4)], [Train(3), Eval(2)])
    yield network(
        "batch_norm_first", [2, 4, 4], [batch_norm_2d(), conv(out=3, kernel=3, padding=1), relu(), global_avg_pool()])
    yield network("batch_norm_last", [5], [linear(out=4, bias=False), batch_norm()])
    yield network("batch_norm_2d_last", [2, 4, 4], [conv(out=3, kernel=3, bias=False), batch_norm_2d()], [Train(2), Eval(2)])
    yield network("batch_norm_twice", [4], [batch_norm("bn1"), batch_norm("bn2")], [Train(6), Eval(2)])
    yield network("relu_first", [2, 4, 4], [relu(), conv(out=3, kernel=3), flatten(), linear(out=2)], [Train(3), Eval(2)])
    yield network("relu_last", [5], [linear(out=6), relu()], [Train(3), Eval(2)])
    yield network("max_pool_then_batch_norm", [3, 6, 4], [max_pool(kernel=2), batch_norm_2d()], [Train(3), Eval(2)])
    yield network("avg_pool_then_batch_norm", [3, 6, 4], [avg_pool(kernel=2), batch_norm_2d()], [Train(3), Eval(2)])
    yield network(
        "conv_pool_batch_norm_relu", [2, 6, 6],
        [conv(out=3, kernel=3, padding=1), max_pool(kernel=2), batch_norm_2d(), relu(), flatten(), linear(out=2)],
        [Train(3), Eval(2)])
    yield network("batch_norm_relu", [3, 3, 3], [batch_norm_2d(), relu()])
    yield network(
        "batch_norm_relu_max_pool", [3, 4, 4], [batch_norm_2d(), relu(), max_pool(kernel=2)], [Train(3), Eval(2)])
    yield network("pool_pool", [2, 8, 8], [max_pool("first", kernel=2), avg_pool("second", kernel=2)], [Train(2)])
    yield network("global_pool_linear", [5, 3, 3], [global_avg_pool(), linear(out=3)], [Train(3), Eval(1)])
    yield network(
        "global_pool_batch_norm", [3, 3, 3], [global_avg_pool(), batch_norm(), relu(), linear(out=2)], [Train(4), Eval(1)])
    yield network(
        "cnn_frozen_batch_norm", [2, 5, 5],
        [conv(out=3, kernel=3, bias=False), batch_norm_2d(), relu(), flatten(), linear(out=2)],
        [Train(3), Train(3, frozen=["bn"]), Train(1, frozen=["bn"]), Eval(2)])
    yield network("cnn_batch_0", [1, 6, 6],
        [conv(out=3, kernel=3, padding=1, bias=False), batch_norm_2d(), relu(), max_pool(kernel=2), flatten(),
         linear(out=3)], [Train(0), Eval(0), Train(3)])


def graph_cases():
    def graph(name, shape, layers, steps=None):
        return Case(name, shape, layers, steps or [Train(3), Eval(2)])

    yield graph("add_two_branches", [5], [linear("a", out=4), linear("b", out=4).reading(INPUT), add("sum", "a", "b")])
    yield graph("add_input", [3, 4, 5], [conv(out=3, kernel=3, padding=1), add("sum", "conv", INPUT)])
    yield graph("add_three_one_twice", [6], [linear("a", out=6), add("sum", "a", INPUT, "a"), linear("b", out=2)])
    yield graph(
        "multiply_two_branches", [5], [linear("a", out=4), linear("b", out=4).reading(INPUT), multiply("product", "a", "b")])
    yield graph("multiply_square", [2, 3, 4], [conv(out=17, kernel=1), multiply("square", "conv", "conv")])
    yield graph("multiply_three", [7], [linear("a", out=7), multiply("product", "a", INPUT, "a"), linear("b", out=3)])
    yield graph(
        "concat_channels", [3, 4, 5],
        [conv("a", out=16, kernel=1), conv("b", out=5, kernel=3, padding=1).reading(INPUT), concat("both", "a", "b"),
         conv("last", out=4, kernel=1)])
    yield graph(
        "concat_blocks_of_16", [16, 4, 4],
        [batch_norm_2d("a"), batch_norm_2d("b").reading(INPUT), concat("both", "a", "b"), relu("relu"), global_avg_pool()])
    yield graph("concat_features", [5], [linear("a", out=3), linear("b", out=18).reading(INPUT), concat("both", "a", INPUT, "b")])
    yield graph("concat_width", [2, 3, 4], [max_pool(kernel=2, stride=1), concat("both", "pool", "pool", axis=-1)])
    yield graph("concat_height", [2, 3, 4], [conv(out=2, kernel=1), concat("both", "conv", INPUT, axis=2), conv("b", out=3, kernel=2)])
    yield graph(
        "residual_block", [4, 5, 6],
        [conv("conv1", out=4, kernel=3, padding=1, bias=False), batch_norm_2d("bn1"), relu("relu1"),
         conv("conv2", out=4, kernel=3, padding=1, bias=False), batch_norm_2d("bn2"), add("sum", "bn2", INPUT), relu("relu2"),
         global_avg_pool(), linear(out=3)],
        [Train(4), Train(3), Eval(2)])
    yield graph(
        "residual_block_downsample", [3, 6, 6],
        [conv("conv1", out=5, kernel=3, stride=2, padding=1, bias=False), batch_norm_2d("bn1"), relu("relu1"),
         conv("conv2", out=5, kernel=3, padding=1, bias=False), batch_norm_2d("bn2"),
         conv("shortcut", out=5, kernel=1, stride=2, bias=False).reading(INPUT), batch_norm_2d("bn3"),
         add("sum", "bn2", "bn3"), relu("relu2"),
         conv("conv3", out=5, kernel=3, padding=1, bias=False), batch_norm_2d("bn4"), add("sum2", "bn4", "relu2"), relu("relu3")],
        [Train(4), Eval(3)])
    yield graph(
        "inception_block", [3, 5, 5],
        [conv("a", out=16, kernel=1), batch_norm_2d("bn1"), relu("relu1"),
         conv("b", out=16, kernel=3, padding=1).reading(INPUT), batch_norm_2d("bn2"), relu("relu2"),
         max_pool(kernel=3, stride=1, padding=1).reading(INPUT), concat("all", "relu1", "relu2", "pool"),
         conv("last", out=3, kernel=3), batch_norm_2d("bn3")],
        [Train(3), Eval(2)])
    yield graph(
        "inverted_residual_block", [3, 4, 5],
        [conv("expand", out=6, kernel=1, bias=False), batch_norm_2d("bn1"), activation("ReLU6", nn.ReLU6, "relu1"),
         conv("depth", out=6, kernel=3, padding=1, groups=6, bias=False), batch_norm_2d("bn2"), activation("ReLU6", nn.ReLU6, "relu2"),
         conv("project", out=3, kernel=1, bias=False), batch_norm_2d("bn3"), add("sum", "bn3", INPUT)],
        [Train(3), Train(2), Eval(2)])
    yield graph(
        "dense_block", [4, 4, 5],
        [batch_norm_2d("bn1"), relu("relu1"), conv("conv1", out=3, kernel=3, padding=1, bias=False), concat("both1", INPUT, "conv1"),
         batch_norm_2d("bn2"), relu("relu2"), conv("conv2", out=3, kernel=3, padding=1, bias=False), concat("both2", "both1", "conv2"),
         batch_norm_2d("bn3"), relu("relu3"), conv("conv3", out=5, kernel=1, bias=False), avg_pool(kernel=2)],
        [Train(4), Train(2), Eval(3)])
    yield graph(
        "u_net", [1, 8, 8],
        [conv("conv1", out=3, kernel=3, padding=1, bias=False), batch_norm_2d("bn1"), relu("relu1"), max_pool(kernel=2),
         conv("conv2", out=6, kernel=3, padding=1, bias=False), batch_norm_2d("bn2"), relu("relu2"),
         conv_transpose("up", out=3, kernel=2, stride=2), concat("both", "relu1", "up"),
         conv("conv3", out=3, kernel=3, padding=1, bias=False), batch_norm_2d("bn3"), relu("relu3"), conv("head", out=2, kernel=1)],
        [Train(3), Train(2), Eval(2)])
    yield graph(
        "gate", [6],
        [linear("values", out=5), linear("gate", out=5).reading(INPUT), relu("open"), multiply("gated", "values", "open"),
         batch_norm(), linear("head", out=2)])
    yield graph("graph_batch_0", [4], [linear("a", out=4), add("sum", "a", INPUT)], [Train(0), Eval(0), Train(2)])


FILES = {
    "linear": linear_cases,
    "conv1d": conv_1d_cases,
    "conv2d": conv_cases,
    "conv2d-tiles": conv_tiles_cases,
    "conv2d-tile-rests": conv_tile_rests_cases,
    "conv3d": conv_3d_cases,
    "batchnorm1d": batch_norm_1d_cases,
    "batchnorm1d-sequences": batch_norm_1d_rank_3_cases,
    "batchnorm2d": batch_norm_2d_cases,
    "batchnorm3d": batch_norm_3d_cases,
    "instancenorm1d": instance_norm_1d_cases,
    "instancenorm2d": instance_norm_2d_cases,
    "instancenorm3d": instance_norm_3d_cases,
    "groupnorm": group_norm_cases,
    "layernorm": layer_norm_cases,
    "relu": relu_cases,
    "activations": activation_cases,
    "softmax": softmax_cases,
    "pool": pool_cases,
    "pool1d": pool_1d_cases,
    "pool3d": pool_3d_cases,
    "resampling": resampling_cases,
    "conv-borders": border_cases,
    "convtranspose2d": conv_transpose_cases,
    "scale": scale_cases,
    "elementwise": elementwise_cases,
    "shape": shape_cases,
    "composition": composition_cases,
    "graph": graph_cases,
}


def main(directory, *wanted):
    names = set()
    for file, cases in FILES.items():
        if wanted and file not in wanted:
            continue
        written = []
        for case in cases():
            assert case.name not in names, case.name
            names.add(case.name)
            if case.name == "batch_norm_1d_worked_example":
                check_worked_example(case)
            written += documents(case)
        path = os.path.join(directory, f"layer-{file}.json")
        size = fixtures.write(path, written)
        largest = max(written, key=lambda entry: len(fixtures.render(entry)))
        print(f"{path}: {len(written)} cases, {size} bytes, largest {largest['name']} {len(fixtures.render(largest))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
