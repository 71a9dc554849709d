"""What PyTorch gives for PassengerNet: outputs, the loss, and the gradients of all parameters.

Prints the numbers that TypedComponentsTest compares with. Parameters are (i % 7 - 3) / 4 for
element i of each, so that nothing but the network itself is needed to repeat them.

    python typed_features.py
"""

import torch
from torch import nn


class PassengerNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.portCode = nn.Embedding(3, 2)
        self.deckCode = nn.Embedding(4, 3)
        self.familyCode = nn.Linear(2, 2)
        self.head = nn.Linear(3 + 2 + 3 + 2, 2)

    def forward(self, rest, port, deck, family):
        both = [rest, self.portCode(port), self.deckCode(deck), self.familyCode(family)]
        return self.head(torch.cat(both, dim=1))


net = PassengerNet().double()
with torch.no_grad():
    for parameter in net.parameters():
        values = (torch.arange(parameter.numel()) % 7 - 3) / 4
        parameter.copy_(values.reshape(parameter.shape))

# age, child, fare; SOUTHAMPTON = 0, CHERBOURG = 1, QUEENSTOWN = 2; A, B, C, D; siblings, parents
rest = torch.tensor([[0.5, 1, 2], [3, 0, 0.25], [1.5, 0, 1]], dtype=torch.float64)
port = torch.tensor([2, 0, 2])
deck = torch.tensor([1, 3, 0])
family = torch.tensor([[1, 2], [0, 0], [3, 1]], dtype=torch.float64)

scores = net(rest, port, deck, family)
loss = nn.functional.cross_entropy(scores, torch.tensor([1, 0, 1]))
loss.backward()

torch.set_printoptions(precision=10)
print("state", [name for name, _ in net.named_parameters()])
print("scores", scores.detach().flatten().tolist())
print("loss", loss.item())
for name, parameter in net.named_parameters():
    print(name, [round(value, 9) for value in parameter.grad.flatten().tolist()])
