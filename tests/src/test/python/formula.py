"""The score of a measurement as one writes it in PyTorch, to time it beside Latentgauge's: formula.py THREADS DEVICE.

Reads one command a line from standard input, a JSON object, and answers each by one line:

{"anchors": [[...]], "probes": [[...]], "other_anchors": [[...]], "other_probes": [[...]]}
    the score of the former against the latter, and its standard error
{"n": N, "k": K, "d": D, "work": "forward", "repetitions": R}
    the seconds that R measurements of random embeddings took; "backward": with their gradients; "product": of the
    matrix product alone
"""

import json
import math
import sys
import time

import torch
from torch.nn import functional


def cosines(anchors, probes):
    return functional.normalize(probes, dim=1) @ functional.normalize(anchors, dim=1).T


def temperature(rows):
    """Where the mean entropy of the rows' softmax is log(k/8): Halley's method on its logarithm, from where normal rows
    would have it."""
    target = math.log(rows.shape[1] / 8)
    low, high = math.log(0.05), math.log(50)
    lower, upper, before = low - 1, high + 1, math.inf
    start = math.sqrt(rows.var(1, unbiased=False).mean().item() / (2 * math.log(8)))
    logarithm = max(low, min(high, math.log(max(start, 1e-300))))
    for _ in range(100):
        scaled = rows / math.exp(logarithm)
        logs = scaled.log_softmax(1)
        weights = logs.exp()
        term = weights * scaled
        first = term.sum(1)
        term *= scaled
        second = term.sum(1)
        third = (term * scaled).sum(1)
        variance = second - first.square()
        curvature = -(2 * variance + third - 3 * first * second + 2 * first.pow(3)).mean().item()
        slope = variance.mean().item()
        missing = target + (weights * logs).sum(1).mean().item()
        if missing < 0:
            upper = logarithm
        else:
            lower = logarithm
        after = logarithm + 2 * missing * slope / (2 * slope * slope + missing * curvature)
        trusted = lower < after < upper and abs(missing) < before / 2
        after = max(low, min(high, after if trusted else (lower + upper) / 2))
        step = abs(after - logarithm)
        logarithm, before = after, abs(missing)
        if step == 0 or trusted and step < 1e-2 and before < 0.1:
            break
    return math.exp(logarithm)


def profiles(relative):
    centred = relative - relative.mean(0)
    standardised = centred / (centred.square().mean(0) + 1e-10).sqrt()
    n = len(standardised)
    sample = standardised if n <= 64 else standardised[[i * n // 64 for i in range(64)]]
    with torch.no_grad():
        degree = temperature(sample.detach().double())
    return ((standardised / degree).log_softmax(1) / 2).exp()


def centred(profile):
    mean = profile.mean(0)
    rows = profile - mean
    squares = rows.square().sum(1)
    return mean, rows, squares, squares.mean()


def compare(run, reference):
    n = len(run[1])
    products = (run[1] * reference[1]).sum(1)
    product = products.mean()
    shift = reference[0] - run[0]
    beyond_chance = (run[3] + reference[3] + shift.square().sum()) / 2 + product / (n - 1)
    score = n / (n - 1) * product / beyond_chance
    return products, product, shift, beyond_chance, score


def measure(anchors, probes, reference):
    run = centred(profiles(cosines(anchors, probes)))
    products, product, shift, beyond_chance, score = compare(run, reference)
    spread = (run[3] + reference[3] - run[2] - reference[2]) / 2
    drift = ((run[1] - reference[1]) * shift).sum(1)
    influences = (products - product + (spread + drift) * score) / beyond_chance
    n = len(influences)
    error = math.sqrt(influences.double().square().sum().item() / (n * (n - 1)))
    return score.item(), error


def finish(result):
    """Waits for a GPU, which has taken on all that it was asked for."""
    if result.is_cuda:
        result.flatten()[0].item()


class Embeddings:
    def __init__(self, n, k, d, device):
        torch.manual_seed(7)
        self.anchors, self.probes = (torch.randn(rows, d, device=device) for rows in (k, n))
        others = (torch.randn(rows, d, device=device) for rows in (k, n))
        self.reference = centred(profiles(cosines(*others)))

    def product(self):
        with torch.no_grad():
            finish(self.probes @ self.anchors.T)

    def forward(self):
        with torch.no_grad():
            measure(self.anchors, self.probes, self.reference)

    def backward(self):
        anchors = self.anchors.requires_grad_(True)
        probes = self.probes.requires_grad_(True)
        score = compare(centred(profiles(cosines(anchors, probes))), self.reference)[-1]
        score.backward()
        finish(score)
        anchors.grad = probes.grad = None


def answer(command, known, device):
    if "n" not in command:
        names = ("anchors", "probes", "other_anchors", "other_probes")
        anchors, probes, *others = (torch.tensor(command[name], device=device) for name in names)
        return measure(anchors, probes, centred(profiles(cosines(*others))))
    size = command["n"], command["k"], command["d"]
    if size not in known:
        known.clear()
        known[size] = Embeddings(*size, device)
    work = getattr(known[size], command["work"])
    begin = time.perf_counter()
    for _ in range(command["repetitions"]):
        work()
    return time.perf_counter() - begin


def main():
    torch.set_num_threads(int(sys.argv[1]))
    device = torch.device(sys.argv[2])
    torch.zeros(1, device=device)
    print(torch.__version__, flush=True)
    known = {}
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), known, device)), flush=True)


if __name__ == "__main__":
    main()
