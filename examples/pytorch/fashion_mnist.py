"""Trains a small network on Fashion-MNIST, with a Latentgauge monitor attached.

usage: fashion_mnist.py --reference [NAME]     once: train two good models, keep them as reference
       fashion_mnist.py --run NAME [--attempt N] [--lr RATE] [--seed N] [--epochs N] [--width N]

Needs PyTorch, and a collector at http://127.0.0.1:9475 unless --collector says another one:
java -jar collector/target/latentgauge.jar serve. What the monitor adds to a training is marked.
With the same options on the same machine a training comes out the same.
"""

import argparse
import pathlib
import sys
import urllib.error
import urllib.request

import torch
from torch import nn
from torch.nn import functional

import fashion_mnist_data
import latentgauge

BATCH = 64
RUN_IMAGES = 25_600
REFERENCE_IMAGES = 32_000
FIRST_PROBE_IMAGE = 50_000
TEST_IMAGES_ON_THE_WAY = 1_000


class Network(nn.Module):
    """An encoder to 64 numbers, and a head on top of it."""

    def __init__(self, width, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = nn.Sequential(
            nn.Conv2d(1, width, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(width, 2 * width, 3, padding=1),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(2 * width * 7 * 7, 64),
        )
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(64, 10))

    def forward(self, images):
        return self.head(self.encoder(images))


def batches(count, epochs, seed):
    """The rows of each batch, and the epochs that are over after it."""
    generator = torch.Generator().manual_seed(seed)
    for epoch in range(epochs):
        order = torch.randperm(count, generator=generator)
        for from_ in range(0, count - BATCH + 1, BATCH):
            yield order[from_:from_ + BATCH], epoch + (from_ + BATCH) / count


def accuracy(model, images, labels):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item()
                    for x, y in zip(images.split(1_000), labels.split(1_000)))
    model.train(was_training)
    return right / len(labels)


