"""Trainings in PyTorch for PyTorchIT: with the monitor of examples/pytorch, and checked by hand.

usage: torch_runs.py trained COLLECTOR FOLDER     makes a reference, and trains a run against it;
                                                  leaves in FOLDER what was embedded by hand
       torch_runs.py like-java COLLECTOR WEIGHTS  observes once a model that Java has described
       torch_runs.py obedient COLLECTOR           trains against the same until it is told to stop
       torch_runs.py fleet COLLECTOR              trains two runs that have no reference
"""

import json
import pathlib
import struct
import sys

import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "examples" / "pytorch"))
import latentgauge  # noqa: E402

STEPS = 60
EVERY = 20


class Classifier(nn.Module):
    def __init__(self, seed, width):
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = nn.Sequential(
            nn.Linear(16, width),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(width, 12),
        )
        self.head = nn.Linear(12, 4)

    def forward(self, inputs):
        return self.head(self.encoder(inputs))


def data(seed, count):
    """Points of four clusters, and which cluster each is of."""
    generator = torch.Generator().manual_seed(seed)
    centres = 2 * torch.randn(4, 16, generator=torch.Generator().manual_seed(0))
    labels = torch.randint(4, (count,), generator=generator)
    return centres[labels] + torch.randn(count, 16, generator=generator), labels


def train(model, seed, after_step):
    inputs, labels = data(seed, 32 * STEPS)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    for step in range(1, STEPS + 1):
        rows = slice(32 * (step - 1), 32 * step)
        loss = functional.cross_entropy(model(inputs[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        after_step(step, loss.item())


def save(path, arrays):
    """Writes float32 arrays as safetensors, without any code of ours."""
    header, body = {}, b""
    for name, array in arrays.items():
        numbers = struct.pack(f"<{array.numel()}f", *array.flatten().tolist())
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(numbers)],
        }
        body += numbers
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def embedded(model, anchors, probes):
    """What the encoder makes of the inputs in evaluation mode, on a copy of the model."""
    copy = Classifier(0, model.encoder[0].out_features)
    copy.load_state_dict(model.state_dict())
    copy.eval()
    with torch.no_grad():
        return {"anchors": copy.encoder(anchors), "probes": copy.encoder(probes)}


def trained(collector, folder):
    folder = pathlib.Path(folder)
    inputs, _ = data(99, 160)
    anchors, probes = inputs[:32], inputs[32:]
    good, second = Classifier(1, 64), Classifier(2, 64)
    train(good, 1, lambda step, loss: None)
    train(second, 2, lambda step, loss: None)
    latentgauge.create_reference(
        "torch",
        good,
        "encoder",
        latentgauge.Probes(anchors, probes),
        collector=collector,
        floor=Classifier(3, 64),
        ceiling=second,
    )
    model = Classifier(4, 24)
    with latentgauge.Monitor(
        model,
        "encoder",
        reference="torch",
        run="torch-run",
        collector=collector,
        every=EVERY,
        tags={"width": 24},
        directory=folder / "spool",
    ) as monitor:
        save(folder / "step-0.safetensors", embedded(model, anchors, probes))

        def after_step(step, loss):
            monitor.step(epoch=step / STEPS, evaluations={"train_loss": loss})
            if step % EVERY == 0:
                save(folder / f"step-{step}.safetensors", embedded(model, anchors, probes))

        train(model, 4, after_step)


def like_java(collector, weights):
    tensors = {name: torch.tensor(value) for name, value in json.loads(weights).items()}
    model = nn.Sequential(nn.Linear(7, 5))
    model.load_state_dict({"0.weight": tensors["weight"], "0.bias": tensors["bias"]})
    with latentgauge.Monitor(
        model, "0", reference="java", run="like-java", collector=collector, directory=None
    ):
        pass


def obedient(collector):
    model = nn.Sequential(nn.Linear(7, 5))
    monitor = latentgauge.Monitor(
        model, "0", reference="java", run="obedient", collector=collector, every=1, directory=None
    )
    while not monitor.should_stop:
        monitor.step()
    print("stopped:", monitor.stop_reason)
    monitor.close()


def fleet(collector):
    probes = latentgauge.Probes.sample(data(99, 160)[0], 32, 128)
    for seed in (4, 5):
        model = Classifier(seed, 24)
        with latentgauge.Monitor(
            model, "encoder", run=f"fleet-{seed}", probes=probes, collector=collector, every=EVERY
        ) as monitor:
            train(model, 4, lambda step, loss: monitor.step())
        assert (monitor.failures, monitor.dropped) == (0, 0)


if __name__ == "__main__":
    commands = {
        "trained": trained,
        "like-java": like_java,
        "obedient": obedient,
        "fleet": fleet,
    }
    commands[sys.argv[1]](*sys.argv[2:])
