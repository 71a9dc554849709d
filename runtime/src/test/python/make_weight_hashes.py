"""Writes the sha256 of every tensor of a checkpoint, little-endian and in row-major order.

    python make_weight_hashes.py version-slim-320.pth ../resources/weights/slim.json

Of the slim face detector of Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB (commit dffdddd, MIT), whose file
begins with the sha256 cd24abce45da5dbc; the class Hashes among the tests compares the file with the list.
"""

import hashlib
import json
import pathlib
import sys

import torch

state = torch.load(sys.argv[1], map_location="cpu", weights_only=True)
hashes = {
    name: hashlib.sha256(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()).hexdigest()
    for name, tensor in state.items()
}
whole = hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest()
pathlib.Path(sys.argv[2]).write_text(json.dumps({"file": whole, "tensors": hashes}, indent=1) + "\n")
