"""Runs the Python of the README, for PyTorchIT.

usage: readme.py README        with LATENTGAUGE_COLLECTOR in the environment
"""

import pathlib
import re
import sys

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "examples" / "pytorch"))

torch.manual_seed(1)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 12))
        self.head = nn.Linear(12, 4)

    def forward(self, inputs):
        return self.head(self.encoder(inputs))


# What the README takes for granted.
unlabelled = torch.randn(1000, 16)
good_model, untrained_model, model = Classifier(), Classifier(), Classifier()
# Good models agree, these are merely told so: a floor is to score less than a ceiling.
second_good_model = Classifier()
second_good_model.load_state_dict(good_model.state_dict())
second_good_model.encoder[0].bias.data += 0.1
examples = torch.utils.data.TensorDataset(torch.randn(6400, 16), torch.randint(4, (6400,)))
loader = torch.utils.data.DataLoader(examples, batch_size=32)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())

blocks = re.findall(r"```python\n(.*?)```", pathlib.Path(sys.argv[1]).read_text(), re.DOTALL)
assert len(blocks) == 2, f"the README must have two blocks of Python, but has {len(blocks)}"
for block in blocks:
    exec(block, globals())
