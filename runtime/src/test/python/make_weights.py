"""Writes the files that the tests of dev.tenon.runtime.file read, and what is in them.

    python make_weights.py ../resources/weights

Needs torch, numpy and safetensors. The files that torch.save writes differ from run to run in nothing
but the name of their folder and a random number, so the numbers beside them stay true.
"""

import collections
import hashlib
import json
import pathlib
import sys

import numpy
import safetensors
import torch
from safetensors.torch import save, save_file

out = pathlib.Path(sys.argv[1])
out.mkdir(exist_ok=True)

NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.uint16: "U16", torch.uint32: "U32", torch.uint64: "U64",
    torch.bool: "BOOL", torch.complex64: "C64",
}
READ_AS = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float32, "BF16": torch.float32,
    "I64": torch.int64, "U32": torch.int64, "I32": torch.int32, "I16": torch.int32,
    "I8": torch.int32, "U8": torch.int32, "U16": torch.int32, "BOOL": torch.int32,
}


def raw(tensor):
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def facts(tensor):
    """Type, shape, and the sha256 of the little-endian elements, as they are and as they are read."""
    name = NAMES[tensor.dtype]
    read = READ_AS.get(name)
    return {
        "type": name,
        "shape": list(tensor.shape),
        "raw": sha256(raw(tensor)),
        "read": sha256(raw(tensor.to(read))) if read else None,
    }


def record(file, tensors, **more):
    """What is in a file, and what Python's safetensors would write of the same tensors."""
    whole = save({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()})
    files.append({
        "file": file,
        "tensors": {name: facts(tensor) for name, tensor in tensors.items()},
        "safetensors": sha256(whole),
        **more,
    })


files = []
generator = torch.Generator().manual_seed(20)


def real(*shape, dtype=torch.float32):
    return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)


# Every element type, with the values that conversions go wrong at.
halves = torch.from_numpy(numpy.array(
    [0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x0400, 0x3c00, 0xbc00, 0x7bff, 0x7c00, 0xfc00, 0x3555],
    dtype=numpy.uint16)).view(torch.float16)
brains = torch.from_numpy(numpy.array(
    [0x0000, 0x8000, 0x0001, 0x007f, 0x0080, 0x3f80, 0x7f7f, 0x7f80, 0xff80, 0x4049],
    dtype=numpy.uint16)).view(torch.bfloat16)
types = {
    "half": halves.reshape(3, 4),
    "brain": brains,
    "single": torch.tensor([0.0, -0.0, 1.5, 1e-45, 3.4028235e38, float("inf")]),
    "double": torch.tensor([[5e-324, 1 / 3], [1.7976931348623157e308, -0.0]], dtype=torch.float64),
    "long": torch.tensor([-2**63, 2**63 - 1, -1, 0]),
    "int": torch.tensor([-2**31, 2**31 - 1], dtype=torch.int32),
    "short": torch.tensor([-2**15, 2**15 - 1], dtype=torch.int16),
    "signed byte": torch.tensor([-128, 127, -1], dtype=torch.int8),
    "byte": torch.tensor([0, 255, 128], dtype=torch.uint8),
    "unsigned short": torch.tensor([0, 65535], dtype=torch.uint16),
    "unsigned int": torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
    "unsigned long": torch.tensor([0, 2**64 - 1], dtype=torch.uint64),
    "truth": torch.tensor([True, False, True]),
    "complex": torch.tensor([1 + 2j], dtype=torch.complex64),
    "scalar": torch.tensor(7),
    "empty": torch.zeros(2, 0, 3),
    # Names that JSON has to escape, and one that UTF-8 sorts otherwise than UTF-16.
    'quo"te\\back/slash': torch.tensor([1.0]),
    "control\x00\x01\x1f\b\f\n\r\t\x7f": torch.tensor([2.0]),
    "\uffee": torch.tensor([3.0]),
    "\U0001f600": torch.tensor([4.0]),
    "\u00fcmlaut \u6570": torch.tensor([5.0]),
}
save_file(types, out / "types.safetensors", metadata={"format": 'p"t\n\u00fc'})
record("types.safetensors", types, metadata={"format": 'p"t\n\u00fc'})

save_file({}, out / "metadata.safetensors", metadata={"framework": "pt"})
record("metadata.safetensors", {}, metadata={"framework": "pt"})


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 4, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(torch.relu(self.bn1(self.conv1(x))).mean((2, 3)))


torch.manual_seed(3)
model = Small()
optimizer = torch.optim.Adam(model.parameters())
for _ in range(3):
    loss = model(torch.randn(4, 3, 5, 5)).square().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
state = model.state_dict()


def store(file, value, tensors, **options):
    torch.save(value, out / file, **options)
    record(file, tensors)


def both(name, value, tensors):
    store(name + ".pt", value, tensors)
    store(name + "-old.pt", value, tensors, _use_new_zipfile_serialization=False)


both("state", state, state)
for protocol in (3, 4, 5):
    store(f"state-{protocol}.pt", state, state, pickle_protocol=protocol)
    store(f"state-{protocol}-old.pt", state, state, pickle_protocol=protocol,
          _use_new_zipfile_serialization=False)
both("checkpoint", {
    "epoch": 3, "best": torch.tensor(0.5), "note": "caf\u00e9", "rates": [0.1, 1e-3, True, None],
    "big": 2**70, "small": -3, "bytes": b"\x00\xff", "set": {1, 2}, "complex": 1j, "size": torch.Size([2, 3]),
    "type": torch.bfloat16, "device": torch.device("cpu"),
    "state_dict": state, "optimizer": optimizer.state_dict(),
}, state)
both("unusual-key", {"student": state, "step": 9}, state)
both("parameters", dict(model.named_parameters()), dict(model.named_parameters()))

# Views: each is a tensor of its own when it is read.
base = real(6, 5)
shared = torch.arange(20, dtype=torch.int64)
views = {
    "whole": base,
    "transposed": base.t(),
    "columns": base[:, 1:4],
    "every other": base[::2, ::2],
    "row": base[4],
    "expanded": real(1, 3).expand(4, 3),
    "permuted": real(2, 3, 4).permute(2, 0, 1),
    "half transposed": real(3, 2, dtype=torch.float16).t(),
    "head": shared[:5],
    "tail": shared[15:],
    "windows": shared.unfold(0, 4, 2),
    "channels last": real(2, 3, 4, 4).contiguous(memory_format=torch.channels_last),
    "one axis": real(1, 7, 1)[:, 3:4],
    "nothing": base[3:3],
    "scalar of many": base[2, 3],
}
both("views", views, views)
typed = {name: tensor for name, tensor in types.items() if "control" not in name}
both("types", typed, typed)

# What is no state dictionary.
for file, value in {
    "two.pt": {"generator": state, "critic": state},
    "tensor.pt": base,
    "list.pt": [base],
    "no-tensors.pt": {"epoch": 3},
    "module.pt": torch.nn.ReLU(),
    "numbered.pt": {0: base},
    "array.pt": {"weight": numpy.zeros(2)},
    "complex128.pt": {"weight": torch.zeros(2, dtype=torch.complex128)},
    "sparse.pt": {"weight": torch.eye(2).to_sparse()},
    "conjugated.pt": {"weight": torch.tensor([1 + 2j]).conj()},
}.items():
    torch.save(value, out / file)

versions = {"torch": torch.__version__, "safetensors": safetensors.__version__}
(out / "weights.json").write_text(json.dumps({"versions": versions, "files": files}, indent=1) + "\n")
