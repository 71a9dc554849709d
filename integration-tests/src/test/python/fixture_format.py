"""What the fixture scripts share: reproducible PyTorch, exact decimals, and a JSON layout that diffs line by line.

Import this module before torch is imported anywhere else: the environment variables below are read when its libraries load.
"""

import os

# The slowest, most portable code path of every library: no instruction set picked by the machine at hand, one thread.
# Otherwise the last bits of a sum depend on the processor the fixtures happen to be made on.
os.environ["ATEN_CPU_CAPABILITY"] = "default"
os.environ["MKL_CBWR"] = "COMPATIBLE"
os.environ["OMP_NUM_THREADS"] = "1"

import json
import warnings

import numpy as np
import torch

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.backends.mkldnn.enabled = False
warnings.filterwarnings("ignore", message="Using padding='same' with even kernel lengths")

PRECISIONS = {"float32": (np.float32, torch.float32), "float64": (np.float64, torch.float64)}


def number(value, numpy_type):
    """The shortest decimal that reads back as the same bits, also when it is read as a double and then narrowed."""
    value = numpy_type(value)
    if np.isnan(value):
        return '"NaN"'
    if np.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    text = str(value)
    back = numpy_type(float(text))
    if back != value or np.signbit(back) != np.signbit(value):
        raise AssertionError(f"{text} does not read back")
    return text


def tensor(value, precision):
    """{"shape": ..., "values": ...} of a numpy array or a torch tensor; integers stay integers."""
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    value = np.asarray(value)
    numbers = value.reshape(-1)
    if np.issubdtype(value.dtype, np.integer):
        texts = [str(int(v)) for v in numbers]
    else:
        texts = [number(v, PRECISIONS[precision][0]) for v in numbers]
    return Raw('{"shape": %s, "values": [%s]}' % (json.dumps(list(value.shape)), ", ".join(texts)))


def without_negative_zero(value):
    """Expected values carry no sign on zero: which of the two zeros comes out depends on the reference's vector code."""
    return value + 0.0 if value.dtype.is_floating_point else value


class Raw(str):
    """Text that is JSON already."""


def render(node, indent=0):
    """JSON with one line for each tensor, so that a change shows as the lines of the tensors that changed."""
    pad = "  " * (indent + 1)
    if isinstance(node, Raw):
        return str(node)
    if isinstance(node, dict) and node:
        inner = ",\n".join(f"{pad}{json.dumps(k)}: {render(v, indent + 1)}" for k, v in node.items())
        return "{\n" + inner + "\n" + "  " * indent + "}"
    if isinstance(node, list) and node and not all(isinstance(v, (int, float)) for v in node):
        inner = ",\n".join(pad + render(v, indent + 1) for v in node)
        return "[\n" + inner + "\n" + "  " * indent + "]"
    return json.dumps(node, allow_nan=False)


def write(path, cases, **header):
    document = {"torch": torch.__version__, **header, "cases": cases}
    text = render(document) + "\n"
    json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(AssertionError(name)))
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(text)
    return len(text)


def worst(actual, exact, rtol, atol):
    """Largest error in units of the tolerance; infinite when NaN or an infinity is not where it should be."""
    actual = actual.detach().double()
    exact = exact.detach().double()
    if actual.shape != exact.shape:
        raise AssertionError(f"{tuple(actual.shape)} against {tuple(exact.shape)}")
    if actual.numel() == 0:
        return 0.0
    finite = torch.isfinite(exact)
    same = torch.where(torch.isnan(exact), torch.isnan(actual), actual == exact)
    if not bool(torch.all(torch.where(finite, torch.isfinite(actual), same))):
        return float("inf")
    error = ((actual - exact).abs() / (atol + rtol * exact.abs()))[finite]
    return float(error.max()) if error.numel() else 0.0
