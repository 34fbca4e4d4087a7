"""Searches hyperparameters on Fashion-MNIST with Optuna; a collector prunes, by scores.

usage: search.py [NAME] [--trials N] [--epochs N] [--seed N]

Needs PyTorch, Optuna, and a collector at http://127.0.0.1:9475 unless --collector says another one:
java -jar collector/target/latentgauge.jar serve. If it lets nobody in without a token,
LATENTGAUGE_TOKEN must be one of an administrator, which defining a policy takes.

The search sees no label but those that a network trains on: scores decide which trials are pruned,
and are what Optuna makes as large as it can. Accuracies are computed for the table alone.
"""

import argparse
import pathlib
import sys
import time
from dataclasses import dataclass

import optuna
import torch
from torch import nn
from torch.nn import functional

import fashion_mnist_data
import latentgauge
from optuna_pruner import REASON, CollectorPruner, run_of

BATCH = 64
TRAINED = slice(0, 6_400)
TRAINED_BY_THE_REFERENCE = slice(20_000, 40_000)
VALIDATED = slice(40_000, 45_000)
UNLABELLED = slice(50_000, 60_000)
REFERENCE_EPOCHS = 4


class Network(nn.Module):
    """An encoder to 32 numbers, and a head on top of it."""

    def __init__(self, width, dropout, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = nn.Sequential(
            nn.Flatten(),
            nn.Linear(28 * 28, width),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(width, 32),
        )
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(32, 10))

    def forward(self, images):
        return self.head(self.encoder(images))


@dataclass
class Trained:
    """What became of the network of a trial, for the table."""

    epochs: int
    accuracy: float


def train_epoch(model, optimizer, images, labels, generator, after_step=lambda part: None):
    """One pass over the images; after each step it is told which part of them is done."""
    model.train()
    order = torch.randperm(len(images), generator=generator)
    for start in range(0, len(order), BATCH):
        rows = order[start:start + BATCH]
        loss = functional.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        after_step((start + len(rows)) / len(order))


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()


