"""What latentgauge.py promises, tested against a collector that the tests script.

Run in this folder: ``/usr/bin/python3 -m unittest -v``
"""

from __future__ import annotations

import dataclasses
import hashlib
import http.server
import json
import logging
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import types
import unittest
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Deque, Dict, Iterator, List, Optional
from urllib.parse import parse_qsl, unquote, urlsplit

import numpy
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import latentgauge

PATIENCE = 30.0
HERE = Path(__file__).parent


def setUpModule() -> None:
    torch.set_num_threads(1)
    logging.getLogger("latentgauge").addHandler(logging.NullHandler())


# --------------------------------------------------------------------------------------------------
# A collector to be told what to answer
# --------------------------------------------------------------------------------------------------


@dataclass
class Request:
    method: str
    path: str
    query: Dict[str, str]
    headers: Any
    body: bytes

    @property
    def json(self) -> Dict[str, Any]:
        return json.loads(self.body)

    @property
    def file(self) -> latentgauge._TensorFile:
        return latentgauge._TensorFile.decode(self.body)

    @property
    def kind(self) -> str:
        last = self.path.rsplit("/", 1)[1]
        return last if last in ("embeddings", "end") else self.path.split("/")[2]


@dataclass
class Answer:
    status: int = 200
    content: Any = None
    headers: Optional[Dict[str, str]] = None
    cut: bool = False

    def body(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps({} if self.content is None else self.content).encode()


def problem(status: int, detail: str = "it does not fit", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"status": status, "detail": detail}, named)


class FakeCollector:
    """Keeps what it was sent, and answers as it is told: first in turn, else by ``rule``."""

    def __init__(self, port: int = 0):
        self.requests: List[Request] = []
        self.turns: Deque[Answer] = deque()
        self.rule: Callable[[Request], Answer] = lambda request: Answer()
        self.gate = threading.Event()
        self.gate.set()
        self._changed = threading.Condition()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.handle_error = lambda *_: None  # a process may leave without its answer
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, PATIENCE):
                raise AssertionError(f"not within {PATIENCE} s; there are {self.kinds()}")

    def kinds(self) -> List[str]:
        return [request.kind for request in self.requests]

    def of_kind(self, kind: str) -> List[Request]:
        return [request for request in self.requests if request.kind == kind]

    def steps(self) -> List[int]:
        return [int(request.query["step"]) for request in self.of_kind("embeddings")]

    def take(self, request: Request) -> Answer:
        with self._changed:
            self.requests.append(request)
            answer = self.turns.popleft() if self.turns else self.rule(request)
            self._changed.notify_all()
        self.gate.wait(PATIENCE)
        return answer

    def _handler(self) -> type:
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = dict(parse_qsl(parts.query))
                path = unquote(parts.path)
                self.give(collector.take(Request(self.command, path, query, self.headers, body)))

            do_PUT = do_POST = do_GET

            def give(self, answer: Answer) -> None:
                self.close_connection = True
                body = answer.body()
                self.send_response(answer.status)
                for name, value in (answer.headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) + (100 if answer.cut else 0)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler


