"""Ends the trials of Ray Tune that a collector tells to stop, without labels.

Needs Ray and latentgauge.py. Follows the interface that Ray 2 documents; not tested against the
real library. The stopper is asked where the search runs, the monitors report from where trials do::

    def trainable(config):
        trial = ray.tune.get_context().get_trial_id()
        monitor = latentgauge.Monitor(model, "encoder", reference="cnn-v1",
                                      run=latentgauge.run_name("lr-7", trial),
                                      tags={"sweep": "lr-7", **config})
        with monitor:
            for epoch in range(1, 10):
                ...  # every update followed by monitor.step(epoch=...)
                monitor.flush()
                ray.tune.report({"score": monitor.scores["encoder"]})

    run_config = ray.tune.RunConfig(stop=CollectorStopper("lr-7"))

Ray pickles the stopper with the state of the search: give a token by the environment.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ray.tune import Stopper

import latentgauge

__all__ = ["CollectorStopper"]


class CollectorStopper(Stopper):
    """Ends trials whose runs the collector tells to stop, by a policy or by hand.

    A trial goes on if the collector cannot be asked, or knows nothing of it. Why one was ended, the
    collector says of its run.

    Args:
        search: what the runs are called by, see ``latentgauge.run_name``.
        collector: the address of the collector.
        token: as of ``latentgauge.Monitor``.
        timeout: how many seconds to wait for the collector.

    Attributes:
        decisions: who is asked; counts failures.

    Raises:
        ValueError: if anything is wrong with the arguments; the message lists every mistake.
    """

    def __init__(
        self,
        search: str,
        collector: str = latentgauge.COLLECTOR,
        token: Optional[str] = None,
        timeout: float = 5.0,
    ):
        self.decisions = latentgauge.Decisions(collector, token, timeout)
        self._search = search

    def __call__(self, trial_id: str, result: Mapping[str, Any]) -> bool:
        run = latentgauge.run_name(self._search, trial_id)
        return self.decisions.stop_reason(run) is not None

    def stop_all(self) -> bool:
        return False
