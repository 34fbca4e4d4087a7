"""Prunes the trials of an Optuna study that a collector tells to stop, without labels.

Needs Optuna and latentgauge.py; copy both files beside your script::

    latentgauge.define_policy("lr", {"tags": {"sweep": "lr"}, "rule": "median"})

    def objective(trial):
        model = ...
        with latentgauge.Monitor(model, "encoder", reference="cnn-v1", run=run_of(trial),
                                 tags={"sweep": "lr", **trial.params}) as monitor:
            for epoch in range(1, 10):
                ...  # every update followed by monitor.step(epoch=...)
                if trial.should_prune():
                    raise optuna.TrialPruned(monitor.stop_reason)
            monitor.flush()
            return monitor.scores["encoder"]

    study = optuna.create_study(direction="maximize", pruner=CollectorPruner())

The collector compares the runs by what their monitors report, not by ``trial.report``, which the
pruner does without; a sampler learns of pruned trials by it alone. search.py is a whole example.
Tested with Optuna 3.1.
"""

from __future__ import annotations

from typing import Optional

import optuna

import latentgauge

__all__ = ["REASON", "RUN", "CollectorPruner", "run_of"]

# Attributes of trials.
RUN = "latentgauge_run"
REASON = "latentgauge_reason"

_log = optuna.logging.get_logger("optuna.latentgauge")


def run_of(trial: optuna.Trial) -> str:
    """What to call the run of a trial; kept as its attribute ``latentgauge_run``.

    Trials of one study have different names, STUDY-NUMBER. A study that is begun anew under its old
    name, without the storage that it had, needs another name: its runs would be taken.
    """
    run = latentgauge.run_name(trial.study.study_name, trial.number)
    trial.set_user_attr(RUN, run)
    return run


class CollectorPruner(optuna.pruners.BasePruner):
    """Prunes trials whose runs the collector tells to stop, by a policy or by hand.

    Why, is logged, and kept as the trial's attribute ``latentgauge_reason``. A trial goes on if the
    collector cannot be asked, or knows nothing of it. Its run is that of its attribute
    ``latentgauge_run``, or else has the name that ``run_of`` gives.

    Args:
        collector: the address of the collector.
        token: as of ``latentgauge.Monitor``.
        timeout: how many seconds ``should_prune`` may wait for answers to what the trial's monitor
            has reported, and then for the decision.

    Attributes:
        decisions: who is asked; counts failures.

    Raises:
        ValueError: if anything is wrong with the arguments; the message lists every mistake.
    """

    def __init__(
        self,
        collector: str = latentgauge.COLLECTOR,
        token: Optional[str] = None,
        timeout: float = 5.0,
    ):
        self.decisions = latentgauge.Decisions(collector, token, timeout)

    def prune(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> bool:
        """Whether the run of a trial is told to stop; for Optuna to call."""
        run = trial.user_attrs.get(RUN) or latentgauge.run_name(study.study_name, trial.number)
        reason = self.decisions.stop_reason(run)
        if reason is None:
            return False
        if trial.user_attrs.get(REASON) != reason:
            _log.info("Trial %d is to be pruned: %s", trial.number, reason)
            _keep(study, trial, reason)
        return True


def _keep(study: optuna.Study, trial: optuna.trial.FrozenTrial, reason: str) -> None:
    try:
        # As Optuna's own pruners do: what they are given is a copy.
        study._storage.set_trial_user_attr(trial._trial_id, REASON, reason)
    except Exception as failure:
        _log.warning("Trial %d does not keep why it is pruned: %r", trial.number, failure)
