"""Fashion-MNIST as tensors: 60,000 + 10,000 grey images of 28 x 28 pixels, in ten classes.

Looks in a given folder or else where the Java examples look: in Debian's package
dataset-fashion-mnist, in ../shared/data/fashion-mnist, and in the user's cache folder, to which it
is downloaded if it is not there (31 MB). Every file is checked against its SHA-256, wherever it
comes from. PyTorch and the standard library.
"""

import gzip
import hashlib
import os
import pathlib
import urllib.request
import zlib

import torch

# The uncompressed contents: publishers and packagers compress the same one to different files.
FILES = {
    "train-images-idx3-ubyte.gz": (
        (60_000, 28, 28), "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    "train-labels-idx1-ubyte.gz": (
        (60_000,), "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    "t10k-images-idx3-ubyte.gz": (
        (10_000, 28, 28), "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    "t10k-labels-idx1-ubyte.gz": (
        (10_000,), "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
}
FOLDERS = [
    pathlib.Path("/usr/share/datasets/fashion-mnist"),
    pathlib.Path("../shared/data/fashion-mnist"),
]
# Both are the authors' own; the second is plain HTTP, which the checksum makes up for.
PUBLISHERS = [
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
]
REMEDY = ("On Debian and Ubuntu, get it with: apt-get install dataset-fashion-mnist. Elsewhere,"
          " download its four .gz files from https://github.com/zalandoresearch/fashion-mnist and"
          " give their folder with: --data DIR")
SECONDS_WITHOUT_A_BYTE = 30

# Of the training pixels, scaled to [0, 1].
MEAN, STANDARD_DEVIATION = 0.2860, 0.3530


class DataError(Exception):
    """The data is not here and cannot be had, or a file is damaged."""


def load(folder=None):
    """Reads all images and labels.

    Args:
        folder: has the four .gz files; searched for, and at last downloaded, if it is None.

    Returns:
        Training images (60,000, 1, 28, 28) in float32, standardised; their labels in int64; and
        the same of 10,000 test images.

    Raises:
        DataError: if a file is missing and cannot be downloaded, or is not what it should be.
    """
    folder = _whole_folder(folder)
    images, labels, test_images, test_labels = (_read(folder / name, name) for name in FILES)
    return _standardised(images), labels.long(), _standardised(test_images), test_labels.long()


def _standardised(pixels):
    return ((pixels.float() / 255 - MEAN) / STANDARD_DEVIATION).unsqueeze(1)


def _whole_folder(folder):
    if folder is not None:
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise DataError(f"{folder} must have {', '.join(missing)}, but has not. {REMEDY}")
        return folder
    for candidate in FOLDERS:
        if all((candidate / name).is_file() for name in FILES):
            return candidate
    cache = _cache_folder()
    for name in FILES:
        if not _is_right(cache / name, name):
            _download(name, cache)
    return cache


def _cache_folder():
    chosen = pathlib.Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = chosen if chosen.is_absolute() else pathlib.Path.home() / ".cache"
    return base / "latentgauge" / "fashion-mnist"


def _is_right(file, name):
    try:
        _read(file, name)
        return True
    except DataError:
        return False


def _read(file, name):
    """The values of one file, as its publisher has it."""
    shape, checksum = FILES[name]
    header = 4 + 4 * len(shape)
    size = header + torch.Size(shape).numel()
    try:
        with gzip.open(file) as stream:
            content = stream.read(size + 1)  # never more memory than the right content needs
    except (OSError, EOFError, zlib.error) as e:
        raise DataError(f"{file} is not a whole {name}: {e}. {REMEDY}") from e
    actual = hashlib.sha256(content).hexdigest()
    if actual != checksum:
        raise DataError(f"{file} is not {name}: the SHA-256 of its uncompressed content must be"
                        f" {checksum}, but is {actual}. {REMEDY}")
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=header).view(shape)


def _download(name, folder):
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{name}.{os.getpid()}.partial"
    failures = []
    try:
        for publisher in PUBLISHERS:
            print(f"downloading {publisher}{name}", flush=True)
            try:
                _transfer(publisher + name, partial, 2 * torch.Size(FILES[name][0]).numel())
                _read(partial, name)
                partial.replace(folder / name)
                return
            except (OSError, DataError) as e:
                failures.append(f"{publisher}: {e}")
    finally:
        partial.unlink(missing_ok=True)
    raise DataError(f"Fashion-MNIST is in none of {', '.join(map(str, [*FOLDERS, folder]))}, and"
                    f" {name} could not be downloaded ({'; '.join(failures)}). {REMEDY}")


def _transfer(address, file, most):
    with urllib.request.urlopen(address, timeout=SECONDS_WITHOUT_A_BYTE) as response:
        content = response.read(most)
    file.write_bytes(content)