class Search:
    """A study, its trials, and what the table tells of them."""

    def __init__(self, data, options):
        self.images, self.labels = data
        self.options = options
        self.trained = {}

    def __call__(self, trial):
        """Trains one network; answers its score, which no label has a part in."""
        rate = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        width = trial.suggest_int("width", 4, 128, log=True)
        dropout = trial.suggest_float("dropout", 0.0, 0.8)
        model = Network(width, dropout, seed=100 + trial.number)
        steps = -(-len(self.images[TRAINED]) // BATCH)
        monitor = latentgauge.Monitor(
            model, "encoder", reference=self.options.name, run=run_of(trial), every=steps,
            collector=self.options.collector, dataset="Fashion-MNIST",
            tags={"sweep": self.options.name, **trial.params})
        try:
            with monitor:
                return self.train(trial, model, torch.optim.Adam(model.parameters(), rate), monitor)
        finally:
            right = accuracy(model, self.images[VALIDATED], self.labels[VALIDATED])
            self.trained[trial.number].accuracy = right

    def train(self, trial, model, optimizer, monitor):
        images, labels = self.images[TRAINED], self.labels[TRAINED]
        generator = torch.Generator().manual_seed(trial.number)
        for epoch in range(1, self.options.epochs + 1):
            self.trained[trial.number] = Trained(epoch, 0.0)
            train_epoch(model, optimizer, images, labels, generator,
                        lambda part: monitor.step(epoch=epoch - 1 + part))
            # So short an epoch would be over before its score is there; others need not wait.
            monitor.flush()
            trial.report(score(monitor), epoch)  # for the sampler: the pruner does without
            if trial.should_prune():
                raise optuna.TrialPruned(monitor.stop_reason)
        return score(monitor)


def score(monitor):
    """The newest score; as if by chance for what has none, such as weights that are no numbers."""
    return monitor.scores.get("encoder", 0.0)


def make_reference(data, options):
    """Two networks that are trained longer, on images that no trial gets, and one that is not."""
    images, labels = data
    # Anchors and probes are images that nothing is trained on; their labels are not used.
    probes = latentgauge.Probes.sample(images[UNLABELLED], anchors=128, probes=512, seed=42)
    good, second = Network(128, 0.2, seed=1), Network(128, 0.2, seed=2)
    for seed, model in enumerate([good, second]):
        optimizer = torch.optim.Adam(model.parameters(), 0.001)
        generator = torch.Generator().manual_seed(seed)
        for _ in range(REFERENCE_EPOCHS):
            train_epoch(model, optimizer, images[TRAINED_BY_THE_REFERENCE],
                        labels[TRAINED_BY_THE_REFERENCE], generator)
    right = accuracy(good, images[VALIDATED], labels[VALIDATED])
    latentgauge.create_reference(options.name, good, "encoder", probes, ceiling=second,
                                 floor=Network(128, 0.2, seed=3), collector=options.collector)
    print(f"reference {options.name}, accuracy {right:.3f}", flush=True)


def define_policy(options):
    # After epochs 1, 2, 4 and so on, the better half of those that came so far goes on.
    policy = {"tags": {"sweep": options.name}, "watch": "score", "resource": "epoch",
              "rule": "successive-halving", "reductionFactor": 2, "minPeers": 3,
              "maxResource": options.epochs}
    defined = latentgauge.define_policy(options.name, policy, collector=options.collector)
    if any(defined["decisions"].values()):
        raise ValueError(f"there was a search {options.name} already; choose another name")


def print_table(study, search):
    print("trial  lr       width  dropout  epochs  state      score  accuracy")
    for trial in study.trials:
        trained = search.trained[trial.number]
        newest = trial.intermediate_values[max(trial.intermediate_values)]
        print(f"{trial.number:5d}  {trial.params['lr']:.1e}  {trial.params['width']:5d}"
              f"  {trial.params['dropout']:7.2f}  {trained.epochs:6d}  {state(trial):9s}"
              f"  {newest:5.3f}  {trained.accuracy:8.3f}  {trial.user_attrs.get(REASON, '')}")
    epochs = sum(trained.epochs for trained in search.trained.values())
    most = len(study.trials) * search.options.epochs
    print(f"epochs trained: {epochs} of {most}, {1 - epochs / most:.0%} saved")
    best = search.trained[study.best_trial.number].accuracy
    highest = max(search.trained, key=lambda number: search.trained[number].accuracy)
    print(f"the best score: trial {study.best_trial.number}, accuracy {best:.3f};"
          f" the highest accuracy: trial {highest}, {search.trained[highest].accuracy:.3f}")


def state(trial):
    return {"COMPLETE": "completed"}.get(trial.state.name, trial.state.name.lower())


def arguments():
    parser = argparse.ArgumentParser(
        description="Searches hyperparameters on Fashion-MNIST; a collector prunes, by scores.")
    parser.add_argument("name", metavar="NAME", nargs="?",
                        default=time.strftime("search-%Y%m%d-%H%M%S"),
                        help="of the study, its reference and its policy; a new one each time"
                             " (default: the time)")
    parser.add_argument("--trials", metavar="N", type=int, default=16,
                        help="how many networks are trained (default: 16)")
    parser.add_argument("--epochs", metavar="N", type=int, default=8,
                        help="how long, those that are not pruned (default: 8)")
    parser.add_argument("--seed", metavar="N", type=int, default=0,
                        help="of Optuna's sampler (default: 0)")
    parser.add_argument("--data", metavar="DIR", type=pathlib.Path,
                        help="folder with the four .gz files of Fashion-MNIST; found or downloaded"
                             " if not given")
    parser.add_argument("--collector", metavar="URL", default=latentgauge.COLLECTOR,
                        help=f"address of the collector (default: {latentgauge.COLLECTOR})")
    options = parser.parse_args()
    if options.trials < 1 or options.epochs < 2:
        parser.error("--trials must be at least 1, and --epochs at least 2")
    return options


def main():
    options = arguments()
    optuna.logging.set_verbosity(optuna.logging.WARNING)  # the monitors say which are to stop
    try:
        images, labels, _, _ = fashion_mnist_data.load(options.data)
        define_policy(options)
        make_reference((images, labels), options)
        study = optuna.create_study(
            study_name=options.name, direction="maximize",
            pruner=CollectorPruner(options.collector),
            sampler=optuna.samplers.TPESampler(seed=options.seed))
        search = Search((images, labels), options)
        study.optimize(search, n_trials=options.trials)
    except (fashion_mnist_data.DataError, ValueError, latentgauge.Unavailable,
            latentgauge.Refused) as e:
        sys.exit(f"search: {e}")
    print_table(study, search)
    print(f"its decisions: {options.collector}/v1/policies/{options.name}/decisions")


if __name__ == "__main__":
    main()
