"""Latentgauge for PyTorch: how good a representation is becoming while it trains, without labels.

One file, PyTorch and the standard library; copy it beside your training script::

    import latentgauge

    # Once, with a good model. The reference holds the probes, so that runs need none of their own.
    probes = latentgauge.Probes.sample(unlabelled_dataset)
    latentgauge.create_reference("cnn-v1", good_model, "encoder", probes, floor=untrained_model)

    # In any run:
    monitor = latentgauge.Monitor(model, "encoder", reference="cnn-v1", run="lr-0.01")
    for inputs, labels in loader:
        ...
        optimizer.step()
        monitor.step()
        if monitor.should_stop:
            break
    monitor.close()

    # Or without any reference, to compare runs with each other; all with the same probes.
    monitor = latentgauge.Monitor(model, "encoder", run="lr-0.01", probes=probes)

Every so often the monitor embeds a fixed set of inputs, the *anchors* and *probes*, and posts the
embeddings to a collector, which scores how far their relative representation agrees with the one of
the reference. What it promises to the training:

* It changes nothing: parameters, buffers, gradients, modes, attributes and random states are bit
  for bit what they would have been without it.
* It waits for nobody: ``step`` never touches the network or the disk; a thread does, with bounded
  memory. What the collector cannot take now is kept in files and delivered later.
* It does not fail: mistakes are raised when it is attached, and so is what the model makes of the
  probes then. After that it raises nothing; a failed observation is counted, logged and reported as
  undefined, and three in a row switch it off.

Contents: ``Monitor``; ``create_reference``; ``Probes``; ``define_policy``, ``run_name`` and
``Decisions``, for searches; ``upload``; ``Unavailable``, ``Refused``; callbacks for Lightning and
Transformers; then, below, how it is done: the pass through the model, when to observe, reports and
the thread that sends them, the spool, the collector, safetensors, and what is checked.
``python3 latentgauge.py upload DIR`` delivers what a run left behind.
"""

from __future__ import annotations

import argparse
import atexit
import ctypes
import difflib
import email.message
import hashlib
import http.client
import itertools
import json
import logging
import math
import os
import platform
import random
import re
import sys
import threading
import time
import weakref
from collections import deque
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, ContextManager, Deque, Dict, Iterable, Iterator, List, Mapping
from typing import MutableMapping, NamedTuple, Optional, Pattern, Sequence, Set, Tuple, Union
from urllib.parse import quote, urlencode, urlsplit

import torch
from torch import Tensor, nn

__all__ = [
    "Decisions",
    "Monitor",
    "Probes",
    "Refused",
    "Unavailable",
    "create_reference",
    "define_policy",
    "lightning_callback",
    "run_name",
    "transformers_callback",
    "upload",
]

COLLECTOR = os.environ.get("LATENTGAUGE_COLLECTOR", "http://127.0.0.1:9475")
DIRECTORY = "latentgauge-spool"

# In a sketch, as the collector has it.
MOST_COSINES = 1 << 20

Inputs = Union[Tensor, Sequence[Tensor]]
Forward = Callable[..., Any]

_log = logging.getLogger("latentgauge")

# The monitors of this process, by the addresses of their collectors and the names of their runs.
_monitors: MutableMapping[Tuple[str, str], Monitor] = weakref.WeakValueDictionary()


# --------------------------------------------------------------------------------------------------
# The public API
# --------------------------------------------------------------------------------------------------


class Monitor:
    """Observes one training from inside, and reports it to a collector.

    The first observation is made by the constructor, before any update, as a baseline. Further ones
    are made by ``step``, and a last one by ``close``. Use it from one thread, the one that trains.

    In a distributed training the process of rank 0 observes and reports; in all others every method
    does nothing. ``DistributedDataParallel`` and ``DataParallel`` are looked through, and of a
    compiled model the original is run. Sharded models are refused: a pass by one process alone
    would wait for the others for ever.

    Modules run with their ``training`` flag off during the pass, set directly and not by
    ``eval()``, which may do more. Attributes that a module sets on itself are set back afterwards,
    but not what is within a list or a mapping, or a script. Forward hooks of your own are called by
    the pass as by any other, except those of modules that it leaves early: it ends at the last
    monitored layer.

    Outputs become one vector an input, as the Java agent makes them: (n, d) is taken as it is,
    (n, tokens, d) is averaged over the tokens, (n, d, ...) over all but the first two dimensions.
    Of several outputs the first tensor is taken, of a module that runs several times the first run.

    Args:
        model: what is trained.
        layer: the name of a submodule as ``model.named_modules()`` has it, or several names.
        reference: the reference to be compared with, ``NAME`` or ``NAME@FINGERPRINT``; or None, to
            be compared with other runs alone. Then nothing is scored, and neither scores nor
            evaluations and failures are shown; ``should_stop`` works all the same.
        run: the name of this training; letters, digits and ``. _ * @ -``, at most 128.
        probes: the inputs of the reference. Without them they are fetched from the collector, for
            which the constructor waits, or taken from an earlier run's copy. Without a reference
            they must be given, and be the same in all runs that are to be compared.
        collector: the address of the collector; by default LATENTGAUGE_COLLECTOR of the
            environment, else the one that a collector on this machine has.
        every: observe after every so many steps, at least 1; 100 unless there is a ``budget``.
        budget: instead, the share of the training time that observing may take, above 0 to 1: the
            next observation waits until those before it cost no more than that.
        tags: hyperparameters and whatever else tells runs apart; at most 32.
        attempt: which process trains the run, from 1; a resumed run needs a new one.
        dataset: what it is trained on, for people.
        command: how to start it again, for people.
        start_step: updates that the model had before, in a resumed run.
        directory: a folder for what cannot be delivered now, shared by any number of runs; created
            when it is needed. None keeps nothing, and drops what cannot be delivered.
        spool_bytes: how large the folder may grow; beyond that, the oldest observations go.
        batch_size: how many inputs go through the model at once.
        predictions: whether to send the predicted classes too, if ``model`` answers (n, classes)
            and shares its classes with the reference. The pass then runs the whole model.
        sketch: whether the collector keeps a sketch of each layer's embeddings, the newest, by
            which runs are compared with each other; sends nothing more, and needs a collector that
            has ``/v1/comparisons``. By default where there is no reference, and only there.
        forward: calls the model, ``forward(model, *inputs)``, where ``model(*inputs)`` will not do;
            it is given the model without its wrappers.
        rank: the rank of this process; by default from torch.distributed, else from RANK, else 0.
        device: where inputs go; by default to the device of the first parameter.
        autocast: the type to run the pass in, such as ``torch.bfloat16``. By default floating-point
            inputs are converted to the type of the first floating-point parameter, and autocast is
            off even where the training has it on.
        token: sent as ``Authorization: Bearer``; by default LATENTGAUGE_TOKEN of the environment.
            Neither logged nor written to files.

    Raises:
        ValueError: if anything is wrong with the arguments; the message lists every mistake. Also
            if the first pass of the probes through the model fails.
        Unavailable: if the inputs have to come from the collector, it does not answer, and there is
            no copy of an earlier run. With ``probes`` a collector that is away is no error.
    """

    MOST_FAILURES = 3
    MOST_EVALUATIONS = 32
    LONGEST_NAME = 128

    def __init__(
        self,
        model: nn.Module,
        layer: Union[str, Sequence[str]],
        *,
        reference: Optional[str] = None,
        run: str,
        probes: Optional[Probes] = None,
        collector: str = COLLECTOR,
        every: Optional[int] = None,
        budget: Optional[float] = None,
        tags: Optional[Mapping[str, Any]] = None,
        attempt: int = 1,
        dataset: Optional[str] = None,
        command: Optional[str] = None,
        start_step: int = 0,
        directory: Union[str, os.PathLike, None] = DIRECTORY,
        spool_bytes: int = 256 << 20,
        batch_size: int = 256,
        predictions: bool = False,
        sketch: Optional[bool] = None,
        forward: Optional[Forward] = None,
        rank: Optional[int] = None,
        device: Union[str, torch.device, None] = None,
        autocast: Optional[torch.dtype] = None,
        token: Optional[str] = None,
    ):
        layers = tuple(layer) if isinstance(layer, (list, tuple)) else (layer,)
        options = _PassOptions(batch_size, predictions, forward, device, autocast)
        info = _Run(run, attempt, dataset, command, {} if tags is None else tags)
        _raise_if_any(
            "the monitor cannot be attached",
            _model_mistakes(model),
            _layer_mistakes(model, layers),
            _purpose_mistakes(reference, probes, sketch, predictions),
            info.mistakes(),
            options.mistakes(),
            _collector_mistakes(collector),
            _token_mistakes(token),
            _cadence_mistakes(every, budget),
            _least("start_step", start_step, 0),
            _least("spool_bytes", spool_bytes, 0),
            _probes_mistakes(probes),
        )
        self._process = os.getpid()
        self._observing = _rank(rank) == 0
        self._reporter: Optional[_Reporter] = None
        self._stop: Optional[str] = None
        self._failures = 0
        if not self._observing:
            return
        client = _Collector(collector, token)
        folder = None if directory is None else Path(directory) / client.folder_name
        probes = probes or _fetched_probes(reference, client, folder)
        self._run = info
        self._reference = reference
        self._fingerprint = probes.fingerprint
        self._sketch = reference is None if sketch is None else bool(sketch)
        self._embedder = _Embedder(model, layers, probes, options)
        self._steps = start_step
        self._stepped = False
        self._epoch: Optional[float] = None
        self._evaluations: Dict[str, Any] = {}
        self._observed_at: Optional[int] = None
        self._failures_in_a_row = 0
        self._complaints = _Complaints()
        self._stopwatch = _Stopwatch(start_step)
        self._due = _Budget(budget) if budget is not None else _EverySteps(every or 100)
        baseline = self._baseline(probes)
        self._reporter = _Reporter(client, _Spool(folder, client.url, spool_bytes), info)
        self._reporter.submit(info.registration(self._embedder.model_name))
        self._submit(baseline)
        _monitors[client.url, run] = self

    def step(
        self,
        *,
        epoch: Optional[float] = None,
        evaluations: Optional[Mapping[str, Any]] = None,
        step: Optional[int] = None,
    ) -> None:
        """Says that one more update was applied; observes, if it is time to. Never raises.

        Args:
            epoch: passes over the data so far, such as 1.5; the last one given is kept.
            evaluations: what else is known, such as ``{"loss": loss}``: numbers, or tensors of one,
                which are read when there is an observation and not before. The newest value of each
                name goes with the next observation; at most 32, those that are finite.
            step: how many updates were applied in all, for loops that count themselves.
        """
        if not self._here():
            return
        self._reporter.stop_followed = False
        try:
            self._count(step)
            self._note(epoch, evaluations)
        except Exception as failure:
            self._complain("what step was given cannot be used", failure)
        if self._due(self._steps, self._stopwatch):
            self.measure()

    def measure(self) -> None:
        """Observes now, unless the model was observed at this step already. Never raises."""
        if not self._here() or not self._observing or self._observed_at == self._steps:
            return
        try:
            self._submit(self._embedded())
            self._failures_in_a_row = 0
        except Exception as failure:
            self._complain("an observation failed, the training goes on", failure)
            self._count_failure(failure)

    @property
    def should_stop(self) -> bool:
        """Whether the collector advised to end the training; on rank 0 alone, see ``sync``."""
        if self._here() and self._reporter.stop_reason is not None:
            self._stop = self._reporter.stop_reason
            self._reporter.stop_followed = True
        return self._stop is not None

    @property
    def stop_reason(self) -> Optional[str]:
        """Why the collector advised to end the training, or None if it did not."""
        return self._reporter.stop_reason if self._here() else self._stop

    @property
    def scores(self) -> Dict[str, float]:
        """The newest score of each layer that has one, as far as the collector has answered."""
        return dict(self._reporter.scores) if self._here() else {}

    def flush(self, timeout: float = 30.0) -> bool:
        """Waits until the collector has answered all that was reported. Never raises.

        For trainings so short that they would be over before it has: afterwards ``should_stop`` and
        ``scores`` are those of the newest observation.

        Args:
            timeout: how many seconds it may take.

        Returns:
            Whether all is answered; False at once where the collector cannot take reports now.
        """
        return not self._here() or self._reporter.flush(timeout)

    def sync(self) -> bool:
        """Tells all processes of a distributed training whether to stop.

        A collective operation: every process must call it at the same step, and it waits for all of
        them. Errors of torch.distributed are raised. Without torch.distributed, ``should_stop``.

        Returns:
            ``should_stop``, the same in every process.
        """
        if not _is_distributed():
            return self.should_stop
        reasons = [self.stop_reason]
        torch.distributed.broadcast_object_list(reasons, src=0)
        # Not should_stop: advice that arrived in the meantime, the others have not heard of.
        self._stop = reasons[0]
        if self._stop is not None and self._here():
            self._reporter.stop_followed = True
        return self._stop is not None

    @property
    def failures(self) -> int:
        """How many observations failed so far."""
        return self._failures

    @property
    def spooled(self) -> int:
        """How many reports wait in files, those of earlier runs included."""
        return self._reporter.spooled if self._reporter else 0

    @property
    def dropped(self) -> int:
        """How many reports were dropped: refused by the collector, or for want of room."""
        return self._reporter.dropped if self._reporter else 0

    def close(
        self, state: Optional[str] = None, reason: str = "", *, timeout: float = 30.0
    ) -> None:
        """Observes once more, delivers what waits, and ends the run. Never raises.

        What cannot be delivered is kept in files. Closing again does nothing. A run that nobody
        closed is ended, without the last observation, when the interpreter ends: as failed if an
        exception ended it, else as stopped, since nobody said that it was complete. A signal that
        kills the process ends no run.

        Args:
            state: ``completed``, ``stopped`` or ``failed``; by default, and for anything else,
                ``stopped`` if ``should_stop`` was true and no step came after, or ``completed``.
            reason: why, for people.
            timeout: how many seconds it may take to deliver.
        """
        if not self._here():
            return
        if state != "failed":
            self.measure()
            if not self._stepped:
                message = "monitor.step() must be called after every update, but never was"
                self._complaints.once("no step", message)
        self._observing = False
        self._reporter.end(state, reason, timeout)

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, kind: Any, error: Optional[BaseException], trace: Any) -> None:
        if error is None:
            self.close()
        else:
            self._end_after(error)

    def _end_after(self, error: BaseException, timeout: float = 30.0) -> None:
        if not self._here():
            return
        self._observing = False
        state, reason = _ending(error)
        if state == "stopped" and self._reporter.stop_followed:
            reason = self._reporter.stop_reason
        self._reporter.end(state, reason, timeout)

    def _obey(self, reason: str) -> None:
        """Takes note of a search that ends this training, as the collector told it to."""
        if self._here():
            self._reporter.stop_reason = self._reporter.stop_reason or reason
            self._reporter.stop_followed = True

    def _here(self) -> bool:
        """Whether this process reports: not another rank, and not a child that was forked."""
        return self._reporter is not None and self._process == os.getpid()

    @property
    def _name_taken(self) -> bool:
        return self._here() and self._reporter.name_taken

    def _count(self, step: Optional[int]) -> None:
        before, self._steps = self._steps, self._steps + 1 if step is None else int(step)
        self._stepped = True
        if self._steps < before:
            message = "step must count all updates of all epochs, but went from %d back to %d"
            self._complaints.once("back", message, before, self._steps)

    def _note(self, epoch: Optional[float], evaluations: Optional[Mapping[str, Any]]) -> None:
        if epoch is not None:
            self._epoch = float(epoch)
        for name, value in (evaluations or {}).items():
            name = str(name)[: self.LONGEST_NAME]
            if name in self._evaluations or len(self._evaluations) < self.MOST_EVALUATIONS:
                # A loss that is kept with its graph would keep the activations of a whole batch.
                value = value.detach() if isinstance(value, Tensor) else value
                self._evaluations[name] = value

    def _baseline(self, probes: Probes) -> Dict[str, _Embeddings]:
        try:
            return self._embedded()
        except Exception as failure:
            inputs = (f"{name} {a.dtype} {tuple(a.shape)}" for name, a in probes.arrays().items())
            raise ValueError(
                "the monitor cannot be attached: the model must take the probes"
                f" ({_commas(inputs)}), but the first pass of them through it fails:"
                f" {type(failure).__name__}: {failure}"
            ) from failure

    def _embedded(self) -> Dict[str, _Embeddings]:
        self._observed_at = self._steps
        with self._stopwatch.observation(self._steps, self._embedder.devices()):
            return self._embedder.embed()

    def _submit(self, embeddings: Dict[str, _Embeddings], undefined: Optional[str] = None) -> None:
        report = self._report(undefined)
        self._evaluations = {}
        for layer, rows in embeddings.items():
            self._reporter.submit(self._observation(layer, rows, report))

    def _observation(self, layer: str, rows: _Embeddings, report: str) -> _Report:
        query = {
            "layer": layer,
            "step": self._steps,
            "attempt": self._run.attempt,
            "time": _now(),
        }
        if self._reference is not None:
            query["reference"] = self._reference
        if self._epoch is not None and math.isfinite(self._epoch):
            query["epoch"] = self._epoch
        if self._sketch:
            query["sketch"] = "true"
            query["probes"] = self._fingerprint
        metadata = {"layer": layer, "probes": self._fingerprint, "report": report}
        metadata["model"] = self._embedder.model_name
        return self._run.observation(query, _TensorFile(rows.arrays(), metadata))

    def _report(self, undefined: Optional[str]) -> str:
        """What goes with the embeddings, as JSON."""
        agent = {"failures": self._failures, "spooled": self.spooled, "dropped": self.dropped}
        training = self._stopwatch.training()
        devices = self._embedder.devices()
        memory = [torch.cuda.memory_allocated(d) for d in devices if d.type == "cuda"]
        if memory:
            training["deviceMemoryBytes"] = sum(memory)
        report = {
            **self._stopwatch.cost(),
            "evaluations": _finite(self._evaluations),
            "training": training,
            "agent": agent,
        }
        if undefined is not None:
            report["undefined"] = undefined
        return json.dumps(report, allow_nan=False)

    def _complain(self, what: str, failure: Exception) -> None:
        cause = (type(failure), re.sub("[0-9]+", "", str(failure)))
        self._complaints.once(cause, "%s: %s: %s", what, type(failure).__name__, failure)

    def _count_failure(self, failure: Exception) -> None:
        """People look at dashboards, not at the log of a job that runs: they are told there too."""
        self._failures += 1
        self._failures_in_a_row += 1
        try:
            reason = _one_line(f"{type(failure).__name__}: {failure}")
            self._submit(self._embedder.nothing(), undefined=reason)
        except Exception as another:
            self._complain("a failed observation cannot be reported", another)
        if self._failures_in_a_row == self.MOST_FAILURES:
            self._observing = False
            _warn("%d observations in a row failed: no more are made", self.MOST_FAILURES)


