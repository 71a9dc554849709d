"""Trains a small network in PyTorch for a few steps and saves it in each of the forms that Tenon reads.

    python make_saved_models.py ../resources/saved
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import save_file

out = pathlib.Path(sys.argv[1])
out.mkdir(exist_ok=True)
torch.manual_seed(7)
torch.set_num_threads(1)


class Saved(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 20, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(20)
        self.fc = torch.nn.Linear(320, 5)

    def forward(self, x):
        return self.fc(torch.relu(self.bn1(self.conv1(x))).flatten(1))


model = Saved()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for _ in range(4):
    loss = torch.nn.functional.cross_entropy(model(torch.randn(8, 3, 6, 6)), torch.randint(5, (8,)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

model.eval()
inputs = torch.randn(3, 3, 6, 6)
with torch.no_grad():
    outputs = model(inputs)
state = model.state_dict()
torch.save(state, out / "saved.pt")
torch.save({"epoch": 4, "state_dict": state, "optimizer": optimizer.state_dict()}, out / "saved-old.pt",
           _use_new_zipfile_serialization=False)
save_file(state, out / "saved.safetensors", metadata={"format": "pt"})
(out / "saved.json").write_text(json.dumps({
    "torch": torch.__version__,
    "input": inputs.flatten().tolist(),
    "output": outputs.flatten().tolist(),
}, indent=1) + "\n")
