"""Writes the TorchScript modules of the tests, as small as they can be.

usage: torchscript_modules.py FOLDER

They are committed, so that the tests need no PyTorch; Debian's python3-torch 1.13 wrote them. A
scripted module follows its mode, and remembers it: `training.pt` was saved in training mode,
`evaluating.pt` in evaluation mode, and `frozen-norm.pt` in training mode but for its batch
normalisation. A traced module has the mode built in that it was traced in: `traced.pt` evaluation,
`traced-in-training.pt` training, without a dropout.
"""

import pathlib
import sys

import torch
from torch import nn


def encoder(dropout=0.3):
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Linear(10, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Dropout(dropout), nn.Linear(12, 8)
    )


def main(folder):
    frozen = encoder()
    frozen[1].eval()
    inputs = torch.randn(4, 10)
    modules = {
        "training": torch.jit.script(encoder()),
        "evaluating": torch.jit.script(encoder().eval()),
        "frozen-norm": torch.jit.script(frozen),
        "traced": torch.jit.trace(encoder().eval(), inputs),
        "traced-in-training": torch.jit.trace(encoder(0), inputs, check_trace=False),
    }
    for name, module in modules.items():
        torch.jit.save(module, str(folder / f"{name}.pt"))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