class FakeClock(latentgauge._Clock):
    """Time that passes only by being waited for."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: List[float] = []

    def now(self) -> float:
        return self.time

    def wait(self, changed: threading.Condition, seconds: Optional[float]) -> None:
        if seconds is None:
            changed.wait(PATIENCE)
        else:
            self.waits.append(seconds)
            self.time += seconds


class EndlessRest(latentgauge._Clock):
    """Time in which a rest has no end; tells when one began."""

    def __init__(self) -> None:
        self.rests = threading.Event()

    def now(self) -> float:
        return 0.0

    def wait(self, changed: threading.Condition, seconds: Optional[float]) -> None:
        if seconds is not None:
            self.rests.set()
        changed.wait(PATIENCE)


def unused_url() -> str:
    """An address at which nobody listens."""
    collector = FakeCollector()
    collector.close()
    return collector.url


# --------------------------------------------------------------------------------------------------
# Models and data
# --------------------------------------------------------------------------------------------------


def network(seed: int = 7) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(6, 8),
        nn.BatchNorm1d(8),
        nn.ReLU(inplace=True),
        nn.Dropout(0.5),
        nn.Linear(8, 3),
    )


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def some_probes(k: int = 2, n: int = 4, d: int = 6) -> latentgauge.Probes:
    return latentgauge.Probes(numbers(k, d, seed=1), numbers(n, d, seed=2))


class Layered(nn.Module):
    """A module whose layer ``tap`` answers what it is given to answer."""

    def __init__(self, answer: Callable[..., Any]):
        super().__init__()
        self.tap = Function(answer)

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.tap(*inputs)


class Function(nn.Module):
    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function = function
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.function(*inputs)


def embed(
    model: nn.Module,
    layer: str,
    probes: latentgauge.Probes,
    batch_size: int = 256,
    predictions: bool = False,
    forward: Any = None,
    autocast: Any = None,
) -> latentgauge._Embeddings:
    options = latentgauge._PassOptions(batch_size, predictions, forward, None, autocast)
    return latentgauge._Embedder(model, (layer,), probes, options).embed()[layer]


def train(
    monitored: Callable[[nn.Module], Optional[latentgauge.Monitor]], workers: int = 0
) -> Dict[str, Any]:
    """Trains with everything that could be disturbed; answers all that could show it."""
    random.seed(3)
    numpy.random.seed(3)
    model = network()
    model[1].momentum = 0.3
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    data = TensorDataset(numbers(40, 6, seed=4), torch.arange(40) % 3)
    monitor = monitored(model)
    losses = []
    for epoch in range(2):
        loader = DataLoader(data, batch_size=8, shuffle=True, num_workers=workers)
        for inputs, labels in loader:
            noise = random.random() * 0.1 + numpy.random.rand() * 0.1
            loss = nn.functional.cross_entropy(model(inputs + noise), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if monitor is not None:
                monitor.step(epoch=epoch, evaluations={"loss": loss})
    if monitor is not None:
        monitor.close()
    return {
        "losses": losses,
        "model": model.state_dict(),
        "gradients": [parameter.grad for parameter in model.parameters()],
        "optimizer": optimizer.state_dict(),
        "torch": torch.get_rng_state(),
        "python": random.getstate(),
        "numpy": numpy.random.get_state(),
    }


def identical(one: Any, other: Any) -> bool:
    """Whether two nested values are the same to the last bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, torch.Tensor):
        same_kind = one.dtype == other.dtype and one.shape == other.shape
        return same_kind and one.numpy().tobytes() == other.numpy().tobytes()
    if isinstance(one, numpy.ndarray):
        return one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(identical(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(identical, one, other))
    return one == other


class CollectorTest(unittest.TestCase):
    """A test with a collector and an empty folder."""

    def setUp(self) -> None:
        self.collector = FakeCollector()
        self.addCleanup(self.collector.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "spool"

    def monitor(self, model: Optional[nn.Module] = None, **options: Any) -> latentgauge.Monitor:
        given = {
            "reference": "ref",
            "run": "run",
            "probes": some_probes(),
            "every": 1,
            "collector": self.collector.url,
            "directory": self.folder,
        }
        given.update(options)
        layer = given.pop("layer", "0")
        monitor = latentgauge.Monitor(model or network(), layer, **given)
        self.addCleanup(monitor.close)
        return monitor

    def reporter(
        self, clock: latentgauge._Clock, url: Optional[str] = None
    ) -> latentgauge._Reporter:
        client = latentgauge._Collector(url or self.collector.url)
        spool = latentgauge._Spool(self.folder, client.url, 1 << 20)
        self.run_info = latentgauge._Run("run", 1)
        reporter = latentgauge._Reporter(client, spool, self.run_info, clock)
        self.addCleanup(reporter.end, "completed", "", PATIENCE)
        return reporter

    def reports(self) -> List[Path]:
        return sorted(self.folder.rglob("*.report"))

    def offline_run(self, steps: int, run: str = "run", url: Optional[str] = None) -> None:
        """A training with nobody to report to."""
        monitor = self.monitor(run=run, collector=url or unused_url())
        for _ in range(steps):
            monitor.step()
        monitor.close()


# --------------------------------------------------------------------------------------------------
# The training
# --------------------------------------------------------------------------------------------------


class TheTrainingTest(CollectorTest):
    def test_is_bit_for_bit_the_same_with_and_without_the_monitor(self) -> None:
        without = train(lambda model: None)
        layers = ["0", "1", "3"]
        observed = train(lambda model: self.monitor(model, layer=layers, predictions=True))
        self.assertEqual(len(self.collector.of_kind("embeddings")), 11 * len(layers))
        self.assertTrue(identical(without, observed))

    def test_is_the_same_where_there_is_no_reference(self) -> None:
        without = train(lambda model: None)
        observed = train(lambda model: self.monitor(model, layer=["0", "1"], reference=None))
        self.assertEqual(len(self.collector.of_kind("embeddings")), 11 * 2)
        self.assertTrue(identical(without, observed))

    def test_is_the_same_with_workers_that_are_forked_beside_the_monitors_thread(self) -> None:
        without = train(lambda model: None, workers=2)
        observed = train(lambda model: self.monitor(model), workers=2)
        self.assertTrue(identical(without, observed))
        self.assertEqual(self.collector.kinds().count("end"), 1)

    def test_differs_if_the_pass_draws_random_numbers_that_are_not_given_back(self) -> None:
        # What the comparison of the tests above would see.
        without = train(lambda model: None)

        def careless(model: nn.Module) -> None:
            model(numbers(4, 6))

        self.assertFalse(identical(without, train(careless)))

    def test_has_its_random_states_back_after_a_model_that_draws_in_evaluation_mode(self) -> None:
        def draw(x: torch.Tensor) -> torch.Tensor:
            return x + torch.rand(1) + random.random() + float(numpy.random.rand())

        before = torch.get_rng_state(), random.getstate(), numpy.random.get_state()
        embed(Layered(draw), "tap", some_probes())
        after = torch.get_rng_state(), random.getstate(), numpy.random.get_state()
        self.assertTrue(identical(before, after))

    def test_keeps_mixed_modes_of_its_modules(self) -> None:
        model = network()
        model[1].eval()
        model[3].train()
        before = [module.training for module in model.modules()]
        self.assertIn(False, before)
        self.assertIn(True, before)
        embed(model, "4", some_probes())
        self.assertEqual([module.training for module in model.modules()], before)

    def test_is_embedded_in_evaluation_mode(self) -> None:
        model = network()
        modes = []
        model[1].register_forward_hook(lambda *_: modes.append(model[1].training))
        embed(model, "1", some_probes())
        self.assertEqual(modes, [False])

    def test_keeps_modes_hooks_and_random_states_when_the_pass_raises(self) -> None:
        def fail(x: torch.Tensor) -> torch.Tensor:
            torch.rand(3)
            raise MemoryError("no room")

        model = Layered(fail)
        model.tap.eval()
        before = torch.get_rng_state()
        with self.assertRaises(MemoryError):
            embed(model, "tap", some_probes())
        self.assertTrue(model.training)
        self.assertFalse(model.tap.training)
        self.assertTrue(torch.is_grad_enabled())
        self.assertTrue(identical(before, torch.get_rng_state()))
        self.assertEqual(len(model.tap._forward_hooks), 0)

    def test_keeps_its_own_hooks_and_no_other(self) -> None:
        model = network()
        calls = []
        model[0].register_forward_hook(lambda *_: calls.append("mine"))
        before = dict(model[0]._forward_hooks)
        embed(model, "0", some_probes())
        self.assertEqual(dict(model[0]._forward_hooks), before)
        self.assertEqual(calls, ["mine"])

    def test_keeps_buffers_that_a_module_changes_even_in_evaluation_mode(self) -> None:
        class Counting(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.register_buffer("calls", torch.zeros(1))
                self.register_buffer("last", torch.zeros(1))

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                self.calls += 1
                self.last = x.mean()
                return x

        model = nn.Sequential(Counting())
        calls, last = model[0].calls, model[0].last
        embed(model, "0", some_probes())
        self.assertIs(model[0].calls, calls)
        self.assertIs(model[0].last, last)
        self.assertEqual(calls.item(), 0)

    def test_keeps_a_counter_and_a_hidden_state_that_a_module_notes_on_itself(self) -> None:
        class Stateful(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.cell = nn.GRUCell(6, 3)
                self.head = nn.Linear(3, 2)
                self.hidden = torch.zeros(1, 3)
                self.calls = 0

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                self.calls += 1
                self.hidden = self.cell(x, self.hidden.expand(len(x), 3))
                self.late = True
                return self.head(self.hidden)

        model = Stateful()
        hidden = model.hidden
        embed(model, "head", some_probes())
        self.assertIs(model.hidden, hidden)
        self.assertEqual(model.calls, 0)
        self.assertFalse(hasattr(model, "late"))

    def test_keeps_a_weight_that_is_computed_before_each_call(self) -> None:
        layer = nn.utils.weight_norm(nn.Linear(6, 3))
        layer(numbers(2, 6))
        weight = layer.weight
        embed(nn.Sequential(layer), "0", some_probes())
        self.assertIs(layer.weight, weight)
        self.assertTrue(layer.weight.requires_grad)

    def test_keeps_the_mode_and_the_buffers_of_a_script(self) -> None:
        script = torch.jit.script(network())
        before = {name: buffer.clone() for name, buffer in script.named_buffers()}
        model = nn.Sequential(script, Function(lambda x: x))
        embed(model, "1", some_probes())
        self.assertTrue(all(module.training for module in model.modules()))
        self.assertTrue(identical(before, dict(script.named_buffers())))

    def test_keeps_buffers_that_were_made_in_inference_mode(self) -> None:
        model = network()
        with torch.inference_mode():
            model.register_buffer("scale", torch.ones(1))
        scale = model.scale
        embed(model, "0", some_probes())
        self.assertIs(model.scale, scale)

    def test_keeps_its_gradients_also_within_an_autocast_region(self) -> None:
        model = nn.Sequential(nn.Linear(6, 6), nn.Linear(6, 3))
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
        before = [parameter.grad for parameter in model.parameters()]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            embed(model, "1", some_probes(), autocast=torch.bfloat16)
            embed(model, "1", some_probes())
            output = model(numbers(2, 6))
        for parameter, gradient in zip(model.parameters(), before):
            self.assertIs(parameter.grad, gradient)
            self.assertTrue(parameter.requires_grad)
        output.sum().backward()
        for parameter in model.parameters():
            self.assertFalse(torch.equal(parameter.grad, torch.ones_like(parameter)))


# --------------------------------------------------------------------------------------------------
# The pass
# --------------------------------------------------------------------------------------------------


class ThePassTest(unittest.TestCase):
    def embedded(self, answer: Callable[..., Any], inputs: torch.Tensor) -> List[Any]:
        """What the layer's outputs become, for the anchors, of which there is one."""
        others = torch.stack([inputs + i for i in range(1, 4)])
        probes = latentgauge.Probes(inputs[None], others)
        return embed(Layered(answer), "tap", probes).anchors.tolist()

    def test_takes_vectors_as_they_are(self) -> None:
        self.assertEqual(self.embedded(lambda x: x, torch.tensor([1.0, 2.0])), [[1.0, 2.0]])

    def test_takes_single_numbers_as_vectors_of_one(self) -> None:
        self.assertEqual(self.embedded(lambda x: x[:, 1], torch.tensor([1.0, 2.0])), [[2.0]])

    def test_averages_tokens(self) -> None:
        tokens = torch.tensor([[1.0, 2.0], [3.0, 6.0], [5.0, 1.0]])
        self.assertEqual(self.embedded(lambda x: x, tokens), [[3.0, 3.0]])

    def test_averages_all_but_the_channels_of_an_image(self) -> None:
        image = torch.tensor([[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [0.0, 2.0]]])
        self.assertEqual(self.embedded(lambda x: x, image), [[3.0, 0.5]])

    def test_takes_the_first_tensor_of_several(self) -> None:
        inputs = torch.tensor([1.0, 2.0])
        for answer in (
            lambda x: (x, x + 1),
            lambda x: [None, (x, x + 1)],
            lambda x: {"hidden": x, "more": x + 1},
        ):
            self.assertEqual(self.embedded(answer, inputs), [[1.0, 2.0]])

    def test_refuses_outputs_that_are_no_embeddings(self) -> None:
        for answer in (
            lambda x: x.long(),
            lambda x: x.sum(),
            lambda x: "text",
            lambda x: x[:, :0],
            lambda x: x[:1],
        ):
            with self.assertRaisesRegex(ValueError, "must answer"):
                self.embedded(answer, torch.tensor([1.0, 2.0]))

    def test_embeds_anchors_and_probes_apart(self) -> None:
        probes = some_probes(k=2, n=4)
        rows = embed(Layered(lambda x: 2 * x), "tap", probes)
        self.assertTrue(torch.equal(rows.anchors, 2 * numbers(2, 6, seed=1)))
        self.assertTrue(torch.equal(rows.probes, 2 * numbers(4, 6, seed=2)))

    def test_gives_the_same_in_batches_of_any_size(self) -> None:
        sizes = []

        def answer(x: torch.Tensor) -> torch.Tensor:
            sizes.append(len(x))
            return 2 * x

        whole = embed(Layered(answer), "tap", some_probes(2, 5))
        parts = embed(Layered(answer), "tap", some_probes(2, 5), batch_size=3)
        self.assertEqual(sizes, [7, 3, 3, 1])
        self.assertTrue(identical(vars(whole), vars(parts)))

    def test_calls_models_of_several_inputs(self) -> None:
        ids, mask = torch.tensor([[1, 2], [3, 4], [5, 6], [7, 8]]), torch.ones(4, 2)
        probes = latentgauge.Probes((ids[:1], mask[:1]), (ids[1:], mask[1:]))
        model = Layered(lambda ids, mask: ids * mask)
        self.assertEqual(embed(model, "tap", probes).anchors.tolist(), [[1.0, 2.0]])

    def test_calls_a_model_as_it_is_told(self) -> None:
        model = Layered(lambda x: x)
        rows = embed(model, "tap", some_probes(), forward=lambda model, x: model.tap(x + 1))
        self.assertTrue(torch.equal(rows.anchors, numbers(2, 6, seed=1) + 1))

    def test_ends_at_the_layer(self) -> None:
        def fail(x: torch.Tensor) -> torch.Tensor:
            raise AssertionError("this must not run")

        embed(nn.Sequential(nn.Linear(6, 2), Function(fail)), "0", some_probes())

    def test_ends_at_the_layer_also_in_a_model_that_handles_exceptions(self) -> None:
        class Careful(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.tap = nn.Linear(6, 2)

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                try:
                    return self.tap(x)
                except Exception as error:
                    raise AssertionError("this must not be handled") from error

        embed(Careful(), "tap", some_probes())

    def test_takes_the_output_before_the_next_module_overwrites_it(self) -> None:
        model = nn.Sequential(nn.Linear(6, 4), nn.ReLU(inplace=True))
        rows = embed(model, "0", some_probes(), predictions=True)
        self.assertLess(rows.probes.min().item(), 0)

    def test_takes_the_first_run_of_a_module_that_runs_twice(self) -> None:
        model = Layered(lambda x: 2 * x)
        twice = lambda model, x: model.tap(model.tap(x))  # noqa: E731
        rows = embed(model, "tap", some_probes(), forward=twice, predictions=True)
        self.assertTrue(torch.equal(rows.anchors, 2 * numbers(2, 6, seed=1)))

    def test_predicts_classes(self) -> None:
        model = Layered(lambda x: x[:, :3])
        rows = embed(model, "tap", some_probes(), predictions=True)
        self.assertTrue(torch.equal(rows.predictions, numbers(4, 6, seed=2)[:, :3].argmax(1)))

    def test_reaches_layers_within_a_transformer_as_in_training(self) -> None:
        torch.manual_seed(0)
        layer = nn.TransformerEncoderLayer(6, 2, 12, dropout=0.0, batch_first=True)
        encoder = nn.TransformerEncoder(layer, 2)
        tokens, padding = numbers(5, 3, 6), torch.zeros(5, 3, dtype=torch.bool)
        padding[:, 2] = True
        probes = latentgauge.Probes((tokens[:2], padding[:2]), (tokens[2:], padding[2:]))
        forward = lambda model, x, mask: model(x, src_key_padding_mask=mask)  # noqa: E731
        for name in ("layers.0.linear1", "layers.1.self_attn", "layers.1"):
            outputs = []
            module = encoder.get_submodule(name)
            handle = module.register_forward_hook(lambda m, x, y: outputs.append(y))
            forward(encoder, tokens, padding)
            handle.remove()
            expected = latentgauge._first_tensor(outputs[0]).detach().mean(dim=1)
            rows = embed(encoder, name, probes, forward=forward)
            both = torch.cat([rows.anchors, rows.probes])
            self.assertTrue(torch.allclose(both, expected, atol=1e-6))
        self.assertTrue(encoder.enable_nested_tensor)
        self.assertEqual(encoder.layers[0].activation_relu_or_gelu, 1)

    def test_says_so_where_a_layer_is_not_run(self) -> None:
        model = nn.ModuleDict({"used": nn.Linear(6, 2), "idle": nn.Linear(6, 2)})
        with self.assertRaisesRegex(ValueError, "but not idle"):
            embed(model, "idle", some_probes(), forward=lambda model, x: model["used"](x))

    def test_keeps_the_type_of_half_precision_models(self) -> None:
        rows = embed(nn.Sequential(nn.Linear(6, 2).bfloat16()), "0", some_probes())
        self.assertEqual(rows.anchors.dtype, torch.bfloat16)
        half = Layered(lambda x: x)
        half.half()
        self.assertEqual(embed(half, "tap", some_probes()).anchors.dtype, torch.float16)

    def test_runs_in_autocast_if_it_is_told_to(self) -> None:
        model = nn.Sequential(nn.Linear(6, 2))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            self.assertEqual(embed(model, "0", some_probes()).anchors.dtype, torch.float32)
        rows = embed(model, "0", some_probes(), autocast=torch.bfloat16)
        self.assertEqual(rows.anchors.dtype, torch.bfloat16)

    def test_runs_in_the_precision_of_where_the_inputs_go_whatever_else_is_elsewhere(self) -> None:
        model = nn.Sequential(nn.Linear(6, 2))
        for device in ("cpu", "meta"):
            model.register_buffer(f"on_{device}", torch.ones(1, device=device))
        self.assertEqual(len({buffer.device for buffer in model.buffers()}), 2)
        options = latentgauge._PassOptions(9, False, None, None, None)
        embedder = latentgauge._Embedder(model, ("0",), some_probes(), options)
        for order in (list, reversed):  # of a set, which has none
            embedder.devices = lambda: order([b.device for b in model.buffers()])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                self.assertEqual(embedder.embed()["0"].anchors.dtype, torch.float32)

    def test_looks_through_wrappers(self) -> None:
        compiled = nn.Module()
        compiled._orig_mod = Layered(lambda x: x)
        for model in (nn.DataParallel(Layered(lambda x: x)), compiled):
            self.assertEqual(tuple(embed(model, "tap", some_probes()).anchors.shape), (2, 6))

    def test_takes_rows_of_the_output_for_a_graph(self) -> None:
        edges, nodes = torch.eye(5), torch.arange(10.0).reshape(5, 2)
        probes = latentgauge.Probes.rows((edges, nodes), anchors=[4], probes=[0, 1, 2])
        rows = embed(Layered(torch.matmul), "tap", probes)
        self.assertEqual(rows.anchors.tolist(), [[8.0, 9.0]])
        self.assertEqual(rows.probes.tolist(), [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
        with self.assertRaisesRegex(ValueError, "up to row 4"):
            embed(Layered(lambda edges, nodes: nodes[:4]), "tap", probes)


class ObservationsAreMadeTest(CollectorTest):
    def test_before_any_update_then_every_so_many_steps_and_at_the_end(self) -> None:
        monitor = self.monitor(every=3)
        for _ in range(7):
            monitor.step()
        monitor.close()
        self.assertEqual(self.collector.steps(), [0, 3, 6, 7])

    def test_once_a_step_at_most(self) -> None:
        monitor = self.monitor(every=2)
        for step in (1, 1, 2, 2, 5, 5):
            monitor.step(step=step)
        monitor.measure()
        monitor.close()
        self.assertEqual(self.collector.steps(), [0, 2, 5])

    def test_and_a_count_that_goes_back_is_told_of_once(self) -> None:
        monitor = self.monitor(every=2)
        with self.assertLogs("latentgauge", "WARNING") as logs:
            for _ in range(3):
                for step in (1, 2, 3, 4):
                    monitor.step(step=step)
        self.assertEqual(len(logs.output), 1)
        self.assertIn("but went from 4 back to 1", logs.output[0])

    def test_and_a_run_without_steps_is_told_of(self) -> None:
        with self.assertLogs("latentgauge", "WARNING") as logs:
            self.monitor().close()
        self.assertIn("monitor.step() must be called after every update", logs.output[0])

    def test_from_the_step_at_which_a_run_resumes(self) -> None:
        monitor = self.monitor(every=10, start_step=25, attempt=2)
        for _ in range(6):
            monitor.step()
        monitor.close()
        self.assertEqual(self.collector.steps(), [25, 30, 31])
        self.assertEqual(self.collector.of_kind("runs")[0].json["attempt"], 2)

    def test_within_a_budget_of_the_training_time(self) -> None:
        time = [0.0]
        stopwatch = latentgauge._Stopwatch(0, clock=lambda: time[0])
        due = latentgauge._Budget(0.01)
        observed = []
        for step in range(1000):
            if step == 0 or due(step, stopwatch):
                with stopwatch.observation(step, ()):
                    time[0] += 2.0 if step else 4.0
                observed.append(step)
            time[0] += 1.0
        # 4 s, then 2 s each, are a hundredth of 400 s, 600 s, 800 s.
        self.assertEqual(observed, [0, 400, 600, 800])
        self.assertEqual(stopwatch.observing, 10.0)
        self.assertEqual(stopwatch.cost()["probeSeconds"], 2.0)
        self.assertAlmostEqual(stopwatch.cost()["overheadRatio"], 6.0 / 806.0)
        self.assertEqual(stopwatch.training(), {"stepsPerSecond": 1.0})

    def test_of_every_layer(self) -> None:
        self.monitor(layer=["0", "4"]).close()
        layers = [request.query["layer"] for request in self.collector.of_kind("embeddings")]
        self.assertEqual(layers, ["0", "4"])
        shapes = [r.file.arrays["probes"].shape for r in self.collector.of_kind("embeddings")]
        self.assertEqual([tuple(shape) for shape in shapes], [(4, 8), (4, 3)])

    def test_by_rank_0_alone(self) -> None:
        monitor = self.monitor(rank=1)
        monitor.step()
        monitor.measure()
        self.assertFalse(monitor.should_stop)
        self.assertIsNone(monitor.stop_reason)
        self.assertFalse(monitor.sync())
        self.assertEqual((monitor.failures, monitor.spooled, monitor.dropped), (0, 0, 0))
        monitor.close()
        self.assertEqual(self.collector.requests, [])

    def test_of_numbers_that_are_no_numbers_too(self) -> None:
        self.monitor(Layered(lambda x: x * float("nan")), layer="tap").close()
        arrays = self.collector.of_kind("embeddings")[0].file.arrays
        self.assertTrue(torch.isnan(arrays["probes"]).all())

    def test_no_more_after_three_failures_in_a_row(self) -> None:
        fail = [False]

        def answer(x: torch.Tensor) -> torch.Tensor:
            if fail[0]:
                raise RuntimeError("out of memory")
            return x

        monitor = self.monitor(Layered(answer), layer="tap")
        fail[0] = True
        with self.assertLogs("latentgauge", "WARNING") as logs:
            monitor.step()
            monitor.step()
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(monitor.failures, 2)
        fail[0] = False
        monitor.step()
        fail[0] = True
        with self.assertLogs("latentgauge", "WARNING") as logs:
            for _ in range(10):
                monitor.step()
        self.assertEqual(monitor.failures, 5)
        self.assertEqual(len(logs.output), 1)
        self.assertIn("3 observations in a row failed", logs.output[0])
        monitor.close()
        self.assertEqual(self.collector.steps(), [0, 1, 2, 3, 4, 5, 6])

    def test_that_fail_are_reported_without_a_score_and_with_the_reason(self) -> None:
        kind = [torch.float32]
        monitor = self.monitor(Layered(lambda x: x.to(kind[0])), layer="tap")
        kind[0] = torch.int64
        with self.assertLogs("latentgauge", "WARNING"):
            monitor.step()
        kind[0] = torch.float32
        monitor.step()
        monitor.close()
        first, failed, last = (r.file for r in self.collector.of_kind("embeddings"))
        self.assertNotIn("undefined", json.loads(first.metadata["report"]))
        report = json.loads(failed.metadata["report"])
        self.assertIn("must answer floating-point numbers", report["undefined"])
        self.assertEqual(report["agent"]["failures"], 1)
        for name in ("anchors", "probes"):
            self.assertEqual(len(failed.arrays[name]), len(last.arrays[name]))
            self.assertTrue(torch.isnan(failed.arrays[name]).all())
        self.assertNotIn("undefined", json.loads(last.metadata["report"]))

    def test_what_a_model_makes_of_the_probes_at_first_is_raised(self) -> None:
        with self.assertRaisesRegex(
            ValueError,
            r"the model must take the probes \(anchors.0 torch.float32 \(.*\), but the first pass"
            r" of them through it fails: ValueError: the layer tap must answer floating-point",
        ):
            self.monitor(Layered(lambda x: x.long()), layer="tap")
        self.assertEqual(self.collector.requests, [])

    def test_whatever_the_arguments_of_a_step(self) -> None:
        monitor = self.monitor()
        with self.assertLogs("latentgauge") as logs:
            for _ in range(5):
                monitor.step(epoch="first")
        self.assertEqual(len(logs.output), 1)
        odd = {"text": "x", "nan": float("nan"), "huge": 10**400}
        monitor.step(evaluations={**odd, "loss": torch.tensor(0.5)})
        monitor.close()
        report = json.loads(self.collector.of_kind("embeddings")[-1].file.metadata["report"])
        self.assertEqual(report["evaluations"], {"loss": 0.5})
        self.assertEqual(self.collector.steps(), list(range(7)))


# --------------------------------------------------------------------------------------------------
# Mistakes
# --------------------------------------------------------------------------------------------------


class MistakesTest(CollectorTest):
    def mistakes(self, *arguments: Any, **options: Any) -> str:
        with self.assertRaises(ValueError) as raised:
            latentgauge.Monitor(*arguments, **options)
        return str(raised.exception)

    def test_are_reported_all_at_once(self) -> None:
        message = self.mistakes(
            network(),
            "encoder",
            reference="a/b",
            run="..",
            probes=numbers(3, 3),
            collector="ftp://somewhere",
            every=0,
            budget=2.0,
            tags={"1": "x", "long": "y" * 1025},
            attempt=0,
            start_step=-1,
            batch_size=0,
            spool_bytes=-1,
            forward="model",
            autocast="bfloat16",
            device="nowhere",
            token="se cret",
        )
        for mistake in (
            "no layer 'encoder'",
            "reference must match",
            "run must match",
            "probes must be Probes",
            "collector must be an address",
            "every or budget",
            "every must be",
            "budget must be",
            "name of a tag",
            "tag long must have at most 1024",
            "attempt must be",
            "start_step must be",
            "batch_size must be",
            "spool_bytes must be",
            "forward must be",
            "autocast must be",
            "device must be",
            "token must be",
        ):
            self.assertIn(mistake, message)
        self.assertNotIn("cret", message)
        self.assertEqual(self.collector.requests, [])

    def test_without_a_reference_are_those_that_leave_nothing_to_do(self) -> None:
        message = self.mistakes(network(), "0", run="r", sketch=False, predictions=True)
        for mistake in (
            "there must be a reference, or probes by which runs are compared, but there is neither",
            "sketch must not be False where there is no reference",
            "predictions can only be compared with those of a reference",
        ):
            self.assertIn(mistake, message)
        self.assertEqual(self.collector.requests, [])

    def test_are_probes_of_which_no_sketch_is_kept(self) -> None:
        rows = torch.arange(2049.0).reshape(-1, 1)
        many = latentgauge.Probes(rows[:1025], rows[1025:])
        message = self.mistakes(network(), "0", run="r", probes=many)
        self.assertIn(
            "anchors times probes must be at most 1048576 for a sketch, but are 1049600", message
        )

    def test_in_the_name_of_a_layer_list_the_nearest_and_all(self) -> None:
        model = nn.ModuleDict({"encoder": nn.Linear(2, 2), "head": nn.Linear(2, 2)})
        message = self.mistakes(model, "encode", reference="r", run="r")
        self.assertIn("no layer 'encode'; the nearest are encoder; it has encoder, head", message)

    def test_in_layers_are_those_that_take_no_hooks(self) -> None:
        message = self.mistakes(torch.jit.script(network()), "0", reference="r", run="r")
        self.assertIn("the layer 0 must take a hook", message)

    def test_in_types_are_reported_all_at_once_too(self) -> None:
        model = network()
        options = {"reference": "r", "run": "r", "tags": 3, "dataset": HERE, "command": ["a"]}
        message = self.mistakes(model, model[0], **options)
        for mistake in (
            "a layer must be given by its name, but is given as Linear",
            "tags must be a mapping, but is 3",
            "dataset must be a text, but is PosixPath",
            "command must be a text, but is ['a']",
        ):
            self.assertIn(mistake, message)

    def test_about_the_model(self) -> None:
        self.assertIn("torch.nn.Module", self.mistakes(3, "x", reference="r", run="r"))
        lazy = nn.Sequential(nn.LazyLinear(2))
        self.assertIn("run a batch", self.mistakes(lazy, "0", reference="r", run="r"))
        sharded = type("FullyShardedDataParallel", (nn.Sequential,), {})(nn.Linear(2, 2))
        self.assertIn("sharded", self.mistakes(sharded, "0", reference="r", run="r"))

    def test_with_passwords_do_not_show_them(self) -> None:
        url = "http://me:secret@127.0.0.1:9475"
        message = self.mistakes(network(), "0", reference="r", run="r", collector=url)
        self.assertIn("must not contain a user or a password", message)
        self.assertNotIn("secret", message)

    def test_about_probes(self) -> None:
        def mistake(expected: str, make: Callable[[], Any]) -> None:
            with self.assertRaisesRegex(ValueError, expected):
                make()

        a, p = numbers(2, 3, seed=1), numbers(4, 3, seed=2)
        mistake("at least 1 anchor and 3 probes", lambda: latentgauge.Probes(a, p[:2]))
        mistake("inputs of one model", lambda: latentgauge.Probes(a, p[:, :2]))
        mistake("inputs of one model", lambda: latentgauge.Probes(a, p.double()))
        mistake("inputs of one model", lambda: latentgauge.Probes((a, a), (p,)))
        mistake("as many rows", lambda: latentgauge.Probes((a, a[:1]), (p, p)))
        mistake("probe 2 is also anchor 1", lambda: latentgauge.Probes(p[:2], p[[2, 3, 1]]))
        mistake("must be tensors", lambda: latentgauge.Probes([1, 2], [3, 4, 5]))
        mistake("dense", lambda: latentgauge.Probes(a.to_sparse(), p.to_sparse()))
        mistake("of a type of", lambda: latentgauge.Probes(a + 0j, p + 0j))
        mistake("at least one number", lambda: latentgauge.Probes(a[:, :0], p[:, :0]))
        mistake("counted from 0", lambda: latentgauge.Probes.rows(p, [-1], [0, 1, 2]))


# --------------------------------------------------------------------------------------------------
# Inputs and files
# --------------------------------------------------------------------------------------------------


class DrawnProbesTest(unittest.TestCase):
    def test_are_different_and_the_same_for_the_same_seed(self) -> None:
        data = torch.arange(20.0).reshape(20, 1)
        first = latentgauge.Probes.sample(data, anchors=5, probes=15)
        again = latentgauge.Probes.sample(data, anchors=5, probes=15)
        other = latentgauge.Probes.sample(data, anchors=5, probes=15, seed=1)
        drawn = torch.cat([first.arrays()["anchors.0"], first.arrays()["probes.0"]])
        self.assertEqual(sorted(drawn.flatten().tolist()), list(range(20)))
        self.assertEqual(first.fingerprint, again.fingerprint)
        self.assertNotEqual(first.fingerprint, other.fingerprint)

    def test_pass_over_inputs_that_are_there_already(self) -> None:
        data = torch.tensor([1.0, 1.0, 1.0, 2.0, 3.0, 4.0])
        drawn = latentgauge.Probes.sample(data, anchors=1, probes=3).arrays()
        values = torch.cat(list(drawn.values())).tolist()
        self.assertEqual(sorted(values), [1.0, 2.0, 3.0, 4.0])
        with self.assertRaisesRegex(ValueError, "of 6 only 4 are"):
            latentgauge.Probes.sample(data, anchors=2, probes=3)

    def test_never_read_labels(self) -> None:
        class Item(tuple):
            def __getitem__(self, index: Any) -> Any:
                if not isinstance(index, slice) or index.stop != 2:
                    raise AssertionError("this is a label")
                return super().__getitem__(index)

        data = [Item((numbers(2, seed=i), torch.tensor(i), "label")) for i in range(6)]
        drawn = latentgauge.Probes.sample(data, anchors=2, probes=4, inputs=2).arrays()
        self.assertEqual(set(drawn), {"anchors.0", "anchors.1", "probes.0", "probes.1"})

    def test_can_come_from_mappings(self) -> None:
        data = [{"ids": torch.tensor([i]), "label": None} for i in range(6)]
        drawn = latentgauge.Probes.sample(data, anchors=2, probes=4, inputs=["ids"]).arrays()
        self.assertEqual(set(drawn), {"anchors.0", "probes.0"})

    def test_leave_random_states_alone(self) -> None:
        class Augmented(torch.utils.data.Dataset):
            def __len__(self) -> int:
                return 9

            def __getitem__(self, index: int) -> torch.Tensor:
                return torch.rand(2) + random.random()

        before = torch.get_rng_state(), random.getstate()
        latentgauge.Probes.sample(Augmented(), anchors=2, probes=3)
        self.assertTrue(identical(before, (torch.get_rng_state(), random.getstate())))

    def test_must_be_tensors_of_one_shape(self) -> None:
        loader = DataLoader(TensorDataset(numbers(9, 2)))
        with self.assertRaisesRegex(ValueError, "map-style .* but is DataLoader"):
            latentgauge.Probes.sample(loader, anchors=1, probes=3)
        with self.assertRaisesRegex(ValueError, "begin with tensors"):
            latentgauge.Probes.sample(["a", "b", "c", "d"], anchors=1, probes=3)
        shapes = [torch.ones(i + 1) for i in range(4)]
        with self.assertRaisesRegex(ValueError, "one shape"):
            latentgauge.Probes.sample(shapes, anchors=1, probes=3)


class ProbesTest(unittest.TestCase):
    def test_have_the_fingerprint_that_java_computes(self) -> None:
        anchors = torch.tensor([[1.5, -2.0]])
        probes = torch.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
        text = b"float32 (1, 2)\n" + struct.pack("<2f", 1.5, -2.0) + b"\n"
        text += b"float32 (3, 2)\n" + struct.pack("<6f", 0, 1, 2, 3, 4, 5) + b"\n"
        fingerprint = latentgauge.Probes(anchors, probes).fingerprint
        self.assertEqual(fingerprint, hashlib.sha256(text).hexdigest())
        # What Fingerprint.java answers for the same arrays.
        java = "38f8ad22d256c78d11fc8cb2e52ad6fa3526cb24f5efc75a7260727cdc94f7b3"
        self.assertEqual(fingerprint, java)

    def test_of_several_types_have_the_fingerprint_that_java_computes(self) -> None:
        ids, mask = torch.tensor([1, 2, 3, 4]), torch.tensor([True, False, True, True])
        small = torch.tensor([1, 2, 3, 4], dtype=torch.int16)
        probes = latentgauge.Probes((ids[:1], mask[:1], small[:1]), (ids[1:], mask[1:], small[1:]))
        text = b"int64 (1)\n" + struct.pack("<q", 1) + b"boolean (1)\n\x01"
        text += b"int32 (1)\n" + struct.pack("<i", 1) + b"\n"
        text += b"int64 (3)\n" + struct.pack("<3q", 2, 3, 4) + b"boolean (3)\n\x00\x01\x01"
        text += b"int32 (3)\n" + struct.pack("<3i", 2, 3, 4) + b"\n"
        self.assertEqual(probes.fingerprint, hashlib.sha256(text).hexdigest())

    def test_that_are_rows_have_the_fingerprint_that_java_computes(self) -> None:
        probes = latentgauge.Probes.rows(torch.zeros(4, 1), [3], [0, 1, 2])
        text = b"float32 (4, 1)\n" + bytes(16) + b"\n"
        text += b"int64 (1)\n" + struct.pack("<q", 3) + b"\n"
        text += b"int64 (3)\n" + struct.pack("<3q", 0, 1, 2) + b"\n"
        self.assertEqual(probes.fingerprint, hashlib.sha256(text).hexdigest())

    def test_are_not_copied_for_each_pass(self) -> None:
        probes = some_probes()
        addresses = [next(probes.batches(6))[0].data_ptr() for _ in range(2)]
        self.assertEqual(addresses, [probes.arrays()["anchors.0"].data_ptr()] * 2)

    def test_do_not_change_with_the_tensors_they_were_made_of(self) -> None:
        anchors, probes = numbers(2, 3, seed=1), numbers(4, 3, seed=2)
        kept = latentgauge.Probes(anchors, probes)
        before = kept.fingerprint
        anchors.zero_()
        self.assertEqual(kept.fingerprint, before)


class TensorFilesTest(unittest.TestCase):
    def test_take_the_numbers_of_tensors_that_nobody_else_keeps(self) -> None:
        expected = numbers(50, 40).t().contiguous().numpy().tobytes()
        taken = [latentgauge._bytes_of(numbers(50, 40).t()) for _ in range(20)]
        self.assertTrue(all(bytes(each) == expected for each in taken))

    def test_have_exactly_the_bytes_of_the_format(self) -> None:
        arrays = {"a": torch.tensor([[1.0, -2.0]]), "b": torch.tensor([3], dtype=torch.int64)}
        header = (
            b'{"__metadata__":{"layer":"x"},'
            b'"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},'
            b'"b":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}'
        )
        header += b" " * (-len(header) % 8)
        numbers = bytes.fromhex("0000803f 000000c0 0300000000000000")
        expected = struct.pack("<Q", len(header)) + header + numbers
        self.assertEqual(latentgauge._TensorFile(arrays, {"layer": "x"}).encode(), expected)

    def test_come_back_as_they_were_written_in_every_type(self) -> None:
        for dtype in latentgauge._DTYPES.values():
            array = (numbers(3, 2) * 4).to(dtype)
            arrays = {"a": array, "transposed": array.t(), "empty": array[:0], "one": array[0, 0]}
            written = latentgauge._TensorFile(arrays, {"m": "é\n"})
            read = latentgauge._TensorFile.decode(written.encode())
            self.assertEqual(read.metadata, {"m": "é\n"})
            for name, array in arrays.items():
                self.assertEqual(read.arrays[name].dtype, dtype)
                self.assertTrue(torch.equal(read.arrays[name], array))

    def test_are_refused_where_anything_is_wrong(self) -> None:
        def file(header: Any, numbers: bytes = b"") -> bytes:
            text = header if isinstance(header, bytes) else json.dumps(header).encode()
            return struct.pack("<Q", len(text)) + text + numbers

        def array(**changes: Any) -> Dict[str, Any]:
            entry = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4], **changes}
            return {"a": {key: value for key, value in entry.items() if value is not None}}

        good = file(array(), bytes(4))
        latentgauge._TensorFile.decode(good)
        for bad in (
            b"",
            b"1234567",
            good[:-1],
            good + b"x",
            struct.pack("<Q", 1 << 63) + b"{}",
            struct.pack("<Q", 1 << 40) + good[8:],
            file(b"[]"),
            file(b"not json"),
            file(b"\xff\xfe"),
            file(b"[" * 100_000),
            file(b'{"a":1,"a":2}'),
            file({"a": 1}),
            file({"__metadata__": {"a": 1}}),
            file({"__metadata__": []}),
            file(array(dtype="F99"), bytes(4)),
            file(array(dtype=["F32"]), bytes(4)),
            file(array(more=1), bytes(4)),
            file(array(shape=None), bytes(4)),
            file(array(shape=[-1]), bytes(4)),
            file(array(shape=[True]), bytes(4)),
            file(array(shape=[1.0]), bytes(4)),
            file(array(shape=[1] * 9), bytes(4)),
            file(array(shape=[1 << 61, 1 << 61]), bytes(4)),
            file(array(shape=[2]), bytes(4)),
            file(array(data_offsets=[4, 8]), bytes(8)),
            file(array(data_offsets=[4, 0]), bytes(4)),
            file(array(data_offsets=[0]), bytes(4)),
            file(array(data_offsets=[]), bytes(4)),
            file({**array(), "b": array()["a"]}, bytes(4)),
        ):
            with self.subTest(bad=bad[:120]), self.assertRaises(latentgauge._InvalidFile):
                latentgauge._TensorFile.decode(bad)


# --------------------------------------------------------------------------------------------------
# References
# --------------------------------------------------------------------------------------------------


class ReferencesTest(CollectorTest):
    def reference(
        self, probes: Optional[latentgauge.Probes], fingerprint: Optional[str] = None
    ) -> Answer:
        arrays = {"relative": torch.ones(2, 2), **(probes.arrays() if probes else {})}
        metadata = {"probes": fingerprint or (probes or some_probes()).fingerprint}
        return Answer(200, latentgauge._TensorFile(arrays, metadata).encode())

    def serve(self, answer: Answer) -> None:
        self.collector.rule = lambda request: answer if request.method == "GET" else Answer()

    def test_are_made_of_models_floor_ceiling_and_inputs(self) -> None:
        self.collector.turns.append(Answer(201, {"name": "ref", "reference": "ref@0123456789ab"}))
        models = [network(seed) for seed in range(3)]
        name = latentgauge.create_reference(
            "ref",
            models[0],
            "0",
            some_probes(),
            collector=self.collector.url,
            floor=models[1],
            ceiling=models[2],
            profile="soft:0.1",
        )
        self.assertEqual(name, "ref@0123456789ab")
        (request,) = self.collector.requests
        self.assertEqual((request.method, request.path), ("PUT", "/v1/references/ref"))
        self.assertEqual(request.query, {"profile": "soft:0.1"})
        self.assertEqual(request.headers["Content-Type"], "application/octet-stream")
        file = request.file
        expected = {"model": "Sequential", "layer": "0", "probes": some_probes().fingerprint}
        self.assertEqual(file.metadata, expected)
        for role, model in zip(("", "floor.", "ceiling."), models):
            rows = embed(model, "0", some_probes())
            self.assertTrue(torch.equal(file.arrays[role + "anchors"], rows.anchors))
            self.assertTrue(torch.equal(file.arrays[role + "probes"], rows.probes))
        self.assertTrue(torch.equal(file.arrays["anchors.0"], numbers(2, 6, seed=1)))
        self.assertEqual(len(file.arrays), 8)
        self.assertTrue(all(model.training for model in models))

    def test_can_be_made_without_their_inputs(self) -> None:
        latentgauge.create_reference(
            "ref", network(), "0", some_probes(), collector=self.collector.url, inputs=False
        )
        self.assertEqual(set(self.collector.requests[0].file.arrays), {"anchors", "probes"})

    def test_that_are_refused_say_why(self) -> None:
        self.collector.turns.append(problem(409, "another reference has this\nname"))
        with self.assertRaisesRegex(latentgauge.Refused, "409 .* another reference has this name"):
            latentgauge.create_reference(
                "ref", network(), "0", some_probes(), collector=self.collector.url
            )

    def test_that_cannot_be_sent_say_so(self) -> None:
        with self.assertRaisesRegex(latentgauge.Unavailable, "does not answer"):
            latentgauge.create_reference(
                "ref", network(), "0", some_probes(), collector=unused_url()
            )

    def test_report_every_mistake(self) -> None:
        with self.assertRaisesRegex(ValueError, "(?s)name must match.*no layer 'x'.*Probes"):
            latentgauge.create_reference("a b", network(), "x", None)

    def test_bring_their_inputs_to_runs(self) -> None:
        graph = latentgauge.Probes.rows(numbers(5, 6), [4], [0, 1, 2])
        for probes in (some_probes(), graph):
            self.serve(self.reference(probes))
            self.monitor(probes=None, reference="ref@0123").close()
            self.assertEqual(self.collector.requests[0].path, "/v1/references/ref@0123")
            metadata = self.collector.of_kind("embeddings")[-1].file.metadata
            self.assertEqual(metadata["probes"], probes.fingerprint)

    def test_are_kept_for_when_the_collector_is_away(self) -> None:
        self.serve(self.reference(some_probes()))
        self.monitor(probes=None).close()
        self.serve(problem(503))
        with self.assertLogs("latentgauge", "WARNING") as logs:
            self.monitor(probes=None, run="second").close()
        self.assertIn("a copy of an earlier run", logs.output[0])
        self.assertEqual(len(self.collector.of_kind("embeddings")), 2)

    def test_that_cannot_be_fetched_and_are_not_kept_are_an_error(self) -> None:
        with self.assertRaisesRegex(latentgauge.Unavailable, "or give probes="):
            self.monitor(probes=None, collector=unused_url())

    def test_that_do_not_exist_are_a_mistake(self) -> None:
        self.serve(problem(404, "there is no reference ref"))
        with self.assertRaisesRegex(ValueError, "there is no reference ref"):
            self.monitor(probes=None)

    def test_without_inputs_are_a_mistake(self) -> None:
        self.serve(self.reference(None))
        with self.assertRaisesRegex(ValueError, "give probes="):
            self.monitor(probes=None)

    def test_with_other_inputs_than_they_say_are_a_mistake(self) -> None:
        self.serve(self.reference(some_probes(), fingerprint="0" * 64))
        with self.assertRaisesRegex(ValueError, "must have the fingerprint 000"):
            self.monitor(probes=None)

    def test_that_are_garbage_or_cut_or_too_large_are_not_used(self) -> None:
        whole = self.reference(some_probes())
        for answer in (Answer(200, b"garbage"), Answer(200, whole.content, cut=True)):
            self.serve(answer)
            with self.assertRaises(latentgauge.Unavailable):
                self.monitor(probes=None)
        client = latentgauge._Collector(self.collector.url)
        self.serve(whole)
        with self.assertRaisesRegex(latentgauge.Unavailable, "at most 100 bytes"):
            client.fetch("/v1/references/ref", 100)


# --------------------------------------------------------------------------------------------------
# Delivery
# --------------------------------------------------------------------------------------------------


class DeliveryTest(CollectorTest):
    def test_asks_for_sketches_if_it_is_told_to(self) -> None:
        monitor = self.monitor(sketch=True)
        monitor.close()
        query = self.collector.of_kind("embeddings")[0].query
        self.assertEqual(query["sketch"], "true")
        self.assertRegex(query["probes"], r"^[0-9a-f]{64}$")
        self.assertEqual(query["reference"], "ref")

    def test_asks_for_sketches_alone_where_there_is_no_reference(self) -> None:
        self.collector.rule = lambda request: Answer(200, {"unscored": "no reference was named"})
        probes = some_probes()
        monitor = self.monitor(reference=None, probes=probes, layer=["0", "3"])
        monitor.step(epoch=0.5)
        monitor.close()
        kinds = ["runs", *["embeddings"] * 4, "end"]
        self.assertEqual(self.collector.kinds(), kinds)
        queries = [request.query for request in self.collector.of_kind("embeddings")]
        for query in queries:
            self.assertNotIn("reference", query)
            self.assertEqual(query["sketch"], "true")
            self.assertEqual(query["probes"], probes.fingerprint)
        self.assertEqual([query["layer"] for query in queries], ["0", "3", "0", "3"])
        self.assertEqual([query["step"] for query in queries], ["0", "0", "1", "1"])
        self.assertEqual(self.collector.of_kind("end")[0].json["state"], "completed")
        self.assertEqual((monitor.dropped, monitor.spooled), (0, 0))

    def test_sends_what_layers_make_of_the_probes_where_there_is_no_reference(self) -> None:
        model, probes = network(), some_probes()
        self.monitor(model, reference=None, probes=probes, layer="1").close()
        expected = embed(model, "1", probes)
        sent = self.collector.of_kind("embeddings")[0].file.arrays
        self.assertTrue(identical(sent["anchors"], expected.anchors))
        self.assertTrue(identical(sent["probes"], expected.probes))

    def test_asks_for_no_sketch_of_what_has_a_reference_unless_it_is_told_to(self) -> None:
        self.monitor().close()
        query = self.collector.of_kind("embeddings")[0].query
        self.assertNotIn("sketch", query)
        self.assertNotIn("probes", query)

    def test_stops_a_training_without_a_reference_that_the_collector_wants_stopped(self) -> None:
        advice = {"unscored": "", "directive": {"action": "stop", "reason": "unlike the rest"}}
        self.collector.rule = lambda request: Answer(200, advice)
        monitor = self.monitor(reference=None)
        self.wait_for_advice(monitor)
        self.assertTrue(monitor.should_stop)
        monitor.close()
        self.assertEqual(self.collector.of_kind("end")[0].json["state"], "stopped")

    def test_counts_what_fails_without_a_reference_and_switches_off_after_three(self) -> None:
        answers = iter([numbers(6, 3)])
        model = Layered(lambda x: next(answers))
        monitor = self.monitor(model, layer="tap", reference=None)
        with self.assertLogs("latentgauge", "WARNING") as logs:
            for _ in range(5):
                monitor.step()
        monitor.close()
        self.assertEqual(monitor.failures, 3)
        self.assertIn("3 observations in a row failed", logs.output[-1])
        self.assertEqual(self.collector.kinds()[-1], "end")

    def test_tells_the_collector_all_there_is_to_know(self) -> None:
        monitor = self.monitor(
            tags={"lr": 0.01, "flag": True}, dataset="digits", command="train.py", token="t0k3n"
        )
        monitor.step(epoch=0.5, evaluations={"loss": 0.25})
        monitor.close()
        self.assertEqual(self.collector.kinds(), ["runs", "embeddings", "embeddings", "end"])
        run, first, second, end = self.collector.requests
        self.assertEqual((run.method, run.path), ("PUT", "/v1/runs/run"))
        self.assertEqual(run.json["tags"], {"lr": "0.01", "flag": "True"})
        self.assertEqual(run.json["model"], "Sequential")
        self.assertEqual(run.json["dataset"], "digits")
        self.assertEqual(run.json["command"], "train.py")
        self.assertRegex(run.json["startedAt"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        self.assertEqual((second.method, second.path), ("POST", "/v1/runs/run/embeddings"))
        time = second.query.pop("time")
        self.assertRegex(time, r"Z$")
        expected = {"reference": "ref", "layer": "0", "step": "1", "attempt": "1", "epoch": "0.5"}
        self.assertEqual(second.query, expected)
        self.assertNotIn("epoch", first.query)
        report = json.loads(second.file.metadata["report"])
        self.assertEqual(report["evaluations"], {"loss": 0.25})
        self.assertEqual(report["agent"], {"failures": 0, "spooled": 0, "dropped": 0})
        self.assertGreater(report["probeSeconds"], 0)
        self.assertTrue(0 <= report["overheadRatio"] <= 1)
        self.assertEqual(end.json, {"state": "completed", "reason": "", "attempt": 1})
        tokens = {request.headers["Authorization"] for request in self.collector.requests}
        self.assertEqual(tokens, {"Bearer t0k3n"})
        self.assertEqual(self.reports(), [])

    def test_takes_the_latest_evaluation_of_each_name_since_the_last_observation(self) -> None:
        monitor = self.monitor(every=3)
        monitor.step(evaluations={"loss": 3.0, "accuracy": 0.5})
        monitor.step(evaluations={"loss": 2.0})
        monitor.step()
        monitor.step()
        monitor.close()
        files = [request.file for request in self.collector.of_kind("embeddings")]
        evaluations = [json.loads(file.metadata["report"])["evaluations"] for file in files]
        self.assertEqual(evaluations, [{}, {"loss": 2.0, "accuracy": 0.5}, {}])

    def test_does_not_hold_up_the_training_while_the_collector_is_slow(self) -> None:
        self.collector.gate.clear()
        monitor = self.monitor()
        self.collector.wait_for(lambda: self.collector.kinds() == ["runs"])
        for _ in range(1000):
            monitor.step()
        self.assertEqual(self.collector.kinds(), ["runs"])
        most = latentgauge._Reporter.MOST_WAITING
        self.assertEqual(monitor.dropped, 1001 - most)
        self.collector.gate.set()
        monitor.close()
        # The oldest were dropped, the newest arrived in their order.
        self.assertEqual(self.collector.steps(), list(range(1001 - most, 1001)))

    def test_bounds_what_waits_in_bytes_too(self) -> None:
        self.collector.gate.clear()
        monitor = self.monitor()
        self.collector.wait_for(lambda: self.collector.kinds() == ["runs"])
        monitor._reporter.MOST_WAITING_BYTES = 3 * (2 + 4) * 8 * 4
        for _ in range(9):
            monitor.step()
        self.collector.gate.set()
        monitor.close()
        self.assertEqual(self.collector.steps(), [7, 8, 9])

    def test_drops_what_the_collector_refuses_for_good_and_says_so_once(self) -> None:
        for status in (404, 409, 422, 413):
            with self.subTest(status=status), self.assertLogs("latentgauge") as logs:
                self.collector.rule = lambda request, status=status: (
                    problem(status) if request.kind == "embeddings" else Answer()
                )
                monitor = self.monitor(run=f"run-{status}")
                monitor.step()
                monitor.step()
                monitor.close()
                self.assertEqual(monitor.dropped, 3)
                self.assertEqual(len(logs.output), 1)
                self.assertIn(f"answers {status}", logs.output[0])
                self.assertIn("it does not fit", logs.output[0])
                self.assertEqual(self.collector.kinds()[-1], "end")
        self.assertEqual(self.reports(), [])

    def test_sends_nothing_more_of_a_training_whose_name_another_has(self) -> None:
        self.collector.rule = lambda request: problem(409, "it started at another time")
        with self.assertLogs("latentgauge") as logs:
            monitor = self.monitor()
            monitor.step()
            monitor.close()
        self.assertEqual(self.collector.kinds(), ["runs"])
        self.assertEqual(len(logs.output), 1)
        self.assertIn("nothing of this run is recorded", logs.output[0])
        self.assertIn("it started at another time", logs.output[0])

    def test_comes_back_when_the_collector_asked_it_to(self) -> None:
        clock = FakeClock()
        reporter = self.reporter(clock)
        self.collector.turns.append(problem(429, Retry_After="7"))
        reporter.submit(self.run_info.registration("m"))
        self.collector.wait_for(lambda: len(self.collector.requests) == 2)
        reporter.end("completed", "", PATIENCE)
        self.assertEqual(self.collector.kinds(), ["runs", "runs", "end"])
        self.assertEqual(clock.waits, [7.0])
        self.assertEqual(reporter.dropped, 0)

    def test_pauses_longer_and_longer_whatever_is_wrong_with_the_answers(self) -> None:
        for wrong in (
            problem(500),
            problem(503),
            problem(408),
            problem(429, Retry_After="soon"),
            Answer(301, b"elsewhere"),
            Answer(200, b"<html>a proxy</html>"),
            Answer(200, b"[]"),
            Answer(200, b'{"observation":', cut=True),
        ):
            with self.subTest(wrong=wrong):
                clock = FakeClock()
                reporter = self.reporter(clock)
                self.collector.requests.clear()
                self.collector.turns.extend([wrong] * 8)
                reporter.submit(self.run_info.registration("m"))
                self.collector.wait_for(lambda: len(self.collector.requests) == 9)
                reporter.end("completed", "", PATIENCE)
                self.assertEqual(clock.waits, [1, 2, 4, 8, 16, 32, 60, 60])
                self.assertEqual(self.collector.kinds(), ["runs"] * 9 + ["end"])
                self.assertEqual(self.reports(), [])

    def test_goes_on_after_a_report_that_the_collector_breaks_on_every_time(self) -> None:
        self.collector.rule = lambda r: problem(500) if r.body == b"poison" else Answer()
        reporter = self.reporter(FakeClock())
        reporter.submit(report(b"poison"))
        reporter.submit(dataclasses.replace(report(b"cure"), path="/v1/runs/r/y"))
        self.collector.wait_for(lambda: b"cure" in [r.body for r in self.collector.requests])
        reporter.end("completed", "", PATIENCE)
        bodies = [request.body for request in self.collector.requests]
        self.assertEqual(bodies.count(b"poison"), latentgauge._Reporter.MOST_BREAKS)
        self.assertEqual(reporter.dropped, 1)

    def test_never_gives_up_on_a_collector_that_breaks_on_everything(self) -> None:
        # As a tunnel does, or the proxy of a container, whose collector is away.
        clock = FakeClock()
        reporter = self.reporter(clock)
        self.collector.turns.extend([Answer(200, b"{}", cut=True)] * 99)
        reporter.submit(report(b"precious"))
        self.collector.wait_for(lambda: len(self.collector.requests) == 100)
        reporter.end("completed", "", PATIENCE)
        self.assertEqual(self.collector.requests[-2].body, b"precious")
        self.assertEqual(reporter.dropped, 0)

    def test_never_gives_up_on_a_collector_that_is_busy(self) -> None:
        clock = FakeClock()
        reporter = self.reporter(clock)
        self.collector.turns.extend([problem(503)] * 99)
        reporter.submit(report(b"precious"))
        self.collector.wait_for(lambda: len(self.collector.requests) == 100)
        reporter.end("completed", "", PATIENCE)
        self.assertEqual(reporter.dropped, 0)

    def test_that_is_cut_within_the_answer_to_an_observation_is_repeated(self) -> None:
        self.collector.turns.extend([Answer(), Answer(200, b"{}", cut=True)])
        monitor = self.monitor()
        monitor._reporter.FIRST_PAUSE = monitor._reporter._pause = 0.0
        monitor.close()
        self.assertEqual(self.collector.steps()[-1], 0)
        self.assertEqual(self.collector.kinds()[-1], "end")

    def test_ends_in_files_where_the_collector_is_busy_until_the_end(self) -> None:
        self.collector.rule = lambda request: problem(503, Retry_After="3600")
        with self.assertLogs("latentgauge", "WARNING") as logs:
            monitor = self.monitor()
            monitor.close(timeout=PATIENCE)
        (line,) = [line for line in logs.output if "until later" in line]
        self.assertIn(f"reports are kept in {self.reports()[0].parent} until later", line)
        kinds = [file.name.split("-")[2] for file in self.reports()]
        self.assertEqual(kinds, ["run.report", "observation.report", "end.report"])

    def test_follows_no_other_advice_than_to_stop(self) -> None:
        for directive in (None, 3, [], {}, {"action": "continue"}, {"action": ["stop"]}):
            self.collector.rule = lambda request: Answer(200, {"directive": directive})
            monitor = self.monitor()
            monitor.step()
            monitor.close()
            self.assertFalse(monitor.should_stop)

    def test_brings_the_advice_to_stop_which_the_end_tells_of(self) -> None:
        advice = {"action": "stop", "reason": "no progress"}
        self.collector.rule = lambda request: Answer(200, {"directive": advice})
        self.collector.gate.clear()
        monitor = self.monitor()
        self.assertFalse(monitor.should_stop)
        self.collector.gate.set()
        self.wait_for_advice(monitor)
        self.assertTrue(monitor.should_stop)
        self.assertEqual(monitor.stop_reason, "no progress")
        monitor.close()
        end = self.collector.of_kind("end")[0].json
        self.assertEqual(end, {"state": "stopped", "reason": "no progress", "attempt": 1})

    def test_tells_of_no_stop_that_was_not_followed(self) -> None:
        self.collector.rule = lambda request: Answer(200, {"directive": {"action": "stop"}})
        monitor = self.monitor()
        self.wait_for_advice(monitor)
        self.assertTrue(monitor.should_stop)
        monitor.step()
        monitor.close()
        self.assertEqual(self.collector.of_kind("end")[0].json["state"], "completed")

    def test_ends_a_run_once(self) -> None:
        monitor = self.monitor()
        monitor.close()
        monitor.close("failed")
        monitor.step()
        monitor.measure()
        self.assertEqual(self.collector.kinds(), ["runs", "embeddings", "end"])

    def test_ends_a_run_as_it_is_told(self) -> None:
        endings = {
            ("failed", "it broke"): ("failed", "it broke"),
            ("stopped", "x" * 2000): ("stopped", "x" * 1024),
            ("done", 3): ("completed", "3"),
        }
        for number, (told, (state, reason)) in enumerate(endings.items()):
            self.monitor(run=f"run-{number}").close(*told)
            end = self.collector.of_kind("end")[-1].json
            self.assertEqual(end, {"state": state, "reason": reason, "attempt": 1})

    def test_skips_a_file_that_another_process_delivered(self) -> None:
        spool = latentgauge._Spool(self.folder, self.collector.url, 1 << 20)
        spool.put(report(b"a"))
        spool.put(report(b"b"))
        self.collector.gate.clear()
        reporter = self.reporter(FakeClock())
        self.collector.wait_for(lambda: len(self.collector.requests) == 1)
        for file in self.reports():
            file.unlink()
        self.collector.gate.set()
        reporter.end("completed", "", PATIENCE)
        self.assertEqual([request.body for request in self.collector.requests[:-1]], [b"a"])
        self.assertEqual(reporter.dropped, 0)

    def test_ends_a_run_as_the_with_statement_ends(self) -> None:
        endings = {
            None: ("completed", ""),
            ZeroDivisionError("by zero"): ("failed", "ZeroDivisionError: by zero"),
            KeyboardInterrupt(): ("stopped", "KeyboardInterrupt:"),
            SystemExit(0): ("stopped", "SystemExit: 0"),
            SystemExit(3): ("failed", "SystemExit: 3"),
        }
        for number, (error, (state, reason)) in enumerate(endings.items()):
            with self.subTest(error=error):
                try:
                    with self.monitor(run=f"run-{number}") as monitor:
                        monitor.step()
                        if error is not None:
                            raise error
                except BaseException as raised:
                    self.assertIs(raised, error)
                end = self.collector.of_kind("end")[-1].json
                self.assertEqual(end, {"state": state, "reason": reason, "attempt": 1})

    def wait_for_advice(self, monitor: latentgauge.Monitor) -> None:
        """By another step, whose report arrives after the answer to the first one has."""
        monitor.step()
        self.collector.wait_for(lambda: len(self.collector.steps()) == 2)


class TheSpoolTest(CollectorTest):
    def test_keeps_what_the_same_process_delivers_in_order_when_the_collector_is_back(self) -> None:
        clock = EndlessRest()
        self.collector.close()
        reporter = self.reporter(clock)
        for number in range(3):
            reporter.submit(report(str(number).encode()))
        self.assertTrue(clock.rests.wait(PATIENCE))
        self.collector = FakeCollector(self.collector.port)
        self.addCleanup(self.collector.close)
        reporter.submit(report(b"3"))
        reporter.end("completed", "", PATIENCE)
        bodies = [request.body for request in self.collector.requests]
        self.assertEqual(bodies[:-1], [b"0", b"1", b"2", b"3"])
        self.assertEqual(self.collector.kinds()[-1], "end")
        self.assertEqual(self.reports(), [])

    def test_moves_what_waits_to_files_while_the_collector_is_away(self) -> None:
        clock = EndlessRest()
        reporter = self.reporter(clock, unused_url())
        reporter.submit(report(b"precious"))
        self.assertTrue(clock.rests.wait(PATIENCE))
        (file,) = self.reports()
        self.assertEqual(latentgauge._Spool.read(file)[1].body(), b"precious")
        self.assertEqual(reporter.spooled, 1)

    def test_takes_what_waits_behind_a_backlog_and_keeps_the_order(self) -> None:
        spool = latentgauge._Spool(self.folder, self.collector.url, 1 << 20)
        spool.put(report(b"a"))
        spool.put(report(b"b"))
        self.collector.gate.clear()
        reporter = self.reporter(FakeClock())
        self.collector.wait_for(lambda: len(self.collector.requests) == 1)
        for content in (b"c", b"d"):
            reporter.submit(report(content))
        files = []

        def count_files(request: Request) -> Answer:
            files.append(len(self.reports()))
            return Answer()

        self.collector.rule = count_files
        self.collector.gate.set()
        reporter.end("completed", "", PATIENCE)
        bodies = [request.body for request in self.collector.requests]
        self.assertEqual(bodies[:-1], [b"a", b"b", b"c", b"d"])
        # While b is sent, c and d are files, and perhaps the end.
        self.assertGreaterEqual(files[0], 3)

    def test_is_delivered_by_hand_in_order(self) -> None:
        url = unused_url()
        self.offline_run(3, url=url)
        self.assertEqual(len(self.reports()), 6)
        done = latentgauge.upload(self.folder, self.collector.url)
        self.assertEqual(done, (6, 0, 0))
        self.assertEqual(self.collector.kinds(), ["runs"] + ["embeddings"] * 4 + ["end"])
        self.assertEqual(self.collector.steps(), [0, 1, 2, 3])
        self.assertEqual(self.collector.of_kind("end")[0].json["state"], "completed")
        self.assertEqual(self.reports(), [])
        self.assertEqual(latentgauge.upload(self.folder, self.collector.url), (0, 0, 0))

    def test_keeps_and_delivers_what_has_no_reference(self) -> None:
        monitor = self.monitor(reference=None, collector=unused_url())
        monitor.step()
        monitor.close()
        self.assertEqual(monitor.spooled, 4)
        self.assertEqual(latentgauge.upload(self.folder, self.collector.url), (4, 0, 0))
        self.assertEqual(self.collector.kinds(), ["runs", "embeddings", "embeddings", "end"])
        queries = [request.query for request in self.collector.of_kind("embeddings")]
        self.assertEqual([query["sketch"] for query in queries], ["true"] * 2)
        self.assertEqual([query["step"] for query in queries], ["0", "1"])
        self.assertNotIn("reference", queries[0])

    def test_is_delivered_by_the_next_process_before_its_own_reports(self) -> None:
        self.collector.close()
        self.offline_run(1, run="first", url=self.collector.url)
        self.collector = FakeCollector(self.collector.port)
        self.addCleanup(self.collector.close)
        self.monitor(run="second").close()
        paths = [request.path for request in self.collector.requests]
        first, last = "/v1/runs/first", "/v1/runs/first/end"
        self.assertEqual(paths[:4], [first, *[f"{first}/embeddings"] * 2, last])
        self.assertEqual(paths[4], "/v1/runs/second")
        self.assertEqual(self.reports(), [])

    def test_advises_nobody_to_stop_for_what_another_run_reported(self) -> None:
        self.collector.close()
        self.offline_run(1, run="first", url=self.collector.url)
        self.collector = FakeCollector(self.collector.port)
        self.addCleanup(self.collector.close)
        stop = Answer(200, {"directive": {"action": "stop"}})
        self.collector.rule = lambda r: stop if "first" in r.path else Answer()
        monitor = self.monitor(run="second")
        monitor.close()
        self.assertFalse(monitor.should_stop)

    def test_can_be_delivered_from_the_command_line_and_says_what_is_left(self) -> None:
        self.offline_run(1)
        command = [sys.executable, str(HERE / "latentgauge.py"), "upload", str(self.folder)]
        first = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(first.returncode, 1)
        self.assertEqual(first.stdout, "delivered 0, refused 0, left 4\n")
        command += ["--collector", self.collector.url]
        second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertEqual(second.stdout, "delivered 4, refused 0, left 0\n")
        self.assertEqual(self.collector.kinds(), ["runs", "embeddings", "embeddings", "end"])

    def test_delivered_by_hand_comes_back_later_to_a_busy_collector(self) -> None:
        self.offline_run(0)
        self.collector.turns.extend([problem(429, Retry_After="0")] * 2)
        self.assertEqual(latentgauge.upload(self.folder, self.collector.url), (3, 0, 0))
        self.assertEqual(self.collector.kinds(), ["runs"] * 3 + ["embeddings", "end"])

    def test_delivered_by_hand_skips_a_training_whose_name_another_has(self) -> None:
        self.offline_run(1, run="taken")
        self.offline_run(1, run="free")
        self.collector.rule = lambda r: problem(409) if r.path == "/v1/runs/taken" else Answer()
        self.assertEqual(latentgauge.upload(self.folder, self.collector.url), (4, 4, 0))
        paths = {request.path for request in self.collector.requests}
        self.assertNotIn("/v1/runs/taken/end", paths)
        self.assertIn("/v1/runs/free/end", paths)

    def test_skips_files_that_are_no_reports(self) -> None:
        self.offline_run(0)
        folder = self.reports()[0].parent
        for number, content in enumerate((b"", b"{}\n", b"garbage", b"[" * 10_000, b"\xff\n")):
            (folder / f"{number:020d}-1-end.report").write_bytes(content)
        self.assertEqual(latentgauge.upload(self.folder, self.collector.url), (3, 5, 0))

    def test_touches_no_files_of_others(self) -> None:
        theirs = [self.folder / "theirs" / name for name in ("annual.report", "film.partial")]
        theirs[0].parent.mkdir(parents=True)
        for file in theirs:
            file.write_bytes(b"theirs")
            os.utime(file, (0, 0))
        self.assertEqual(latentgauge.upload(self.folder, self.collector.url), (0, 0, 0))
        latentgauge._Spool(theirs[0].parent, "http://c", 1).look()
        self.assertTrue(all(file.exists() for file in theirs))

    def test_holds_no_token(self) -> None:
        monitor = self.monitor(collector=unused_url(), token="t0k3n")
        monitor.close()
        self.assertEqual(len(self.reports()), 3)
        for file in self.reports():
            self.assertNotIn(b"t0k3n", file.read_bytes())

    def test_is_bounded_and_the_oldest_observations_go_first(self) -> None:
        self.offline_run(0, run="size")
        size = sum(file.stat().st_size for file in self.reports())
        url = unused_url()
        monitor = self.monitor(run="many", collector=url, spool_bytes=2 * size)
        for _ in range(50):
            monitor.step()
        monitor.close()
        files = sorted((self.folder / latentgauge._Collector(url).folder_name).glob("*.report"))
        self.assertLessEqual(sum(file.stat().st_size for file in files), 2 * size)
        kinds = [file.name.split("-")[2] for file in files]
        self.assertEqual((kinds[0], kinds[-1]), ("run.report", "end.report"))
        self.assertEqual(monitor.dropped + len(files), 53)
        last = latentgauge._Spool.read(files[-2])[1]
        self.assertIn("step=50&", last.path)

    def test_that_cannot_be_written_loses_reports_and_says_so(self) -> None:
        self.folder.write_bytes(b"a file in its place")
        with self.assertLogs("latentgauge") as logs:
            monitor = self.monitor(collector=unused_url())
            monitor.step()
            monitor.close()
        self.assertEqual(monitor.dropped, 4)
        self.assertEqual(len([line for line in logs.output if "cannot be kept" in line]), 1)

    def test_that_there_is_none_of_loses_reports(self) -> None:
        monitor = self.monitor(collector=unused_url(), directory=None)
        monitor.close()
        self.assertEqual(monitor.dropped, 3)

    def test_has_no_half_written_file_when_the_disk_is_full(self) -> None:
        spool = latentgauge._Spool(self.folder, "http://c", 1 << 20)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            with self.assertRaises(OSError):
                spool.put(report(bytes(10_000)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_has_no_half_written_file_when_the_process_is_killed(self) -> None:
        script = f"""
import io, os, signal
import latentgauge, test_latentgauge
from pathlib import Path

class Deadly(io.FileIO):
    def write(self, data):
        super().write(data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

spool = latentgauge._Spool(Path({str(self.folder)!r}), "http://c", 1 << 20)
spool.put(test_latentgauge.report(b"whole"))
latentgauge.open = Deadly
spool.put(test_latentgauge.report(b"half"))
"""
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, cwd=HERE, capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, -signal.SIGKILL)
        (half,) = self.folder.glob(".*.partial")
        self.assertGreater(half.stat().st_size, 0)
        (whole,) = self.reports()
        self.assertEqual(latentgauge._Spool.read(whole)[1].body(), b"whole")

    def test_removes_what_a_process_was_killed_in_the_midst_of_once_it_is_old(self) -> None:
        self.folder.mkdir()
        old, new = self.folder / ".a.1.partial", self.folder / ".b.1.partial"
        old.touch()
        new.touch()
        os.utime(old, (0, 0))
        latentgauge._Spool(self.folder, "http://c", 1).look()
        self.assertEqual(list(self.folder.iterdir()), [new])

    def test_names_files_in_order_when_the_clock_stands_still_or_goes_back(self) -> None:
        spool = latentgauge._Spool(self.folder, "http://c", 1 << 20)
        spool._last_name = 1 << 62
        for content in (b"first", b"second", b"third"):
            spool.put(report(content))
        bodies = [spool.read(file)[1].body() for file in spool.files()]
        self.assertEqual(bodies, [b"first", b"second", b"third"])


def report(content: bytes) -> latentgauge._Report:
    return latentgauge._Report("observation", "run", "POST", "/v1/runs/r/x", "text/plain", content)


# --------------------------------------------------------------------------------------------------
# Processes
# --------------------------------------------------------------------------------------------------


class AProcessTest(CollectorTest):
    PREPARE = """
import os, sys, torch
import latentgauge, test_latentgauge
model = test_latentgauge.network()
monitor = latentgauge.Monitor(model, "0", reference="ref", run="run", every=1,
    probes=test_latentgauge.some_probes(), collector=sys.argv[1], directory=sys.argv[2])
monitor.step()
"""

    def run_script(self, script: str) -> int:
        command = [sys.executable, "-c", self.PREPARE + script, self.collector.url, self.folder]
        done = subprocess.run(command, cwd=HERE, capture_output=True, timeout=PATIENCE)
        return done.returncode

    def test_that_just_ends_delivers_and_ends_the_run(self) -> None:
        self.assertEqual(self.run_script(""), 0)
        self.assertEqual(self.collector.kinds(), ["runs", "embeddings", "embeddings", "end"])
        end = self.collector.requests[-1].json
        self.assertEqual((end["state"], end["reason"]), ("stopped", "the monitor was never closed"))

    def test_that_ends_by_an_exception_says_that_the_run_failed(self) -> None:
        self.assertEqual(self.run_script("raise ValueError('no such file')"), 1)
        end = self.collector.requests[-1].json
        self.assertEqual((end["state"], end["reason"]), ("failed", "ValueError: no such file"))

    def test_that_forks_does_not_end_the_run_in_the_child(self) -> None:
        script = """
child = os.fork()
if child == 0:
    monitor.step()
    monitor.close()
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
monitor.step()
"""
        self.assertEqual(self.run_script(script), 0)
        self.assertEqual(self.collector.steps(), [0, 1, 2])
        self.assertEqual(self.collector.kinds().count("end"), 1)
        self.assertEqual(self.reports(), [])

    def test_of_a_distributed_training_learns_from_rank_0_to_stop(self) -> None:
        script = """
import torch.distributed as dist
rank = int(sys.argv[3])
dist.init_process_group("gloo", init_method="file://" + sys.argv[4], rank=rank, world_size=2)
import latentgauge, test_latentgauge
monitor = latentgauge.Monitor(test_latentgauge.network(), "0", reference="ref", run="run",
    probes=test_latentgauge.some_probes(), collector=sys.argv[1], directory=sys.argv[2])
while not monitor.sync():
    monitor.step()
print(monitor.stop_reason, flush=True)
monitor.close()
sys.stdin.read()  # neither process leaves before the other is done
"""
        advice = {"directive": {"action": "stop", "reason": "enough"}}
        self.collector.rule = lambda request: Answer(200, advice)
        self.folder.mkdir()
        meeting = str(self.folder / "meeting")
        command = [sys.executable, "-c", "import sys" + script]
        command += [self.collector.url, str(self.folder)]
        processes = [
            subprocess.Popen(
                [*command, str(rank), meeting],
                cwd=HERE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for rank in (0, 1)
        ]
        lines = [process.stdout.readline() for process in processes]
        for process in processes:
            process.communicate(timeout=PATIENCE)
        self.assertEqual(lines, [b"enough\n"] * 2)
        self.assertEqual(self.collector.kinds().count("end"), 1)


# --------------------------------------------------------------------------------------------------
# Callbacks
# --------------------------------------------------------------------------------------------------


class CallbacksTest(CollectorTest):
    """Against stand-ins with the hooks that the libraries document."""

    @contextmanager
    def library(self, name: str, **content: Any) -> Iterator[None]:
        parts = name.split(".")
        names = [".".join(parts[: i + 1]) for i in range(len(parts))]
        modules = {each: types.ModuleType(each) for each in names}
        vars(modules[name]).update(content)
        sys.modules.update(modules)
        try:
            yield
        finally:
            for each in names:
                del sys.modules[each]

    def options(self) -> Dict[str, Any]:
        return {
            "reference": "ref",
            "run": "run",
            "probes": some_probes(),
            "every": 2,
            "collector": self.collector.url,
            "directory": self.folder,
        }

    def test_follow_a_training_with_lightning(self) -> None:
        with self.library("lightning.pytorch", Callback=object):
            callback = latentgauge.lightning_callback("0", **self.options())
        trainer = types.SimpleNamespace(
            global_step=0,
            global_rank=0,
            world_size=1,
            current_epoch=0,
            should_stop=False,
            callback_metrics={"loss": torch.tensor(0.5)},
        )
        module = network()
        callback.on_train_start(trainer, module)
        for batch in range(8):  # of which two make an update
            trainer.global_step = (batch + 1) // 2
            callback.on_train_batch_end(trainer, module, None, None, batch)
        callback.on_train_epoch_end(trainer, module)
        callback.on_train_end(trainer, module)
        self.assertEqual(self.collector.steps(), [0, 2, 4])
        self.assertFalse(trainer.should_stop)

    def test_tell_of_an_exception_in_lightning(self) -> None:
        with self.library("pytorch_lightning", Callback=object):
            callback = latentgauge.lightning_callback("0", **self.options())
        trainer = types.SimpleNamespace(global_step=0, global_rank=0)
        callback.on_exception(trainer, None, ValueError("too early"))
        callback.on_train_start(trainer, network())
        callback.on_exception(trainer, None, ValueError("bad"))
        callback.on_train_end(trainer, None)
        self.assertEqual(self.collector.of_kind("end")[0].json["reason"], "ValueError: bad")

    def test_follow_a_training_with_transformers_and_stop_it(self) -> None:
        advice = {"directive": {"action": "stop"}}
        self.collector.rule = lambda r: Answer(200, advice if r.query.get("step") == "2" else {})
        with self.library("transformers", TrainerCallback=object):
            callback = latentgauge.transformers_callback("0", **self.options())
        args = types.SimpleNamespace(process_index=0, world_size=1)
        state = types.SimpleNamespace(global_step=0, epoch=0.0)
        control = types.SimpleNamespace(should_training_stop=False)
        callback.on_train_begin(args, state, control, model=network(), optimizer=None)
        while not control.should_training_stop:
            state.global_step += 1
            state.epoch += 0.25
            callback.on_log(args, state, control, logs={"loss": 0.5})
            callback.on_step_end(args, state, control, model=None)
            observed = state.global_step // 2 + 1
            self.collector.wait_for(lambda: len(self.collector.steps()) >= observed)
        callback.on_epoch_end(args, state, control)
        callback.on_train_end(args, state, control)
        self.assertEqual(self.collector.of_kind("end")[0].json["state"], "stopped")
        self.assertEqual(self.collector.of_kind("embeddings")[1].query["epoch"], "0.5")


if __name__ == "__main__":
    unittest.main()