def train(model, data, options, count, epochs, seed, monitor=None):
    images, labels, test_images, test_labels = data
    optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)
    model.train()
    steps = count // BATCH * epochs
    for step, (rows, epoch) in enumerate(batches(count, epochs, seed), start=1):
        loss = functional.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if monitor is not None:
            monitor.step(epoch=epoch, evaluations={"train_loss": loss.item()})  # the monitor
            if monitor.should_stop:
                print(f"stopped by the collector: {monitor.stop_reason}")
                break
        if step % max(1, steps // 10) == 0:
            some = accuracy(model, test_images[:TEST_IMAGES_ON_THE_WAY],
                            test_labels[:TEST_IMAGES_ON_THE_WAY])
            print(f"{step:6d}  loss {loss.item():.3f}  accuracy {some:.3f}", flush=True)
    print(f"accuracy on all test images: {accuracy(model, test_images, test_labels):.4f}")


def require_free(name, collector):
    """Ends here if the collector is away or has the reference, not after minutes of training."""
    request = urllib.request.Request(f"{collector}/v1/references/{name}",
                                     headers={"Accept": "application/json"})
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError as e:
        if e.code == 404:
            return
        sys.exit(f"fashion_mnist: {collector} answers {e}")
    except OSError as e:
        sys.exit(f"fashion_mnist: {collector} does not answer ({e}); start a collector by:"
                 " java -jar collector/target/latentgauge.jar serve")
    sys.exit(f"fashion_mnist: the collector has a reference {name} already; choose another name,"
             f" or delete it: curl -X DELETE {collector}/v1/references/{name}")


def make_reference(data, options):
    require_free(options.reference, options.collector)
    # Anchors and probes are training images that no run gets; their labels are not used.
    unlabelled = data[0][FIRST_PROBE_IMAGE:]
    probes = latentgauge.Probes.sample(unlabelled, anchors=128, probes=512, seed=42)
    count, epochs = shortened(REFERENCE_IMAGES, options.epochs or 2, options)
    good, second = Network(16, options.seed), Network(16, options.seed + 1)
    for seed, model in enumerate([good, second], start=options.seed):
        print(f"training with seed {seed}")
        train(model, data, options, count, epochs, seed)
    try:
        reference = latentgauge.create_reference(
            options.reference, good, "encoder", probes, collector=options.collector,
            floor=Network(16, options.seed + 2), ceiling=second)
    except (ValueError, latentgauge.Unavailable, latentgauge.Refused) as e:
        sys.exit(f"fashion_mnist: {e}")
    print(f"reference {reference}")


def monitored_run(data, options):
    count, epochs = shortened(RUN_IMAGES, options.epochs or 2, options)
    model = Network(options.width, options.seed)
    try:
        monitor = latentgauge.Monitor(  # the monitor
            model, "encoder", reference=options.against, run=options.run, attempt=options.attempt,
            # So often that a short training shows a curve; budget=0.01 costs a long one far less.
            collector=options.collector, every=max(1, count // BATCH * epochs // 20),
            dataset="Fashion-MNIST",
            tags={"lr": options.lr, "seed": options.seed, "width": options.width})
    except (ValueError, latentgauge.Unavailable, latentgauge.Refused) as e:
        sys.exit(f"fashion_mnist: {e}")
    with monitor:
        train(model, data, options, count, epochs, options.seed, monitor)
    print(f"its scores: {options.collector}/v1/runs/{options.run}/observations")


def shortened(count, epochs, options):
    return (BATCH * 20, 1) if options.quick else (count, epochs)


def arguments():
    parser = argparse.ArgumentParser(
        description="Trains on Fashion-MNIST with a Latentgauge monitor attached.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--reference", metavar="NAME", nargs="?", const="",
                      help="make a reference (if NAME is not given, fashion-cnn, or"
                           " fashion-cnn-quick with --quick)")
    what.add_argument("--run", metavar="NAME", help="train a run with a monitor")
    parser.add_argument("--attempt", metavar="N", type=int, default=1,
                        help="2 if a run of that name is there already, and so on (default: 1)")
    parser.add_argument("--against", metavar="NAME",
                        help="the reference of the run (by default that which --reference makes)")
    parser.add_argument("--lr", metavar="RATE", type=float, default=0.001,
                        help="learning rate of Adam (default: 0.001)")
    parser.add_argument("--seed", metavar="N", type=int,
                        help="of weights and batches (default: 1, for a run 10)")
    parser.add_argument("--epochs", metavar="N", type=int,
                        help="passes over the images (default: 2)")
    parser.add_argument("--width", metavar="N", type=int, default=16,
                        help="channels of the run's first convolution (default: 16)")
    parser.add_argument("--quick", action="store_true", help="20 updates: a smoke run")
    parser.add_argument("--data", metavar="DIR", type=pathlib.Path,
                        help="folder with the four .gz files of Fashion-MNIST; found or downloaded"
                             " if not given")
    parser.add_argument("--collector", metavar="URL", default=latentgauge.COLLECTOR,
                        help=f"address of the collector (default: {latentgauge.COLLECTOR})")
    options = parser.parse_args()
    if not options.lr > 0:
        parser.error(f"--lr must be above 0, but is {options.lr}")
    if options.width < 1 or (options.epochs is not None and options.epochs < 1):
        parser.error("--width and --epochs must be at least 1")
    if options.seed is None:
        options.seed = 10 if options.run else 1
    usual = "fashion-cnn-quick" if options.quick else "fashion-cnn"
    options.reference = options.reference or usual
    options.against = options.against or usual
    return options


def main():
    options = arguments()
    try:
        data = fashion_mnist_data.load(options.data)
    except fashion_mnist_data.DataError as e:
        sys.exit(f"fashion_mnist: {e}")
    if options.run:
        monitored_run(data, options)
    else:
        make_reference(data, options)


if __name__ == "__main__":
    main()