def create_reference(
    name: str,
    model: nn.Module,
    layer: str,
    probes: Probes,
    *,
    collector: str = COLLECTOR,
    floor: Optional[nn.Module] = None,
    ceiling: Optional[nn.Module] = None,
    inputs: bool = True,
    profile: Optional[str] = None,
    batch_size: int = 256,
    predictions: bool = False,
    forward: Optional[Forward] = None,
    device: Union[str, torch.device, None] = None,
    autocast: Optional[torch.dtype] = None,
    token: Optional[str] = None,
    timeout: float = 60.0,
) -> str:
    """Makes a good model the reference that runs are compared with. Leaves the models untouched.

    Args:
        name: what to call it; letters, digits and ``. _ * @ -``, at most 128.
        model: a well-trained model; a bad reference gives a bad gauge.
        layer: the submodule whose output is the embedding, of all models.
        probes: the inputs to be embedded, now and in every run.
        collector: the address of the collector.
        floor: an untrained model, whose score is shown as 0.
        ceiling: a second good training, whose score is shown as 1.
        inputs: whether the collector keeps the probes, so that runs can do without.
        profile: ``standardised`` (what the collector takes unless told otherwise), ``soft``,
            ``soft:0.1``, ``cosine`` or ``neighbours:8``.
        batch_size, predictions, forward, device, autocast, token: as of ``Monitor``.
        timeout: how many seconds the collector may take.

    Returns:
        The reference's full name, ``NAME@FINGERPRINT``.

    Raises:
        ValueError: if anything is wrong with the arguments; the message lists every mistake.
        Unavailable: if the collector does not answer.
        Refused: if it refuses, as it does when another reference has the name, when the embeddings
            are degenerate, or when floor and ceiling do not differ.
    """
    options = _PassOptions(batch_size, predictions, forward, device, autocast)
    models = {"": model, "floor.": floor, "ceiling.": ceiling}
    present = {role: each for role, each in models.items() if each is not None}
    _raise_if_any(
        "the reference cannot be made",
        _name_mistakes("name", name),
        *(_model_mistakes(each) for each in present.values()),
        *(_layer_mistakes(each, (layer,)) for each in present.values()),
        options.mistakes(),
        _collector_mistakes(collector),
        _token_mistakes(token),
        [] if isinstance(probes, Probes) else [f"probes must be Probes, but is {probes!r:.80}"],
    )
    arrays: Dict[str, Tensor] = {}
    for role, each in present.items():
        rows = _Embedder(each, (layer,), probes, options).embed()[layer]
        arrays.update({role + key: array for key, array in rows.arrays(role == "").items()})
    if inputs:
        arrays.update(probes.arrays())
    metadata = {"model": _name_of(model), "layer": layer, "probes": probes.fingerprint}
    path = f"/v1/references/{quote(name, safe='')}"
    path += f"?{urlencode({'profile': profile})}" if profile else ""
    client = _Collector(collector, token, timeout)
    answer = client.send("PUT", path, _TensorFile(arrays, metadata).encode(), _BYTES)
    return str(answer.get("reference", name))


