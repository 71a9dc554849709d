"""What PyTorch says when the five most common mistakes run; docs/mistakes.md quotes it."""

import torch
from torch import nn


def say(title, run):
    print(f"== {title}")
    try:
        run()
        print("no error")
    except Exception as e:  # the type of each is part of what is said
        print(f"{type(e).__name__}: {e}")


def join():
    x = torch.zeros(1, 3, 8, 8)
    a = nn.Conv2d(3, 16, 3, padding=1)(x)
    b = nn.Conv2d(16, 32, 3, stride=2, padding=1)(a)
    return b + a


print(torch.__version__)
say("wrong features", lambda: nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(32, 3))(torch.zeros(1, 4)))
say("wrong rank", lambda: nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm1d(16))(torch.zeros(1, 3, 8, 8)))
say("missing flatten", lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.Linear(144, 10))(torch.zeros(1, 3, 8, 8)))
say("wrong join", join)
say("wrong labels", lambda: nn.CrossEntropyLoss()(nn.Linear(4, 3)(torch.zeros(2, 4)), torch.tensor([0, 3])))
