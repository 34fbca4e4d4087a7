"""The definitions once more, in NumPy and double precision, and a writer of safetensors files.

Shares no code with the project: a mistake would have to be made twice to stay unseen. Writes a pair
of embedding files and, to standard output, what `compare` has to say of them as JSON.

usage: oracle.py SEED PROFILE DTYPE REFERENCE CANDIDATE
"""

import json
import struct
import sys

import numpy as np


def write(path, arrays, metadata):
    names = {np.dtype("float16"): "F16", np.dtype("float32"): "F32", np.dtype("float64"): "F64",
             np.dtype("int32"): "I32", np.dtype("int64"): "I64"}
    header, offset = {"__metadata__": metadata}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": names[array.dtype], "shape": list(array.shape),
                        "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).tobytes())


def cosines(anchors, probes):
    def unit(rows):
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
    return unit(probes) @ unit(anchors).T


def softmax(rows, temperature):
    weights = np.exp((rows - rows.max(axis=1, keepdims=True)) / temperature)
    return weights / weights.sum(axis=1, keepdims=True)


def mean_entropy(rows, temperature):
    p = softmax(rows, temperature)
    return -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(axis=1).mean()


def adaptive_temperature(rows):
    n, k = rows.shape
    subset = rows if n <= 64 else rows[np.arange(64) * n // 64]
    low, high = 1e-4, 100.0
    for _ in range(100):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if mean_entropy(subset, middle) < np.log(k / 8) else (low, middle)
    return min(max(low, 0.05), 50.0)


def standardised(rows):
    counted = rows.any(axis=1, keepdims=True)
    mean = rows[counted[:, 0]].mean(axis=0)
    deviation = np.sqrt(rows[counted[:, 0]].var(axis=0) + 1e-10)
    return np.where(counted, (rows - mean) / deviation, 0)


def profiles(name, rows):
    n, k = rows.shape
    zero = ~rows.any(axis=1)
    kind, _, parameter = name.partition(":")
    if kind == "cosine":
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        u = np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
    elif kind == "standardised":
        return profiles("soft", standardised(rows))
    elif kind == "soft":
        u = np.sqrt(softmax(rows, float(parameter) if parameter else adaptive_temperature(rows)))
    else:
        m = int(parameter)
        u = np.zeros_like(rows)
        np.put_along_axis(u, np.argsort(-rows, axis=1, kind="stable")[:, :m], 1 / np.sqrt(m), axis=1)
    u[zero] = 1 / np.sqrt(k)
    return u


def score(products):
    n = len(products)
    similarity = np.trace(products) / n
    chance = (products.sum() - np.trace(products)) / (n * (n - 1))
    return similarity, chance, (similarity - chance) / (1 - chance)


def jackknife(products):
    n = len(products)
    left = np.array([score(np.delete(np.delete(products, i, 0), i, 1))[2] for i in range(n)])
    return np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())


def linear_cka(x, y):
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    singular = np.linalg.svd(x.T @ y, compute_uv=False)
    return (singular ** 2).sum() / np.linalg.norm(x.T @ x) / np.linalg.norm(y.T @ y)


def effective_rank(x):
    eigenvalues = np.linalg.svd(x - x.mean(axis=0), compute_uv=False) ** 2
    return eigenvalues.sum() ** 2 / (eigenvalues ** 2).sum()


def neighbour_overlap(u, v):
    m = max(1, int(np.floor(u.shape[1] / 16 + 0.5)))
    near = [set(np.argsort(-row)[:m]) for row in u]
    far = [set(np.argsort(-row)[:m]) for row in v]
    return np.mean([len(a & b) / m for a, b in zip(near, far)])


def main(seed, profile, dtype, reference_path, candidate_path):
    random = np.random.default_rng(int(seed))
    # More anchors than the nearest four that a profile marks: all of them would tell nothing apart.
    n, k = int(random.integers(3, 300)), int(random.integers(5, 140))
    d, other = int(random.integers(2, 90)), int(random.integers(2, 90))
    centres = random.normal(size=(6, d))
    inputs = centres[random.integers(0, 6, size=k + n)] + .5 + .7 * random.normal(size=(k + n, d))
    run = (inputs + .4 * random.normal(size=inputs.shape)) @ random.normal(size=(d, other)) * 3
    reference, candidate = inputs.astype(dtype), run.astype(dtype)
    predictions = random.integers(0, 4, size=n).astype(np.int32)
    guesses = np.where(random.random(n) < .7, predictions, 0).astype(np.int64)
    write(reference_path, {"probes": reference[k:], "predictions": predictions,
                           "anchors": reference[:k]}, {"model": "good", "probes": "one set"})
    write(candidate_path, {"anchors": candidate[:k], "predictions": guesses,
                           "probes": candidate[k:]}, {"probes": "one set"})
    x, y = candidate.astype(np.float64), reference.astype(np.float64)
    r, s = cosines(x[:k], x[k:]), cosines(y[:k], y[k:])
    products = profiles(profile, r) @ profiles(profile, s).T
    similarity, chance, value = score(products)
    print(json.dumps({
        "profile": profile, "similarity": similarity, "chance": chance, "score": value,
        "standardError": jackknife(products), "probes": n, "anchors": k,
        "companions": {
            "linear_cka": linear_cka(x[k:], y[k:]), "effective_rank": effective_rank(x[k:]),
            "neighbour_overlap": neighbour_overlap(r, s),
            "prediction_agreement": float(np.mean(predictions == guesses))}}))


if __name__ == "__main__":
    main(*sys.argv[1:])