class Probes:
    """The inputs that are embedded again and again: unlabelled, fixed, all different.

    k anchors are the coordinates, n probes are what is described in them. The tensors are copied to
    main memory; bfloat16 and int16 are widened to float32 and int32, as the collector does.

    Args:
        anchors: a tensor (k, ...), or several for a model of several inputs, each of k rows.
        probes: the same, of n rows.

    Raises:
        ValueError: if they are not tensors that fit each other, if there are fewer than 1 anchor
            or 3 probes, or if an input is there twice.
    """

    def __init__(self, anchors: Inputs, probes: Inputs):
        kept = _kept_inputs("anchors", anchors), _kept_inputs("probes", probes)
        _require_fit(*kept)
        k, n = (len(tensors[0]) for tensors in kept)
        _require_counts(k, n)
        self._together = [torch.cat(pair) for pair in zip(*kept)]
        self._anchors = [column[:k] for column in self._together]
        self._probes = [column[k:] for column in self._together]
        _require_different(_row_digests(self._anchors), _row_digests(self._probes))

    @classmethod
    def sample(
        cls,
        dataset: Any,
        anchors: int = 128,
        probes: int = 512,
        seed: int = 42,
        inputs: Union[int, Sequence[str]] = 1,
    ) -> Probes:
        """Draws different inputs; the same seed and data give the same inputs.

        Random states are left alone, also those that a random transform of the data uses; inputs
        that such a transform changes are not the same in the next process.

        Args:
            dataset: a map-style dataset, whose items are tensors or begin with tensors; or a tensor
                whose rows are the inputs.
            anchors: how many anchors.
            probes: how many probes.
            seed: of the draw.
            inputs: how many of an item's first elements are inputs, or the keys of those that are,
                for items that are mappings. Nothing else of an item is read.

        Raises:
            ValueError: if the items are no tensors of one shape, or not enough are different.
        """
        if not (hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")):
            raise ValueError(
                "the data must be a map-style dataset or a tensor, whose items can be had by their"
                f" index, but is {type(dataset).__name__}; a DataLoader has its own as .dataset"
            )
        rows: Dict[bytes, Tuple[Tensor, ...]] = {}
        with _random_states_kept(()):
            order = torch.randperm(
                len(dataset), generator=torch.Generator().manual_seed(seed), device="cpu"
            )
            for index in order.tolist():
                if len(rows) == anchors + probes:
                    break
                item = _inputs_of(dataset[index], inputs)
                rows.setdefault(_digest(item), item)
        if len(rows) < anchors + probes:
            raise ValueError(
                f"{anchors} anchors and {probes} probes must be different inputs, but of"
                f" {len(dataset)} only {len(rows)} are"
            )
        columns = [_stacked(column) for column in zip(*rows.values())]
        return cls([c[:anchors] for c in columns], [c[anchors:] for c in columns])

    @staticmethod
    def rows(inputs: Inputs, anchors: Sequence[int], probes: Sequence[int]) -> Probes:
        """Makes rows of the output for one whole input the anchors and probes, as for a graph.

        Args:
            inputs: all tensors of the one input, dense.
            anchors: which rows of the layer's output are the anchors.
            probes: which are the probes.

        Raises:
            ValueError: as of the constructor.
        """
        return _RowsOfInput(inputs, anchors, probes)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of types, shapes and numbers; 64 hexadecimal digits, the same as in Java."""
        return _fingerprint(self._anchors, self._probes)

    @property
    def counts(self) -> Tuple[int, int]:
        """How many anchors and probes there are, k and n."""
        return len(self._anchors[0]), len(self._probes[0])

    def __repr__(self) -> str:
        k, n = self.counts
        return f"Probes({k} anchors, {n} probes, {self.fingerprint[:12]})"

    def arrays(self) -> Dict[str, Tensor]:
        """The inputs as a reference file names them, ``anchors.0``, ``probes.0`` and so on."""
        return {**_numbered("anchors", self._anchors), **_numbered("probes", self._probes)}

    def batches(self, size: int) -> Iterator[Tuple[Tensor, ...]]:
        """What to call a model with, in main memory: the anchors, then the probes."""
        for start in range(0, len(self._together[0]), size):
            yield tuple(column[start : start + size] for column in self._together)

    def split(self, output: Tensor) -> Tuple[Tensor, Tensor]:
        """The anchors' rows and the probes' rows of the model's output for all batches."""
        k, n = self.counts
        if len(output) != k + n:
            raise ValueError(
                f"a layer must answer one row an input, but answers {len(output)} rows for {k}"
                f" anchors and {n} probes"
            )
        return output[:k], output[k:]


class _RowsOfInput(Probes):
    """Rows of the output for one whole input, see ``Probes.rows``."""

    def __init__(self, inputs: Inputs, anchors: Sequence[int], probes: Sequence[int]):
        self._input = _kept_inputs("inputs", inputs, of_rows=False)
        self._anchor_rows, self._probe_rows = (
            torch.as_tensor(rows, dtype=torch.int64, device="cpu").reshape(-1).clone()
            for rows in (anchors, probes)
        )
        rows = [self._anchor_rows.tolist(), self._probe_rows.tolist()]
        _require_counts(*map(len, rows))
        _require_different(*rows)
        if min(map(min, rows)) < 0:
            raise ValueError(f"rows are counted from 0, but one is {min(map(min, rows))}")

    @property
    def fingerprint(self) -> str:
        return _fingerprint(self._input, (self._anchor_rows,), (self._probe_rows,))

    @property
    def counts(self) -> Tuple[int, int]:
        return len(self._anchor_rows), len(self._probe_rows)

    def arrays(self) -> Dict[str, Tensor]:
        rows = {"anchor_rows": self._anchor_rows, "probe_rows": self._probe_rows}
        return {**_numbered("input", self._input), **rows}

    def batches(self, size: int) -> Iterator[Tuple[Tensor, ...]]:
        yield self._input

    def split(self, output: Tensor) -> Tuple[Tensor, Tensor]:
        largest = int(max(self._anchor_rows.max(), self._probe_rows.max()))
        if len(output) <= largest:
            raise ValueError(
                f"a layer must answer every row that is an anchor or a probe, up to row {largest},"
                f" but answers {len(output)} rows"
            )
        return output[self._anchor_rows], output[self._probe_rows]


def define_policy(
    name: str,
    policy: Mapping[str, Any],
    *,
    collector: str = COLLECTOR,
    token: Optional[str] = None,
    timeout: float = 60.0,
) -> Dict[str, Any]:
    """Defines by what rule the collector tells runs of a group to stop. May be repeated.

    Args:
        name: what to call it; letters, digits and ``. _ * @ -``, at most 128.
        policy: what ``PUT /v1/policies/NAME`` takes, such as ``{"tags": {"sweep": "lr"}, "rule":
            "median"}``; see ``/openapi.yaml`` of the collector.
        collector: the address of the collector.
        token: as of ``Monitor``; where tokens are in force, it must be one that may do this.
        timeout: how many seconds the collector may take.

    Returns:
        The policy as the collector has it, with what was not given.

    Raises:
        ValueError: if anything is wrong with the arguments; the message lists every mistake.
        Unavailable: if the collector does not answer, or the token is not let in.
        Refused: if it refuses, as it does when another policy has the name.
    """
    _raise_if_any(
        "the policy cannot be defined",
        _name_mistakes("name", name),
        _collector_mistakes(collector),
        _token_mistakes(token),
    )
    path = f"/v1/policies/{quote(name, safe='')}"
    client = _Collector(collector, token, timeout)
    return client.send("PUT", path, json.dumps(dict(policy)).encode(), _JSON)


def run_name(search: str, trial: Union[int, str]) -> str:
    """What to call the run of a trial: SEARCH-TRIAL, in characters that names of runs may have.

    Different searches and trials have different names, and the same ones always the same: where a
    character is replaced or the text cut, a digest of the whole text follows.

    Args:
        search: the name of the study, experiment or sweep; any text.
        trial: its number or identifier in there.
    """
    # A hyphen in the trial could as well be the one between them.
    return f"{_as_name(search, 80, '-')}-{_as_name(str(trial), 47, '')}"


def _as_name(text: str, most: int, more: str) -> str:
    # Not the asterisk, which stands for any characters where runs are looked for.
    name = re.sub(f"[^A-Za-z0-9._@{more}]", "_", text)
    if name == text and len(text) <= most:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{name[: most - 13]}-{digest}"


class Decisions:
    """Asks a collector which trials of a search to end, for adapters such as optuna_pruner.py.

    A trial goes on unless the collector, or a monitor of this process that observes the run, says
    otherwise: where nobody can be asked, nobody is stopped. After a failure the collector is left
    alone for a while, so that one which is away costs a search little.

    If a monitor of this process observes the run, the answer counts what that has reported until
    now, for which it waits; and its ``should_stop`` agrees from then on, and its run ends as
    stopped.

    It can be pickled; a token that was given goes with it, one of the environment does not.

    Args:
        collector: the address of the collector.
        token: as of ``Monitor``.
        timeout: how many seconds to wait for the collector, and before that for its answers to what
            a monitor has reported.
        clock: the time in seconds.

    Attributes:
        failures: how many questions were not answered.

    Raises:
        ValueError: if anything is wrong with the arguments; the message lists every mistake.
    """

    PAUSE = 30.0

    def __init__(
        self,
        collector: str = COLLECTOR,
        token: Optional[str] = None,
        timeout: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ):
        _raise_if_any(
            "the collector cannot be asked",
            _collector_mistakes(collector),
            _token_mistakes(token),
            [] if timeout > 0 else [f"timeout must be above 0, but is {timeout}"],
        )
        self.failures = 0
        self._url = collector.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._clock = clock
        self._failed_at: Optional[float] = None
        self._complaints = _Complaints()

    def stop_reason(self, run: str) -> Optional[str]:
        """Why a run is told to stop, or None if it is not, as far as can be known. Never raises."""
        try:
            monitor = _monitors.get((self._url, run))
            if monitor is None:
                return self._asked(run)
            if not self._pauses() and not monitor.flush(self._timeout):
                self._failed_at = self._clock()
            # Of a run that may not be this training's, nobody is asked.
            reason = monitor.stop_reason
            if reason is None and not self._pauses() and not monitor._name_taken:
                reason = self._asked(run)
            if reason is not None:
                monitor._obey(reason)
            return reason
        except Exception as failure:
            self.failures += 1
            self._failed_at = self._clock()
            cause = (type(failure), re.sub("[0-9]+", "", str(failure)))
            message = "trials go on, since the collector cannot be asked: %s"
            self._complaints.once(cause, message, failure)
            return None

    def _pauses(self) -> bool:
        # Of a clock of another process nothing is known: it may have been pickled there.
        return self._failed_at is not None and 0 <= self._clock() - self._failed_at < self.PAUSE

    def _asked(self, run: str) -> Optional[str]:
        if self._pauses():
            return None
        client = _Questions(self._url, self._token, self._timeout)
        try:
            answer = client.ask(f"/v1/runs/{quote(run, safe='')}/decision")
        except Refused as refusal:
            if refusal.status == 404:  # nothing is reported yet
                return None
            raise
        self._failed_at = None
        directive = answer.get("directive")
        action = directive.get("action") if isinstance(directive, dict) else None
        if action not in ("continue", "stop"):
            raise _Broken(f"{self._url} answers what no collector does")
        return _reason_of(directive) if action == "stop" else None


class Uploaded(NamedTuple):
    """What became of the reports in a folder."""

    delivered: int
    refused: int
    left: int


def upload(
    directory: Union[str, os.PathLike] = DIRECTORY,
    collector: Optional[str] = None,
    token: Optional[str] = None,
) -> Uploaded:
    """Delivers what earlier runs left in a folder, oldest first. May be repeated.

    Ends at the first report for which the collector does not answer, also after it was asked some
    times; that one and those after it stay. What the collector refuses for good is deleted.

    Args:
        directory: the ``directory`` of the runs.
        collector: where to send all; by default each goes where it was meant to go.
        token: as of ``Monitor``.

    Raises:
        OSError: if the folder cannot be read.
    """
    if not Path(directory).is_dir():
        raise NotADirectoryError(f"{directory} must be a folder")
    folders = [path for path in sorted(Path(directory).iterdir()) if path.is_dir()]
    outcomes = [_upload_folder(folder, collector, token) for folder in folders]
    return Uploaded(*map(sum, zip((0, 0, 0), *outcomes)))


class Unavailable(ConnectionError):
    """The collector does not answer, answers something that it never would, or is busy.

    Attributes:
        answered: whether there was an answer at all.
        retry_after: for how many seconds it asked to be left alone, or None.
    """

    def __init__(self, message: str, answered: bool = False, retry_after: Optional[float] = None):
        super().__init__(message)
        self.answered = answered
        self.retry_after = retry_after


class _Broken(Unavailable):
    """The collector is there, but what it does with a request makes no sense: it may never."""

    def __init__(self, message: str):
        super().__init__(message, answered=True)


class Refused(RuntimeError):
    """The collector refuses a request, and would again.

    Attributes:
        status: the HTTP status, 400 to 499.
    """

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


# --------------------------------------------------------------------------------------------------
# Callbacks
# --------------------------------------------------------------------------------------------------


def lightning_callback(layer: Union[str, Sequence[str]], **options: Any) -> Any:
    """A callback for ``Trainer(callbacks=[...])`` of Lightning that attaches a monitor.

    Follows the hooks that Lightning documents; not tested against the real library. With
    several processes a stop takes effect at the end of an epoch.

    Args:
        layer: as of ``Monitor``; a path within the LightningModule.
        options: the other arguments of ``Monitor``.

    Raises:
        ImportError: if there is neither ``lightning`` nor ``pytorch_lightning``.
    """
    try:
        from lightning.pytorch import Callback
    except ImportError:
        from pytorch_lightning import Callback

    class LatentgaugeCallback(Callback):
        monitor: Optional[Monitor] = None

        def on_train_start(self, trainer: Any, module: Any) -> None:
            own = {"start_step": trainer.global_step, "rank": trainer.global_rank}
            self.monitor = Monitor(module, layer, **{**own, **options})

        def on_train_batch_end(self, trainer: Any, module: Any, *batch: Any, **more: Any) -> None:
            self.monitor.step(
                step=trainer.global_step,
                epoch=trainer.current_epoch,
                evaluations=trainer.callback_metrics,
            )
            if trainer.world_size == 1 and self.monitor.should_stop:
                trainer.should_stop = True

        def on_train_epoch_end(self, trainer: Any, module: Any) -> None:
            if trainer.world_size > 1 and self.monitor.sync():
                trainer.should_stop = True

        def on_exception(self, trainer: Any, module: Any, exception: BaseException) -> None:
            if self.monitor is not None:
                self.monitor._end_after(exception)

        def on_train_end(self, trainer: Any, module: Any) -> None:
            self.monitor.close()

    return LatentgaugeCallback()


def transformers_callback(layer: Union[str, Sequence[str]], **options: Any) -> Any:
    """A callback for ``Trainer(callbacks=[...])`` of Transformers that attaches a monitor.

    Follows the hooks that Transformers documents; not tested against the real library. With
    several processes a stop takes effect at the end of an epoch.

    Args:
        layer: as of ``Monitor``.
        options: the other arguments of ``Monitor``.

    Raises:
        ImportError: if there is no ``transformers``.
    """
    from transformers import TrainerCallback

    class LatentgaugeCallback(TrainerCallback):
        monitor: Optional[Monitor] = None
        logged: Dict[str, Any] = {}

        def on_train_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            own = {"start_step": state.global_step, "rank": args.process_index}
            self.monitor = Monitor(more["model"], layer, **{**own, **options})

        def on_log(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            self.logged = more.get("logs") or {}

        def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            self.monitor.step(step=state.global_step, epoch=state.epoch, evaluations=self.logged)
            self.logged = {}
            if args.world_size == 1 and self.monitor.should_stop:
                control.should_training_stop = True

        def on_epoch_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            if args.world_size > 1 and self.monitor.sync():
                control.should_training_stop = True

        def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            self.monitor.close()

    return LatentgaugeCallback()


# --------------------------------------------------------------------------------------------------
# The pass through the model
# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _PassOptions:
    """How a model is called; see ``Monitor``."""

    batch_size: int
    predictions: bool
    forward: Optional[Forward]
    device: Union[str, torch.device, None]
    autocast: Optional[torch.dtype]

    def mistakes(self) -> Iterator[str]:
        yield from _least("batch_size", self.batch_size, 1)
        if self.forward is not None and not callable(self.forward):
            yield f"forward must be a function, but is {self.forward!r:.80}"
        if self.autocast is not None and not isinstance(self.autocast, torch.dtype):
            yield f"autocast must be a type such as torch.bfloat16, but is {self.autocast!r:.80}"
        try:
            torch.device(self.device or "cpu")
        except (RuntimeError, TypeError):
            yield f"device must be a device of torch, but is {self.device!r:.80}"


@dataclass(frozen=True, eq=False)
class _Embeddings:
    """What a layer answers for the anchors (k, d) and the probes (n, d), in main memory."""

    anchors: Tensor
    probes: Tensor
    predictions: Optional[Tensor]

    def arrays(self, with_predictions: bool = True) -> Dict[str, Tensor]:
        """The arrays of an embedding file."""
        arrays = {"anchors": self.anchors, "probes": self.probes}
        if with_predictions and self.predictions is not None:
            arrays["predictions"] = self.predictions
        return arrays


class _Embedder:
    """The pass of the probes through a model, up to its layers, which leaves no trace."""

    def __init__(
        self, model: nn.Module, layers: Sequence[str], probes: Probes, options: _PassOptions
    ):
        self._model = _unwrapped(model)
        self._layers = layers
        self._probes = probes
        self._options = options
        self.model_name = _name_of(model)

    def devices(self) -> Set[torch.device]:
        """Where the model is now."""
        tensors = itertools.chain(self._model.parameters(), self._model.buffers())
        return {tensor.device for tensor in tensors}

    def embed(self) -> Dict[str, _Embeddings]:
        """One pass; answers the embeddings of each layer.

        Raises:
            ValueError: if the outputs cannot be embeddings, or a layer is not reached.
            Exception: whatever the model raises.
        """
        predictions: List[Tensor] = []
        with _undisturbed(self._model, self.devices()), _taps(self._model, self._layers) as taps:
            taps.stop_at_last = not self._options.predictions
            for batch in self._probes.batches(self._options.batch_size):
                output = self._run(batch, taps)
                if self._options.predictions:
                    predictions.append(_predicted(output))
        return {layer: self._split(taps.rows[layer], predictions) for layer in self._layers}

    def nothing(self) -> Dict[str, _Embeddings]:
        """Numbers that are none in the place of embeddings, for which there is no score."""
        k, n = self._probes.counts
        none = torch.full((k + n, 1), math.nan, dtype=torch.float32, device="cpu")
        return {layer: _Embeddings(none[:k], none[k:], None) for layer in self._layers}

    def _run(self, batch: Tuple[Tensor, ...], taps: _Taps) -> Any:
        """The model's output for a batch, or None where the pass ended before it."""
        taps.begin()
        inputs = [self._placed(tensor) for tensor in batch]
        try:
            with self._precision():
                if self._options.forward is not None:
                    output = self._options.forward(self._model, *inputs)
                else:
                    output = self._model(*inputs)
        except _LastLayerReached:
            output = None
        taps.require_all_reached()
        return output

    def _device(self) -> torch.device:
        like = next(self._model.parameters(), None)
        return torch.device(self._options.device or ("cpu" if like is None else like.device))

    def _placed(self, tensor: Tensor) -> Tensor:
        dtype = tensor.dtype
        if dtype.is_floating_point and self._options.autocast is None:
            floating = (p.dtype for p in self._model.parameters() if p.dtype.is_floating_point)
            dtype = next(floating, dtype)
        return tensor.to(device=self._device(), dtype=dtype)

    def _precision(self) -> ContextManager[Any]:
        """Autocast as asked for, or none.

        Without its cache: a weight that is converted here, without gradients, would be taken for
        the training's where this runs within an autocast region of the training.
        """
        kind = self._device().type
        if self._options.autocast is None and kind not in ("cpu", "cuda"):
            return nullcontext()
        enabled = self._options.autocast is not None
        return torch.autocast(
            kind, dtype=self._options.autocast, enabled=enabled, cache_enabled=False
        )

    def _split(self, rows: List[Tensor], predictions: List[Tensor]) -> _Embeddings:
        anchors, probes = self._probes.split(torch.cat(rows))
        predicted = self._probes.split(torch.cat(predictions))[1] if predictions else None
        return _Embeddings(anchors, probes, predicted)


class _LastLayerReached(BaseException):
    """Ends a pass. Not an ``Exception``, so that no handler within the model takes it."""


class _Taps:
    """Collects what layers answer, batch by batch, in main memory."""

    def __init__(self, layers: Sequence[str]):
        self.rows: Dict[str, List[Tensor]] = {layer: [] for layer in layers}
        self.stop_at_last = True
        self._missing: Set[str] = set()

    def begin(self) -> None:
        self._missing = set(self.rows)

    def hook(self, layer: str) -> Callable[[nn.Module, Any, Any], None]:
        def take(module: nn.Module, inputs: Any, output: Any) -> None:
            if layer not in self._missing:
                return
            # A copy, since the next module may overwrite its input.
            vectors = _pooled(layer, _first_tensor(output))
            self.rows[layer].append(vectors.to("cpu", copy=True))
            self._missing.remove(layer)
            if self.stop_at_last and not self._missing:
                raise _LastLayerReached

        return take

    def require_all_reached(self) -> None:
        if self._missing:
            raise ValueError(f"the model must run its layers, but not {_some(self._missing)}")


@contextmanager
def _taps(model: nn.Module, layers: Sequence[str]) -> Iterator[_Taps]:
    """Taps on layers of a model, which are gone afterwards."""
    taps = _Taps(layers)
    modules = dict(model.named_modules())
    handles = []
    try:
        for layer in layers:
            handles.append(modules[layer].register_forward_hook(taps.hook(layer)))
        yield taps
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def _undisturbed(model: nn.Module, devices: Iterable[torch.device]) -> Iterator[None]:
    """Evaluation mode without gradients, which leaves everything exactly as it was."""
    with _random_states_kept(devices), torch.no_grad(), _uncompiled():
        with _buffers_kept(model), _attributes_kept(model):
            for module in model.modules():
                _prepare(module)
            yield


def _prepare(module: nn.Module) -> None:
    """Evaluation mode, but with every submodule run as one, so that hooks are called.

    In evaluation mode PyTorch's transformer encoders run all of a layer in one kernel, and the
    layers on nested tensors where there is a mask, unless these attributes say that they cannot.
    """
    if hasattr(module, "training"):  # a frozen script has none
        module.training = False
    if isinstance(module, nn.TransformerEncoder):
        module.enable_nested_tensor = module.use_nested_tensor = False
    if isinstance(module, nn.TransformerEncoderLayer):
        module.activation_relu_or_gelu = 0


@contextmanager
def _attributes_kept(model: nn.Module) -> Iterator[None]:
    """Keeps modes, and whatever else modules note on themselves: a counter, a hidden state."""
    scripts = torch.jit.ScriptModule  # their mode is no attribute of Python
    kept = [(module, dict(vars(module))) for module in model.modules()]
    modes = [(m, m.training) for m, _ in kept if isinstance(m, scripts) and hasattr(m, "training")]
    try:
        yield
    finally:
        for module, attributes in kept:
            for name in vars(module).keys() - attributes.keys():
                del vars(module)[name]
            vars(module).update(attributes)
        for module, training in modes:
            module.training = training


@contextmanager
def _buffers_kept(model: nn.Module) -> Iterator[None]:
    """Most models change no buffer in evaluation mode; observers of quantisation do."""
    kept = [
        (module, name, buffer, _version(buffer), buffer.clone())
        for module in model.modules()
        for name, buffer in module._buffers.items()
        if buffer is not None
    ]
    try:
        yield
    finally:
        for module, name, buffer, version, copy in kept:
            if _version(buffer) != version:
                buffer.copy_(copy)
            if name not in module._buffers or module._buffers[name] is not buffer:
                module._buffers[name] = buffer


def _version(tensor: Tensor) -> Optional[int]:
    """Changes with every change in place; inference tensors, which allow none, have none."""
    return None if tensor.is_inference() else tensor._version


@contextmanager
def _random_states_kept(devices: Iterable[torch.device]) -> Iterator[None]:
    """The generators of Python, torch and, where it is loaded, NumPy."""
    numpy_random = getattr(sys.modules.get("numpy"), "random", None)
    of_numpy = numpy_random.get_state() if numpy_random else None
    of_python, of_torch = random.getstate(), torch.get_rng_state()
    of_cuda = {d: torch.cuda.get_rng_state(d) for d in devices if d.type == "cuda"}
    try:
        yield
    finally:
        for device, state in of_cuda.items():
            torch.cuda.set_rng_state(state, device)
        torch.set_rng_state(of_torch)
        random.setstate(of_python)
        if numpy_random:
            numpy_random.set_state(of_numpy)


def _uncompiled() -> ContextManager[Any]:
    """Runs compiled modules as they were written, since compiled ones may not call hooks."""
    set_stance = getattr(getattr(torch, "compiler", None), "set_stance", None)
    return set_stance("force_eager") if set_stance else nullcontext()


def _unwrapped(model: nn.Module) -> nn.Module:
    """The model itself, out of torch.compile and of the wrappers for several devices."""
    while True:
        if hasattr(model, "_orig_mod"):
            model = model._orig_mod
        elif isinstance(model, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
            model = model.module
        else:
            return model


def _name_of(model: nn.Module) -> str:
    return type(_unwrapped(model)).__name__


def _first_tensor(output: Any) -> Optional[Tensor]:
    """The first tensor of an output that may be a tuple, a list or a mapping."""
    if isinstance(output, Tensor):
        return output
    parts = output.values() if isinstance(output, Mapping) else output
    if not isinstance(output, (Mapping, list, tuple)):
        return None
    found = (_first_tensor(part) for part in parts)
    return next((tensor for tensor in found if tensor is not None), None)


def _pooled(layer: str, output: Optional[Tensor]) -> Tensor:
    """One vector a row, of the type of the output; see ``Monitor``."""
    numbers = output is not None and output.dim() > 0 and output.numel() > 0
    if not (numbers and output.is_floating_point() and output.dtype in _DTYPE_NAMES):
        given = "none" if output is None else f"{output.dtype} of shape {tuple(output.shape)}"
        raise ValueError(
            f"the layer {layer} must answer floating-point numbers, at least one a row, but"
            f" answers {given}"
        )
    if output.dim() == 1:
        return output.reshape(-1, 1)
    if output.dim() == 2:
        return output
    if output.dim() == 3:
        return output.mean(dim=1)
    return output.flatten(start_dim=2).mean(dim=2)


def _predicted(output: Any) -> Tensor:
    """The most likely class of each row (n,), in main memory."""
    scores = _first_tensor(getattr(output, "logits", output))
    if scores is None or scores.dim() != 2:
        given = "no tensor" if scores is None else f"shape {tuple(scores.shape)}"
        raise ValueError(f"for predictions a model must answer (n, classes), but answers {given}")
    return scores.argmax(dim=1).to("cpu")


# --------------------------------------------------------------------------------------------------
# When to observe, and what it costs
# --------------------------------------------------------------------------------------------------


class _Stopwatch:
    """How long the training ran, and how long it was held up, in seconds.

    Attributes:
        step: the step of the last observation, or that of the start.
        observing: how long all observations took.
    """

    def __init__(self, step: int, clock: Callable[[], float] = time.perf_counter):
        self._clock = clock
        self._start = clock()
        self.step = step
        self._stepped_at = self._start
        self._steps_per_second: Optional[float] = None
        self._first_ended: Optional[float] = None
        self._first = 0.0
        self._last = 0.0
        self.observing = 0.0

    def training_seconds(self) -> float:
        """The time since the start that was not spent observing."""
        return self._clock() - self._start - self.observing

    @contextmanager
    def observation(self, step: int, devices: Iterable[torch.device]) -> Iterator[None]:
        """Times an observation, from when the device has done what it was given before."""
        _synchronize(devices)
        began = self._clock()
        if step > self.step and began > self._stepped_at:
            self._steps_per_second = (step - self.step) / (began - self._stepped_at)
        try:
            yield
        finally:
            self._stepped_at = self._clock()
            self.step = step
            self._last = self._stepped_at - began
            self.observing += self._last
            if self._first_ended is None:
                self._first_ended, self._first = self._stepped_at, self._last

    def cost(self) -> Dict[str, float]:
        """Of the last observation, and of all but the first, which prepares the device."""
        cost = {"probeSeconds": self._last}
        elapsed = 0.0 if self._first_ended is None else self._stepped_at - self._first_ended
        if elapsed > 0:
            cost["overheadRatio"] = min(1.0, (self.observing - self._first) / elapsed)
        return cost

    def training(self) -> Dict[str, float]:
        """How fast the training went between the last two observations."""
        speed = self._steps_per_second
        return {} if speed is None else {"stepsPerSecond": speed}


class _EverySteps:
    """An observation after every so many steps, also where the count passes over some."""

    def __init__(self, steps: int):
        self._steps = steps

    def __call__(self, step: int, stopwatch: _Stopwatch) -> bool:
        return step // self._steps > stopwatch.step // self._steps


class _Budget:
    """An observation when all before it cost no more than a share of the training time."""

    def __init__(self, share: float):
        self._share = share

    def __call__(self, step: int, stopwatch: _Stopwatch) -> bool:
        return stopwatch.observing <= self._share * stopwatch.training_seconds()


def _synchronize(devices: Iterable[torch.device]) -> None:
    for device in devices:
        if device.type == "cuda":
            torch.cuda.synchronize(device)


# --------------------------------------------------------------------------------------------------
# Reports, and the thread that sends them
# --------------------------------------------------------------------------------------------------

_BYTES = "application/octet-stream"
_JSON = "application/json"


@dataclass(frozen=True, eq=False)
class _Report:
    """One request that is to reach the collector.

    Attributes:
        kind: ``run``, ``observation`` or ``end``.
        training: tells one process of one run from all others.
    """

    kind: str
    training: str
    method: str
    path: str
    media: str
    content: Union[bytes, _TensorFile] = field(repr=False)

    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.size()

    def body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.encode()


@dataclass(frozen=True)
class _Run:
    """One process of one training, and what it has to say about itself."""

    name: str
    attempt: int
    dataset: Optional[str] = None
    command: Optional[str] = None
    tags: Mapping[str, Any] = field(default_factory=dict)
    started_at: str = field(default_factory=lambda: _now())

    MOST_TAGS = 32
    LONGEST_TEXT = 1024
    TAG = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")

    def mistakes(self) -> Iterator[str]:
        yield from _name_mistakes("run", self.name)
        yield from _least("attempt", self.attempt, 1)
        texts = {"dataset": self.dataset or "", "command": self.command or ""}
        if isinstance(self.tags, Mapping):
            yield from self._tag_mistakes()
            texts.update({f"the tag {key}": str(value) for key, value in self.tags.items()})
        else:
            yield f"tags must be a mapping, but is {self.tags!r:.80}"
        for what, text in texts.items():
            if not isinstance(text, str):
                yield f"{what} must be a text, but is {text!r:.80}"
            elif len(text) > self.LONGEST_TEXT:
                most = self.LONGEST_TEXT
                yield f"{what} must have at most {most} characters, but has {len(text)}"

    def _tag_mistakes(self) -> Iterator[str]:
        if len(self.tags) > self.MOST_TAGS:
            yield f"tags must be at most {self.MOST_TAGS}, but are {len(self.tags)}"
        for key in self.tags:
            if not isinstance(key, str) or not self.TAG.fullmatch(key):
                yield f"the name of a tag must match {self.TAG.pattern}, but is {key!r:.80}"

    @property
    def training(self) -> str:
        return f"{self.name} {self.attempt} {self.started_at}"

    def registration(self, model: str) -> _Report:
        about = {
            "attempt": self.attempt,
            "model": model,
            "dataset": self.dataset,
            "tags": {key: str(value) for key, value in self.tags.items()},
            "startedAt": self.started_at,
            "command": self.command,
        }
        known = {key: value for key, value in about.items() if value is not None}
        return self._report("run", "PUT", "", _JSON, json.dumps(known).encode())

    def observation(self, query: Mapping[str, Any], embeddings: _TensorFile) -> _Report:
        suffix = f"/embeddings?{urlencode(query)}"
        return self._report("observation", "POST", suffix, _BYTES, embeddings)

    def end(self, state: str, reason: str) -> _Report:
        reason = str(reason)[: self.LONGEST_TEXT]
        about = {"state": state, "reason": reason, "attempt": self.attempt}
        return self._report("end", "POST", "/end", _JSON, json.dumps(about).encode())

    def _report(self, kind: str, method: str, suffix: str, media: str, content: Any) -> _Report:
        path = f"/v1/runs/{quote(self.name, safe='')}{suffix}"
        return _Report(kind, self.training, method, path, media, content)


class _Clock:
    """The time of the thread that sends, in seconds; tests bring their own."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, changed: threading.Condition, seconds: Optional[float]) -> None:
        """Waits for a change, or until the seconds are over, if they are given."""
        changed.wait(seconds)


class _Reporter:
    """Sends reports in their order, from a thread of its own, until the run ends.

    Two places hold reports on their way: a short queue in memory, which ``submit`` appends to, and
    behind it the spool. When the collector cannot take a report, the thread rests, and after the
    rest goes on with the oldest file. While it rests, and while there are files, it moves what
    waits in memory to the spool. So order is kept, and a process that is killed loses what it has
    not yet written at most. The lock is never held while something is sent or written: ``submit``
    waits for neither.

    Where the disk fails, reports stay in memory; beyond the bounds the oldest observations go.

    Args:
        client: sends.
        spool: keeps what cannot be sent.
        run: whose reports they are.
        clock: the time.
    """

    MOST_WAITING = 64
    MOST_WAITING_BYTES = 64 << 20
    FIRST_PAUSE = 1.0
    LONGEST_PAUSE = 60.0
    MOST_BREAKS = 20
    STATES = ("completed", "stopped", "failed")

    def __init__(
        self, client: _Collector, spool: _Spool, run: _Run, clock: Optional[_Clock] = None
    ):
        self.stop_reason: Optional[str] = None
        self.stop_followed = False
        self.scores: Dict[str, float] = {}
        self.name_taken = False
        self.dropped = 0
        self._courier = _Courier(client)
        self._spool = spool
        self._run = run
        self._clock = clock or _Clock()
        self._process = os.getpid()
        self._complaints = _Complaints()
        self._changed = threading.Condition()
        self._waiting: Deque[_Report] = deque()
        self._sending: Optional[_Report] = None
        self._deadline: Optional[float] = None
        self._abandoned = False
        self._rest_until = self._clock.now()
        self._pause = self.FIRST_PAUSE
        self._answered = True
        self._broke_on = ("", 0)
        self._may_spool = True
        self._thread = threading.Thread(target=self._work, name="latentgauge", daemon=True)
        self._thread.start()
        atexit.register(self._end_at_exit)

    @property
    def spooled(self) -> int:
        """How many reports wait in files."""
        return self._spool.count

    def submit(self, report: _Report) -> None:
        """Takes a report; waits for nothing."""
        with self._changed:
            if self._deadline is not None:
                self._count_dropped(1)
                return
            self._waiting.append(report)
            self._drop_excess()
            self._changed.notify_all()

    def flush(self, seconds: float) -> bool:
        """Waits until all is sent, nothing can be sent for now, or the seconds are over."""
        with self._changed:
            deadline = self._clock.now() + seconds
            while self._waiting or self._sending is not None or self._spool.count > 0:
                now = self._clock.now()
                if self._abandoned or now < self._rest_until or now >= deadline:
                    return False
                self._clock.wait(self._changed, deadline - now)
            return True

    def end(self, state: Optional[str], reason: str, timeout: float) -> None:
        """Ends the run; waits until all is sent, or kept, or the seconds are over."""
        with self._changed:
            if self._deadline is not None:
                return
            if state not in self.STATES:
                state = "stopped" if self.stop_followed else "completed"
            reason = reason or (self.stop_reason or "" if state == "stopped" else "")
            self._waiting.append(self._run.end(state, reason))
            now = self._clock.now()
            self._deadline = now + timeout
            if not self._answered:
                self._rest_until = now  # one last attempt
            self._changed.notify_all()
        self._thread.join(timeout)
        self._keep_rest()
        atexit.unregister(self._end_at_exit)
        if self._spool.count:
            message = "%d reports are left in %s; deliver them by: python3 latentgauge.py upload %s"
            place = Path(self._spool.place)
            _warn(message, self._spool.count, place, place.parent)

    def _end_at_exit(self) -> None:
        if self._process != os.getpid():
            return
        error = getattr(sys, "last_value", None)
        interactive = hasattr(sys, "ps1")  # there, the error may be of long ago
        if error is None or interactive:
            self.end("stopped", self.stop_reason or "the monitor was never closed", 30.0)
        else:
            self.end(*_ending(error), 30.0)

    def _drop_excess(self) -> None:
        waiting = [report for report in self._waiting if report.kind == "observation"]
        size = sum(report.size() for report in waiting)
        while len(waiting) > 1 and (
            len(waiting) > self.MOST_WAITING or size > self.MOST_WAITING_BYTES
        ):
            oldest = waiting.pop(0)
            size -= oldest.size()
            self._waiting.remove(oldest)
            self._count_dropped(1)

    def _count_dropped(self, reports: int) -> None:
        with self._changed:
            self.dropped += reports

    # What follows runs in the thread, but for _keep_rest.

    def _work(self) -> None:
        self._spool.look()
        while self._await_work():
            try:
                self._turn()
            except Exception as failure:
                self._recover(failure)

    def _await_work(self) -> bool:
        """Waits until there is something to do; false if there never will be again."""
        with self._changed:
            self._changed.notify_all()  # of what the last turn has changed
            while not self._abandoned:
                now = self._clock.now()
                work = bool(self._waiting) or self._spool.count > 0
                rested = now >= self._rest_until
                if self._deadline is not None and self._is_over(now, work):
                    return False
                if work and (rested or self._waiting and self._may_spool):
                    return True
                self._clock.wait(self._changed, self._rest_until - now if work else None)
            return False

    def _is_over(self, now: float, work: bool) -> bool:
        """Whether nothing is left to do, or nothing can be done before the deadline."""
        waits_in_vain = now < self._rest_until and not self._answered
        return not work or waits_in_vain or max(now, self._rest_until) >= self._deadline

    def _turn(self) -> None:
        backlog = self._waiting and self._spool.count > 0 and self._may_spool
        if backlog or self._clock.now() < self._rest_until:
            self._move_to_spool()
            return
        file = self._spool.oldest()
        if file is not None:
            self._send_file(file)
        else:
            self._send_waiting()

    def _send_file(self, file: Path) -> None:
        try:
            _, report = self._spool.read(file)
            settled = self._is_settled(report)
        except (OSError, ValueError) as failure:  # a path that is none is a ValueError too
            if file.exists():  # else another process was faster
                self._complaints.once("unreadable", "%s cannot be sent: %s", file, failure)
            self._spool.forget(file)
            return
        if settled:
            self._spool.remove(file)

    def _send_waiting(self) -> None:
        with self._changed:
            if not self._waiting:
                return
            self._sending = self._waiting.popleft()
        settled = self._is_settled(self._sending)
        with self._changed:
            if not settled and not self._abandoned:
                self._waiting.appendleft(self._sending)
            self._sending = None

    def _is_settled(self, report: _Report) -> bool:
        """Sends a report; false if it has to be sent again."""
        try:
            answer = self._courier.deliver(report)
        except Unavailable as failure:
            if self._is_hopeless(report, failure):
                return True
            self._rest(failure)
            return False
        except Refused as refusal:
            self._count_dropped(1)
            taken = isinstance(refusal, _NameTaken)
            cause = _NameTaken if taken else (report.kind, refusal.status)
            self._complaints.once(cause, "the collector refuses: %s", refusal)
            self.name_taken |= taken and report.training == self._run.training
        else:
            self._take_answer(report, answer)
        self._answered = True
        self._pause = self.FIRST_PAUSE
        return True

    def _is_hopeless(self, report: _Report, failure: Unavailable) -> bool:
        """Whether to drop a report that the collector breaks on, and that holds up all others.

        Not if it is the collector that is broken, or a tunnel or proxy before it.
        """
        path, times = self._broke_on
        times = times + 1 if path == report.path else 1
        self._broke_on = (report.path, times if isinstance(failure, _Broken) else 0)
        if self._broke_on[1] < self.MOST_BREAKS or not self._courier.collector_is_well():
            return False
        self._count_dropped(1)
        self._complaints.once("hopeless", "a report is dropped after %d times: %s", times, failure)
        return True

    def _take_answer(self, report: _Report, answer: Mapping[str, Any]) -> None:
        if report.training != self._run.training:
            return
        observation, directive = answer.get("observation"), answer.get("directive")
        if isinstance(observation, dict):
            self._take_score(observation.get("layer"), observation.get("score"))
        if not isinstance(directive, dict):
            return
        if directive.get("action") == "stop" and self.stop_reason is None:
            self.stop_reason = _reason_of(directive)
            _warn("the collector advises to stop: %s", self.stop_reason)

    def _take_score(self, layer: Any, score: Any) -> None:
        scores = {name: value for name, value in self.scores.items() if name != layer}
        if _is_text(layer) and type(score) in (int, float) and math.isfinite(score):
            scores[layer] = float(score)
        self.scores = scores  # as a whole: another thread may be reading it

    def _rest(self, failure: Unavailable) -> None:
        message = "reports are kept in %s until later: %s"
        self._complaints.once("unavailable", message, self._spool.place, failure)
        asked = failure.retry_after
        with self._changed:
            pause = self._pause if asked is None else max(asked, self.FIRST_PAUSE)
            self._rest_until = self._clock.now() + pause
            self._answered = failure.answered
            self._may_spool = True
        self._pause = min(2 * self._pause, self.LONGEST_PAUSE)

    def _move_to_spool(self) -> None:
        with self._changed:
            waiting = list(self._waiting)
        for report in waiting:
            if not self._put(report):
                self._may_spool = False
                return
            with self._changed:
                if report in self._waiting:
                    self._waiting.remove(report)

    def _put(self, report: _Report) -> bool:
        try:
            self._count_dropped(self._spool.put(report))
            return True
        except OSError as failure:
            self._complaints.once("spool", "reports cannot be kept in files: %s", failure)
            return False

    def _recover(self, failure: Exception) -> None:
        """After what should not happen: gives up the report at hand, and goes on later."""
        self._complaints.once(type(failure), "a report is lost: %r", failure)
        with self._changed:
            self._count_dropped(int(self._sending is not None))
            self._sending = None
        self._rest(Unavailable(str(failure)))

    def _keep_rest(self) -> None:
        with self._changed:
            self._abandoned = True
            rest = [report for report in (self._sending, *self._waiting) if report is not None]
            self._waiting.clear()
            self._changed.notify_all()
        for report in rest:
            if not self._put(report):
                self._count_dropped(1)


def _reason_of(directive: Mapping[str, Any]) -> str:
    """Why a directive says to stop."""
    return _one_line(directive.get("reason") or "the collector says so")


class _NameTaken(Refused):
    """Another training has the name and the attempt of this one."""


class _Courier:
    """Hands reports to the collector, but none of a training that it did not register.

    A collector refuses to register a second training under the name and attempt of another. What
    that one observes would be mixed with the observations of the other, and its end would end both.
    """

    def __init__(self, client: _Collector):
        self._client = client
        self._refused: Dict[str, Refused] = {}

    def deliver(self, report: _Report) -> Dict[str, Any]:
        """Sends a report and answers what the collector answers.

        Raises:
            Unavailable: if it should be sent again later.
            Refused: if it should not.
        """
        if report.training in self._refused:
            raise self._refused[report.training]
        try:
            return self._client.send(report.method, report.path, report.body(), report.media)
        except Refused as refusal:
            if report.kind != "run" or refusal.status != 409:
                raise
            taken = _NameTaken(f"nothing of this run is recorded: {refusal}", refusal.status)
            self._refused[report.training] = taken
            raise taken from refusal

    def collector_is_well(self) -> bool:
        """Whether the collector says that it can take reports."""
        try:
            self._client.fetch("/health/ready", _Collector.LARGEST_ANSWER)
            return True
        except (Unavailable, Refused):
            return False


class _Complaints:
    """Logs each cause once, and a bounded number of causes."""

    MOST = 100

    def __init__(self) -> None:
        self._known: Set[Any] = set()

    def once(self, cause: Any, message: str, *arguments: Any) -> None:
        if cause not in self._known and len(self._known) < self.MOST:
            self._known.add(cause)
            _warn(message, *arguments)


def _warn(message: str, *arguments: Any) -> None:
    """Logs; where nobody has set up logging, the name of the logger is not shown."""
    _log.warning("latentgauge: " + message, *arguments)


def _upload_folder(folder: Path, collector: Optional[str], token: Optional[str]) -> Uploaded:
    spool = _Spool(folder, "", 0)
    couriers: Dict[str, _Courier] = {}
    delivered = refused = 0
    for file in spool.files():
        try:
            meant_for, report = spool.read(file)
            address = collector or meant_for
            if address not in couriers:
                _raise_if_any(f"{file} cannot be delivered", _collector_mistakes(address))
                couriers[address] = _Courier(_Collector(address, token))
            _deliver_patiently(couriers[address], report)
            delivered += 1
        except Unavailable as failure:
            _warn("%s and what follows stays: %s", file, failure)
            break
        except FileNotFoundError:
            continue  # another process was faster
        except (Refused, ValueError) as refusal:
            _warn("%s is deleted: %s", file, refusal)
            refused += 1
        spool.remove(file)
    return Uploaded(delivered, refused, len(spool.files()))


def _deliver_patiently(courier: _Courier, report: _Report, attempts: int = 5) -> None:
    for attempt in range(attempts):
        try:
            courier.deliver(report)
            return
        except Unavailable as failure:
            if not failure.answered or attempt == attempts - 1:
                raise
            time.sleep(2.0**attempt if failure.retry_after is None else failure.retry_after)


# --------------------------------------------------------------------------------------------------
# The spool
# --------------------------------------------------------------------------------------------------


class _Spool:
    """Reports for one collector in a folder, a file each, in the order of their names.

    A file is a line of JSON that says where the report goes, and then its body as it is sent. Files
    appear whole or not at all, and those with other names are not touched. Several processes can
    share a folder; should two of them deliver the same file, the collector knows the second as a
    duplicate.

    Args:
        folder: where, created when it is needed; None if nothing may be kept.
        collector: the address of the collector.
        most_bytes: how much all files may take together.
    """

    REPORT = re.compile(r"[0-9]{20}-[0-9]+-(run|observation|end)\.report")
    PARTIAL = re.compile(r"\..+\.[0-9]+\.partial")
    PARTIAL_SECONDS = 3600.0

    def __init__(self, folder: Optional[Path], collector: str, most_bytes: int):
        self._folder = folder
        self._collector = collector
        self._most_bytes = most_bytes
        self._last_name = 0
        self._forgotten: Set[Path] = set()
        self.count = 0

    @property
    def place(self) -> str:
        """Where it keeps reports, for people."""
        return "memory" if self._folder is None else str(self._folder.absolute())

    def look(self) -> None:
        """Finds what earlier processes left, and removes what they were killed in the midst of."""
        self.files()
        for partial in self._listed(self.PARTIAL):
            try:
                if time.time() - partial.stat().st_mtime > self.PARTIAL_SECONDS:
                    partial.unlink()
            except OSError:
                continue  # another process was faster

    def files(self) -> List[Path]:
        """All files, oldest first."""
        files = [file for file in self._listed(self.REPORT) if file not in self._forgotten]
        self.count = len(files)
        return files

    def oldest(self) -> Optional[Path]:
        """The file to be delivered next."""
        return next(iter(self.files()), None) if self.count else None

    def put(self, report: _Report) -> int:
        """Keeps a report.

        Returns:
            How many were dropped for want of room.

        Raises:
            OSError: if it cannot be written.
        """
        if self._folder is None:
            raise OSError("there is no folder for them")
        head = {
            "collector": self._collector,
            "kind": report.kind,
            "training": report.training,
            "method": report.method,
            "path": report.path,
            "media": report.media,
        }
        data = json.dumps(head).encode() + b"\n" + report.body()
        if len(data) > self._most_bytes:
            return 1
        dropped = self._make_room(len(data))
        _write_atomically(self._folder / self._next_name(report.kind), data)
        self.count += 1
        return dropped

    @staticmethod
    def read(file: Path) -> Tuple[str, _Report]:
        """The collector that a report was meant for, and the report.

        Raises:
            OSError: if the file cannot be read.
            ValueError: if it is no report.
        """
        line, _, body = file.read_bytes().partition(b"\n")
        try:
            head = json.loads(line)
            texts = [head[key] for key in ("kind", "training", "method", "path", "media")]
            address = head["collector"]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ValueError("it is no report") from error
        path_is_ours = str(texts[3]).startswith("/v1/runs/")
        if not path_is_ours or not all(isinstance(text, str) for text in (address, *texts)):
            raise ValueError("it is no report")
        return address, _Report(*texts, content=body)

    def remove(self, file: Path) -> None:
        """Deletes a file; where that fails, does not see it any more."""
        try:
            file.unlink()
        except FileNotFoundError:
            pass  # another process was faster
        except OSError:
            self._forgotten.add(file)
        self.count = max(0, self.count - 1)

    def forget(self, file: Path) -> None:
        """Leaves a file where it is, and does not see it any more."""
        self._forgotten.add(file)
        self.count = max(0, self.count - 1)

    def _listed(self, names: Pattern[str]) -> List[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if names.fullmatch(path.name))
        except (OSError, AttributeError):
            return []

    def _next_name(self, kind: str) -> str:
        self._last_name = max(self._last_name + 1, time.time_ns())
        return f"{self._last_name:020d}-{os.getpid()}-{kind}.report"

    def _make_room(self, needed: int) -> int:
        """Deletes the oldest observations until there is room; the other reports are small."""
        sizes = {file: _file_size(file) for file in self.files()}
        excess = sum(sizes.values()) + needed - self._most_bytes
        dropped = 0
        for file in sorted(sizes, key=lambda file: ("-observation" not in file.name, file.name)):
            if excess <= 0:
                break
            self.remove(file)
            excess -= sizes[file]
            dropped += 1
        return dropped


def _file_size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _write_atomically(path: Path, data: bytes) -> None:
    """Writes a file that is there whole or not at all, also if the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f".{path.name}.{os.getpid()}.partial"
    try:
        with open(partial, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


# --------------------------------------------------------------------------------------------------
# The collector
# --------------------------------------------------------------------------------------------------


class _Collector:
    """Requests to a collector, each on a connection of its own, bounded in time and in size.

    Args:
        url: its address, checked by ``_collector_mistakes``.
        token: see ``Monitor``.
        timeout: how many seconds to wait for a connection; for an answer it is given the time to
            score what others sent before, which it keeps below half a minute.
    """

    LARGEST_ANSWER = 1 << 20
    LONGEST_ANSWER = 300.0
    SCORING = 45.0
    LATER = (401, 403, 408, 421, 425, 429)  # a token may be renewed, a name be set right
    LONGEST_RETRY_AFTER = 300.0

    def __init__(self, url: str, token: Optional[str] = None, timeout: float = 10.0):
        self.url = url.rstrip("/")
        self._parts = urlsplit(self.url)
        self._token = _token(token)
        self._timeout = timeout

    @property
    def folder_name(self) -> str:
        """What the folder of its reports is called; several machines may share a home."""
        own = self._parts.hostname in ("127.0.0.1", "::1", "localhost")
        place = f"{platform.node()} " if own else ""
        return re.sub(r"[^A-Za-z0-9.-]+", "_", place + self._parts.netloc + self._parts.path)

    def send(self, method: str, path: str, body: bytes, media: str) -> Dict[str, Any]:
        """Sends a body and answers the JSON object of the answer.

        Raises:
            Unavailable: if it should be sent again later.
            Refused: if it should not.
        """
        content = self._exchange(method, path, body, {"Content-Type": media}, self.LARGEST_ANSWER)
        answer = _json_object(content)
        if answer is None:
            raise _Broken(f"{self.url} answers what no collector does")
        return answer

    def ask(self, path: str) -> Dict[str, Any]:
        """Asks for a JSON object; raises as ``send``."""
        content = self._exchange("GET", path, None, {"Accept": _JSON}, self.LARGEST_ANSWER)
        answer = _json_object(content)
        if answer is None:
            raise _Broken(f"{self.url} answers what no collector does")
        return answer

    def fetch(self, path: str, most_bytes: int) -> bytes:
        """Fetches a file; raises as ``send``."""
        return self._exchange("GET", path, None, {"Accept": _BYTES}, most_bytes)

    def _exchange(
        self, method: str, path: str, body: Optional[bytes], headers: Dict[str, str], most: int
    ) -> bytes:
        headers = {**headers, "User-Agent": "latentgauge-pytorch"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        connection = self._connection()
        try:
            connection.connect()
            connection.sock.settimeout(max(self._timeout, self.SCORING))
            try:
                connection.request(method, self._parts.path + path, body, headers)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it may refuse a body before it has read it, and its answer says why
            response = connection.getresponse()
            content = self._content(response, most)
        except Unavailable:
            raise
        except (http.client.HTTPException, ConnectionResetError) as failure:
            raise _Broken(f"{self.url} breaks off: {failure!r}") from failure
        except OSError as failure:
            raise Unavailable(f"{self.url} does not answer: {failure!r}") from failure
        finally:
            connection.close()
        self._require_success(response.status, response.headers, content, f"{method} {path}")
        return content

    def _connection(self) -> http.client.HTTPConnection:
        https = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        return kind(self._parts.hostname, self._parts.port, timeout=self._timeout)

    def _content(self, response: http.client.HTTPResponse, most: int) -> bytes:
        deadline = time.monotonic() + self.LONGEST_ANSWER
        content = bytearray()
        while True:
            part = response.read1(1 << 16)
            content += part
            if not part:
                break
            if len(content) > most or time.monotonic() > deadline:
                raise Unavailable(
                    f"{self.url} must answer at most {most} bytes in {self.LONGEST_ANSWER:.0f} s,"
                    " but answers more or takes longer",
                    answered=True,
                )
        if response.length:
            raise http.client.IncompleteRead(bytes(content), response.length)
        return bytes(content)

    def _require_success(
        self, status: int, headers: email.message.Message, content: bytes, request: str
    ) -> None:
        if 200 <= status < 300:
            return
        problem = _json_object(content) or {}
        detail = _one_line(problem.get("detail") or problem.get("title") or "")
        message = f"{self.url} answers {status} to {request.split('?')[0]}: {detail}"
        if 400 <= status < 500 and status not in self.LATER:
            raise Refused(message, status)
        if status == 500:
            raise _Broken(message)
        asked = headers.get("Retry-After", "")
        seconds = min(float(asked), self.LONGEST_RETRY_AFTER) if asked.isdecimal() else None
        raise Unavailable(message, answered=True, retry_after=seconds)


class _Questions(_Collector):
    """Requests that nothing has to be scored for."""

    LONGEST_ANSWER = 10.0
    SCORING = 0.0


def _json_object(content: bytes) -> Optional[Dict[str, Any]]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _one_line(text: Any) -> str:
    """A text from elsewhere, made safe to show: in one line, and not too long."""
    printable = "".join(c if c.isprintable() else " " for c in str(text)[:1000])
    return " ".join(printable.split())


def _fetched_probes(reference: str, client: _Collector, folder: Optional[Path]) -> Probes:
    """The inputs of a reference, from the collector; or from a copy if that is away."""
    name = quote(reference, safe="")
    copy = None if folder is None else folder / "references" / f"{name}.safetensors"
    try:
        content = client.fetch(f"/v1/references/{name}", _TensorFile.LARGEST)
        probes = _probes_of(_TensorFile.decode(content), reference)
    except Refused as refusal:
        raise ValueError(f"the reference {reference} cannot be had: {refusal}") from None
    except (Unavailable, _InvalidFile) as failure:
        return _copied_probes(reference, copy, failure)
    try:
        if copy is not None:
            _write_atomically(copy, content)
    except OSError as failure:
        _warn("the inputs of %s are not kept for later runs: %s", reference, failure)
    return probes


def _copied_probes(reference: str, copy: Optional[Path], failure: Exception) -> Probes:
    try:
        if copy is None:
            raise OSError("there is no folder for one")
        probes = _probes_of(_TensorFile.decode(copy.read_bytes()), reference)
    except (OSError, ValueError) as second:
        there = copy is not None and copy.exists()
        broken = f" ({copy} is none: {second})" if there else ""
        raise Unavailable(
            f"the probes of {reference} cannot be had: {failure}; and there is no copy of an"
            f" earlier run{broken}. Start a collector, name another by LATENTGAUGE_COLLECTOR, or"
            " give probes="
        ) from None
    _warn("the inputs of %s are a copy of an earlier run, since %s", reference, failure)
    return probes


def _probes_of(file: _TensorFile, reference: str) -> Probes:
    """The inputs in a reference file.

    Raises:
        ValueError: if it has none, or others than it says.
    """
    arrays = file.arrays
    if "anchor_rows" in arrays and "probe_rows" in arrays:
        rows = arrays["anchor_rows"].tolist(), arrays["probe_rows"].tolist()
        probes = Probes.rows(_in_order("input", arrays), *rows)
    elif "anchors.0" in arrays:
        probes = Probes(_in_order("anchors", arrays), _in_order("probes", arrays))
    else:
        raise ValueError(
            f"the reference {reference} must hold its inputs for runs that bring none, but it does"
            " not: give probes=, or make it with inputs=True"
        )
    said = file.metadata.get("probes", probes.fingerprint)
    if said != probes.fingerprint:
        raise ValueError(
            f"the inputs of the reference {reference} must have the fingerprint {said:.64}, but"
            f" have {probes.fingerprint}"
        )
    return probes


def _numbered(name: str, tensors: Sequence[Tensor]) -> Dict[str, Tensor]:
    return {f"{name}.{i}": tensor for i, tensor in enumerate(tensors)}


def _in_order(name: str, arrays: Mapping[str, Tensor]) -> List[Tensor]:
    names = itertools.takewhile(arrays.__contains__, (f"{name}.{i}" for i in itertools.count()))
    return [arrays[each] for each in names]


# --------------------------------------------------------------------------------------------------
# Safetensors
# --------------------------------------------------------------------------------------------------

_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
_DTYPE_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


class _InvalidFile(ValueError):
    """Bytes that are no safetensors file."""


@dataclass(frozen=True, eq=False)
class _TensorFile:
    """Arrays and texts, as a safetensors file has them.

    The length of the header (8 bytes, little-endian), the header in JSON, and the numbers of all
    arrays, little-endian and without gaps.
    """

    arrays: Dict[str, Tensor]
    metadata: Dict[str, str]

    LARGEST = 1 << 30
    LONGEST_HEADER = 16 << 20
    MOST_DIMENSIONS = 8

    def size(self) -> int:
        """How many bytes the numbers take."""
        return sum(a.numel() * a.element_size() for a in self.arrays.values())

    def encode(self) -> bytes:
        """The file; the arrays must be in main memory."""
        header: Dict[str, Any] = {"__metadata__": self.metadata}
        bodies = []
        position = 0
        for name, array in self.arrays.items():
            body = _bytes_of(array)
            offsets = [position, position + len(body)]
            dtype, shape = _DTYPE_NAMES[array.dtype], list(array.shape)
            header[name] = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
            bodies.append(body)
            position += len(body)
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        return b"".join([len(text).to_bytes(8, "little"), text, *bodies])

    @classmethod
    def decode(cls, data: bytes) -> _TensorFile:
        """Reads a file and trusts nothing in it.

        Raises:
            _InvalidFile: if it is no safetensors file, or one with types that torch does not have.
        """
        length = int.from_bytes(data[:8], "little")
        most = min(cls.LONGEST_HEADER, len(data) - 8)
        if not 2 <= length <= most:
            raise _InvalidFile(f"its header must have from 2 to {most} bytes, but claims {length}")
        header = _parsed_header(data[8 : 8 + length])
        metadata = header.pop("__metadata__", {})
        if not isinstance(metadata, dict) or not all(map(_is_text, metadata.values())):
            raise _InvalidFile("its metadata must be texts")
        entries = {name: _entry(name, value) for name, value in header.items()}
        _require_no_gaps(entries, len(data) - 8 - length)
        numbers = memoryview(data)[8 + length :]
        return cls({name: e.tensor(numbers) for name, e in entries.items()}, metadata)


class _Entry(NamedTuple):
    """Where an array lies, in bytes behind the header."""

    dtype: torch.dtype
    shape: List[int]
    begin: int
    end: int

    def tensor(self, numbers: memoryview) -> Tensor:
        if self.begin == self.end:
            return torch.empty(self.shape, dtype=self.dtype, device="cpu")
        own = bytearray(numbers[self.begin : self.end])
        return torch.frombuffer(own, dtype=self.dtype).reshape(self.shape)


def _parsed_header(text: bytes) -> Dict[str, Any]:
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as error:
        raise _InvalidFile("its header is not valid JSON, or has a name twice") from error
    if not isinstance(header, dict):
        raise _InvalidFile("its header must be an object")
    return header


def _without_repetition(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name is there twice")
    return values


def _entry(name: str, value: Any) -> _Entry:
    what = f"its array {_one_line(name):.80}"
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
        raise _InvalidFile(f"{what} must have a dtype, a shape and data_offsets, and nothing else")
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not _is_text(dtype) or dtype not in _DTYPES:
        raise _InvalidFile(f"{what} must be of {', '.join(_DTYPES)}, but is of {dtype!r:.40}")
    if not _are_counts(shape, _TensorFile.MOST_DIMENSIONS) or not _are_counts(offsets, 2):
        raise _InvalidFile(f"{what} must have up to 8 dimensions and two offsets, from 0")
    begin, end = (*offsets, -1, -1)[:2]
    needed = math.prod(shape) * torch.empty(0, dtype=_DTYPES[dtype], device="cpu").element_size()
    if len(offsets) != 2 or end - begin != needed:
        raise _InvalidFile(f"{what} takes {needed} bytes, but its offsets are {offsets}")
    return _Entry(_DTYPES[dtype], shape, begin, end)


def _require_no_gaps(entries: Mapping[str, _Entry], length: int) -> None:
    position = 0
    for entry in sorted(entries.values(), key=lambda entry: (entry.begin, entry.end)):
        if entry.begin != position:
            raise _InvalidFile(f"an array must begin at byte {position}, but none does")
        position = entry.end
    if position != length:
        raise _InvalidFile(f"its header speaks of {position} bytes of numbers, but it has {length}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_counts(value: Any, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(map(_is_count, value))


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 62


def _bytes_of(array: Tensor) -> memoryview:
    """The numbers of a tensor in main memory, in their order, without NumPy and without a copy."""
    dense = array.detach().contiguous()
    size = dense.numel() * dense.element_size()
    numbers = (ctypes.c_ubyte * size).from_address(dense.data_ptr())
    numbers.owner = dense  # lives as long as the view does
    return memoryview(numbers).cast("B")


def _fingerprint(*lists: Sequence[Tensor]) -> str:
    """SHA-256 of lists of arrays, as Fingerprint.java computes it."""
    digest = hashlib.sha256()
    for arrays in lists:
        for array in arrays:
            digest.update(f"{_java_name(array.dtype)} ({_commas(array.shape)})\n".encode())
            digest.update(_bytes_of(array))
        digest.update(b"\n")
    return digest.hexdigest()


def _java_name(dtype: torch.dtype) -> str:
    """What DJL calls a type."""
    return "boolean" if dtype is torch.bool else str(dtype).rpartition(".")[2]


# --------------------------------------------------------------------------------------------------
# Inputs
# --------------------------------------------------------------------------------------------------

_WIDENED = {torch.bfloat16: torch.float32, torch.int16: torch.int32}


def _kept_inputs(role: str, inputs: Inputs, of_rows: bool = True) -> Tuple[Tensor, ...]:
    """Copies of inputs in main memory."""
    tensors = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise ValueError(f"the {role} must be tensors, but one is {type(tensor).__name__}")
        if tensor.layout is not torch.strided or (of_rows and tensor.dim() == 0):
            raise ValueError(f"the {role} must be dense tensors of one row an input")
        if _widened(tensor.dtype) not in _DTYPE_NAMES:
            raise ValueError(f"the {role} must be of a type of {_some(_DTYPES)}: {tensor.dtype}")
    if not tensors or any(tensor.numel() == 0 for tensor in tensors):
        raise ValueError(f"the {role} must be at least one tensor, each of at least one number")
    if of_rows and len({len(tensor) for tensor in tensors}) > 1:
        rows = [len(tensor) for tensor in tensors]
        raise ValueError(f"all tensors of the {role} must have as many rows, but have {rows}")
    return tuple(t.detach().to("cpu", _widened(t.dtype), copy=True).contiguous() for t in tensors)


def _widened(dtype: torch.dtype) -> torch.dtype:
    return _WIDENED.get(dtype, dtype)


def _require_fit(anchors: Sequence[Tensor], probes: Sequence[Tensor]) -> None:
    kinds = [[(t.dtype, tuple(t.shape[1:])) for t in tensors] for tensors in (anchors, probes)]
    if kinds[0] != kinds[1]:
        raise ValueError(
            f"anchors and probes must be inputs of one model, but are {kinds[0]} and {kinds[1]}"
        )


def _require_counts(anchors: int, probes: int) -> None:
    if anchors < 1 or probes < 3:
        raise ValueError(
            f"there must be at least 1 anchor and 3 probes, but are {anchors} and {probes}"
        )


def _require_different(anchors: Iterable[Any], probes: Iterable[Any]) -> None:
    seen: Dict[Any, str] = {}
    for role, inputs in (("anchor", anchors), ("probe", probes)):
        for i, each in enumerate(inputs):
            before = seen.setdefault(each, f"{role} {i}")
            if before != f"{role} {i}":
                raise ValueError(
                    f"anchors and probes must be different inputs, but {role} {i} is also {before}"
                )


def _row_digests(columns: Sequence[Tensor]) -> Iterator[bytes]:
    return (_digest(row) for row in zip(*columns))


def _digest(row: Sequence[Tensor]) -> bytes:
    digest = hashlib.sha256()
    for tensor in row:
        digest.update(_bytes_of(tensor))
    return digest.digest()


def _inputs_of(item: Any, inputs: Union[int, Sequence[str]]) -> Tuple[Tensor, ...]:
    """The input tensors of an item of a dataset, in main memory; nothing else of it is read."""
    if isinstance(inputs, int):
        columns = tuple(item[:inputs]) if isinstance(item, (tuple, list)) else (item,)
    else:
        columns = tuple(item[key] for key in inputs)
    for column in columns:
        if not isinstance(column, Tensor):
            raise ValueError(
                f"the items of the data must begin with tensors, {inputs} of them, but there is"
                f" a {type(column).__name__}; a transform of the data can make tensors"
            )
    return tuple(column.detach().cpu() for column in columns)


def _stacked(rows: Sequence[Tensor]) -> Tensor:
    shapes = {tuple(row.shape) for row in rows}
    if len(shapes) > 1:
        raise ValueError(f"all inputs must have one shape, but have {_some(shapes)}")
    return torch.stack(list(rows))


# --------------------------------------------------------------------------------------------------
# What is checked, and small things
# --------------------------------------------------------------------------------------------------

_NAME = re.compile(r"[A-Za-z0-9._*@-]{1,128}")


def _raise_if_any(what: str, *mistakes: Iterable[str]) -> None:
    """Raises a ValueError that lists every mistake, if there is one."""
    found = list(itertools.chain(*mistakes))
    if found:
        raise ValueError("\n- ".join([f"{what}:", *found]))


def _name_mistakes(what: str, name: Any) -> Iterator[str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in (".", ".."):
        yield f"{what} must match {_NAME.pattern} and not be . or .., but is {name!r:.150}"


def _model_mistakes(model: Any) -> Iterator[str]:
    if not isinstance(model, nn.Module):
        yield f"the model must be a torch.nn.Module, but is {type(model).__name__}"
        return
    if any(nn.parameter.is_lazy(tensor) for tensor in model.parameters()):
        yield "all parameters must have shapes; run a batch through the model first"
    elif _is_sharded(model):
        yield (
            "the model must be whole in this process, but is sharded (FullyShardedDataParallel,"
            " ZeRO-3 or DTensor): a pass by one process alone would wait for the others for ever"
        )


def _is_sharded(model: nn.Module) -> bool:
    kinds = {kind.__name__ for module in model.modules() for kind in type(module).__mro__}
    if kinds & {"FullyShardedDataParallel", "FSDPModule"}:
        return True
    return any(type(p).__name__ == "DTensor" or hasattr(p, "ds_id") for p in model.parameters())


def _layer_mistakes(model: Any, layers: Sequence[str]) -> Iterator[str]:
    if not layers or len(set(layers)) < len(layers):
        yield f"there must be at least one layer, and none twice, but they are {layers!r:.150}"
    others = [type(layer).__name__ for layer in layers if not isinstance(layer, str)]
    if others:
        yield f"a layer must be given by its name, but is given as {_some(others)}"
    if others or not isinstance(model, nn.Module):
        return
    modules = dict(_unwrapped(model).named_modules())
    names = [name for name in modules if name]
    for layer in layers:
        yield from _name_mistakes("the name of a layer", layer)
        if layer in names:
            yield from _hook_mistakes(layer, modules[layer])
        else:
            nearest = difflib.get_close_matches(layer, names)
            hint = f"; the nearest are {_commas(nearest)}" if nearest else ""
            yield f"the model has no layer {layer!r:.150}{hint}; it has {_commas(names) or 'none'}"


def _hook_mistakes(layer: str, module: nn.Module) -> Iterator[str]:
    try:
        module.register_forward_hook(lambda *_: None).remove()
    except RuntimeError as refusal:  # of a script
        yield f"the layer {layer} must take a hook, but does not: {refusal}"


def _collector_mistakes(url: Any) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        good = good and not (parts.query or parts.fragment)
        secret = "@" in parts.netloc
    except (ValueError, TypeError, AttributeError):
        good, secret = False, False
    if secret:
        yield "collector must not contain a user or a password; a token can be given as token="
    elif not good:
        yield f"collector must be an address such as {COLLECTOR}, but is {url!r:.150}"


def _token_mistakes(token: Any) -> Iterator[str]:
    token = _token(token)
    if not isinstance(token, str) or not re.fullmatch("[!-~]*", token):
        yield "the token must be made of printable ASCII characters without spaces"


def _token(given: Optional[str]) -> str:
    return os.environ.get("LATENTGAUGE_TOKEN", "") if given is None else given


def _cadence_mistakes(every: Any, budget: Any) -> Iterator[str]:
    if every is not None and budget is not None:
        yield f"there can be every or budget, but both are given: {every!r:.40}, {budget!r:.40}"
    if every is not None:
        yield from _least("every", every, 1)
    if budget is not None and not (isinstance(budget, (int, float)) and 0 < budget <= 1):
        yield f"budget must be a share above 0, at most 1, but is {budget!r:.40}"


def _purpose_mistakes(reference: Any, probes: Any, sketch: Any, predictions: Any) -> Iterator[str]:
    """What is wrong with what a monitor is for."""
    if isinstance(probes, Probes) and (sketch or reference is None):
        anchors, count = probes.counts
        if anchors * count > MOST_COSINES:
            yield (
                f"anchors times probes must be at most {MOST_COSINES} for a sketch, but are"
                f" {anchors * count}"
            )
    if reference is not None:
        yield from _name_mistakes("reference", reference)
        return
    if probes is None:
        yield (
            "there must be a reference, or probes by which runs are compared, but there is neither:"
            ' pass reference="cnn-v1", or probes=latentgauge.Probes.sample(unlabelled)'
        )
    if sketch is not None and not sketch:
        yield "sketch must not be False where there is no reference: nothing would be left to do"
    if predictions:
        yield "predictions can only be compared with those of a reference, but there is none"


def _probes_mistakes(probes: Any) -> Iterator[str]:
    if probes is not None and not isinstance(probes, Probes):
        yield f"probes must be Probes, but is {type(probes).__name__}"


def _least(what: str, value: Any, least: int) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        yield f"{what} must be a whole number, at least {least}, but is {value!r:.40}"


def _finite(evaluations: Mapping[str, Any]) -> Dict[str, float]:
    """The evaluations that the collector takes."""
    numbers: Dict[str, float] = {}
    for name, value in evaluations.items():
        try:
            number = float(value)
        except Exception:  # whatever is no number has its own way to say so
            continue
        if math.isfinite(number):
            numbers[name] = number
    return numbers


def _rank(given: Optional[int]) -> int:
    if given is not None:
        return given
    if _is_distributed():
        return torch.distributed.get_rank()
    rank = os.environ.get("RANK", "")
    if not rank.isdecimal():
        return 0
    if int(rank) > 0 and "WORLD_SIZE" not in os.environ:
        _warn("nothing is observed by this process, since RANK in its environment is %s", rank)
    return int(rank)


def _is_distributed() -> bool:
    return torch.distributed.is_available() and torch.distributed.is_initialized()


def _ending(error: BaseException) -> Tuple[str, str]:
    """How a run ended that an exception ended, and why."""
    left = isinstance(error, (KeyboardInterrupt, GeneratorExit))
    left = left or isinstance(error, SystemExit) and error.code in (None, 0)
    left = left or any(kind.__name__ == "TrialPruned" for kind in type(error).__mro__)  # Optuna's
    return "stopped" if left else "failed", _one_line(f"{type(error).__name__}: {error}")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _commas(values: Iterable[Any]) -> str:
    return ", ".join(map(str, values))


def _some(values: Iterable[Any]) -> str:
    """Up to ten values, for messages."""
    values = sorted(map(str, values))
    return _commas(values[:10]) + (", …" if len(values) > 10 else "")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command line; answers the exit status, 0 if nothing is left to deliver."""
    parser = argparse.ArgumentParser(
        prog="latentgauge.py",
        description="Latentgauge for PyTorch, to be imported by trainings. As a program it delivers"
        " what they left behind: python3 latentgauge.py upload latentgauge-spool",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("upload", help="deliver the reports that runs left in a folder")
    command.add_argument("directory", metavar="DIR", help=f"such as {DIRECTORY}")
    command.add_argument(
        "--collector", metavar="URL", help="by default that which each report was meant for"
    )
    options = parser.parse_args(arguments)
    if not Path(options.directory).is_dir():
        print(f"there is nothing to deliver: {options.directory} is no folder")
        return 0
    logging.basicConfig(format="%(message)s")
    done = upload(options.directory, options.collector)
    print(f"delivered {done.delivered}, refused {done.refused}, left {done.left}")
    return 1 if done.left else 0


if __name__ == "__main__":
    sys.exit(main())
