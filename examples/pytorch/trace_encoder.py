"""Traces two small encoders of 28 x 28 grey images for a training in Java.

usage: trace_encoder.py [--width W] [--script] FOLDER

Writes reference.pt and run.pt, which differ in their first weights, as TorchScript. Both take
batches of shape (n, 1, 28, 28) and answer 4 W numbers an image. examples/torchscript.sh goes on
from here. Needs PyTorch 1.13 or later and nothing else.

An encoder is traced in evaluation mode, and has that mode built in: a dropout or a batch
normalisation in it would stay as in evaluation however it is trained later. Where that matters,
use --script: a scripted module follows the mode that the training asks for.
"""

import argparse
import pathlib

import torch
from torch import nn


def encoder(width, seed):
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, width, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(width, width, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.MaxPool2d(3, stride=2),
        nn.Flatten(),
        nn.Linear(9 * width, 4 * width),
    )


def torchscript(module, scripted):
    if scripted:
        return torch.jit.script(module)
    return torch.jit.trace(module.eval(), torch.zeros(2, 1, 28, 28))


def main():
    parser = argparse.ArgumentParser(description="Traces two encoders for a training in Java.")
    parser.add_argument("folder", metavar="FOLDER", type=pathlib.Path, help="made if need be")
    parser.add_argument("--width", metavar="W", type=int, default=32,
                        help="channels of the convolutions, at least 16 (default: 32)")
    parser.add_argument("--script", action="store_true", help="script instead of trace")
    options = parser.parse_args()
    # With 8 channels and fewer, the engine of DJL 0.36 was seen to give NaN gradients.
    if options.width < 16:
        parser.error(f"--width must be at least 16, but is {options.width}")
    options.folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(["reference.pt", "run.pt"], start=1):
        file = options.folder / name
        torch.jit.save(torchscript(encoder(options.width, seed), options.script), str(file))
        print(f"{'scripted' if options.script else 'traced'} {file}")


if __name__ == "__main__":
    main()
