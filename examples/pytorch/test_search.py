"""What the adapters for searches promise, tested with Optuna and a collector that the tests script.

Run in this folder: ``/usr/bin/python3 -m unittest -v test_search``
"""

from __future__ import annotations

import gc
import importlib
import logging
import math
import os
import pickle
import re
import sys
import types
import unittest
from typing import Any, Callable, Dict, List, Optional
from unittest import mock

import optuna

import latentgauge
import optuna_pruner
from test_latentgauge import PATIENCE, Answer, CollectorTest, EndlessRest, Request
from test_latentgauge import network, problem, some_probes, unused_url

NAME = re.compile(r"[A-Za-z0-9._@-]{1,128}")
WORSE = "lr: its score at epoch 1 is 0.4, number 3 of 3 runs"


def setUpModule() -> None:
    logging.getLogger("latentgauge").addHandler(logging.NullHandler())
    optuna.logging.set_verbosity(optuna.logging.ERROR)


def told(action: str, reason: Optional[str] = None) -> Answer:
    directive = {"action": action} if reason is None else {"action": action, "reason": reason}
    return Answer(200, {"run": "r", "directive": directive, "policies": []})


def asks(request: Request) -> bool:
    return request.path.endswith("/decision")


class SearchTest(CollectorTest):
    """A test whose collector decides as ``decision`` says, and takes reports as ``reported``."""

    def setUp(self) -> None:
        super().setUp()
        self.decision = told("continue")
        self.reported = Answer()
        self.collector.rule = lambda r: self.decision if asks(r) else self.reported
        self.time = 0.0

    def decisions(self, **options: Any) -> latentgauge.Decisions:
        given = {"collector": self.collector.url, "clock": lambda: self.time, **options}
        return latentgauge.Decisions(**given)

    def questions(self) -> List[Request]:
        return [request for request in self.collector.requests if asks(request)]

    def ends(self) -> List[Dict[str, Any]]:
        return [request.json for request in self.collector.of_kind("end")]


class NamesOfRunsTest(unittest.TestCase):
    def test_are_made_of_the_study_and_the_number(self) -> None:
        self.assertEqual(latentgauge.run_name("lr", 0), "lr-0")
        self.assertEqual(latentgauge.run_name("a.b_c@d-1", 17), "a.b_c@d-1-17")
        self.assertEqual(latentgauge.run_name("tune", "a1b2c_00003"), "tune-a1b2c_00003")

    def test_are_valid_for_any_study(self) -> None:
        texts = ["", ".", "..", "a b", "größe", "a/b?c=d", "*", "\n", "\ud800", "x" * 999, "🙂"]
        for text in texts:
            for trial in (0, 10**9, text):
                name = latentgauge.run_name(text, trial)
                self.assertRegex(name, NAME)
                self.assertLessEqual(len(name), latentgauge.Monitor.LONGEST_NAME)
                self.assertEqual(list(latentgauge._name_mistakes("run", name)), [])

    def test_are_different_where_studies_are(self) -> None:
        texts = ["a b", "a_b", "a*b", "a\tb", "ü", "ö", "x" * 80, "x" * 81, "x" * 82]
        names = {latentgauge.run_name(text, 1) for text in texts}
        self.assertEqual(len(names), len(texts))

    def test_are_the_same_each_time_and_keep_the_number(self) -> None:
        name = latentgauge.run_name("my study", 12)
        self.assertEqual(name, latentgauge.run_name("my study", 12))
        self.assertRegex(name, "^my_study-[0-9a-f]{12}-12$")


class DecisionsTest(SearchTest):
    def test_carry_the_reason_of_a_stop(self) -> None:
        self.decision = told("stop", WORSE)
        self.assertEqual(self.decisions().stop_reason("lr-3"), WORSE)
        (question,) = self.questions()
        self.assertEqual((question.method, question.path), ("GET", "/v1/runs/lr-3/decision"))
        self.assertIn("application/json", question.headers["Accept"])

    def test_have_some_reason_for_every_stop_in_one_line(self) -> None:
        for reason, expected in ((None, "the collector says so"), ("a\n\x1b[1mb", "a [1mb")):
            self.decision = told("stop", reason)
            self.assertEqual(self.decisions().stop_reason("r"), expected)

    def test_let_a_run_go_on_that_is_told_to_or_that_nobody_has_heard_of(self) -> None:
        decisions = self.decisions()
        for decision in (told("continue"), told("continue", "I am curious"), problem(404)):
            self.decision = decision
            self.assertIsNone(decisions.stop_reason("r"))
        self.assertEqual((decisions.failures, len(self.questions())), (0, 3))

    def test_bring_the_token(self) -> None:
        self.decisions(token="secret").stop_reason("r")
        self.assertEqual(self.questions()[0].headers["Authorization"], "Bearer secret")

    def test_bring_the_token_of_the_environment_which_is_not_pickled(self) -> None:
        with mock.patch.dict(os.environ, LATENTGAUGE_TOKEN="of-the-environment"):
            pickled = pickle.dumps(latentgauge.Decisions(self.collector.url))
            self.assertNotIn(b"of-the-environment", pickled)
            pickle.loads(pickled).stop_reason("r")
        self.assertEqual(self.questions()[0].headers["Authorization"], "Bearer of-the-environment")

    def test_stop_nobody_where_the_collector_is_gone(self) -> None:
        decisions = self.decisions(collector=unused_url())
        with self.assertLogs("latentgauge", "WARNING") as logs:
            self.assertIsNone(decisions.stop_reason("r"))
            self.time += decisions.PAUSE
            self.assertIsNone(decisions.stop_reason("r"))
        self.assertEqual(decisions.failures, 2)
        (line,) = logs.output
        self.assertIn("trials go on, since the collector cannot be asked", line)

    def test_stop_nobody_for_an_answer_that_makes_no_sense(self) -> None:
        stop = {"directive": {"action": "stop"}}
        answers = [
            *(problem(status) for status in (400, 401, 403, 409, 429, 500, 503)),
            *(Answer(status, stop) for status in (302, 404, 500)),
            *(Answer(200, content) for content in (b"", b"<html>", b"[]", b"[" * 10**5, b"\xff")),
            *(Answer(200, {"directive": content}) for content in (None, 3, [], {}, "stop")),
            *(Answer(200, {"directive": {"action": content}}) for content in (None, ["stop"], 1)),
            Answer(200, stop, cut=True),
            Answer(200, b" " * (2 << 20)),
        ]
        for answer in answers:
            self.decision = answer
            decisions = self.decisions()
            self.assertIsNone(decisions.stop_reason("r"), answer)
            self.assertEqual(decisions.failures, 0 if answer.status == 404 else 1, answer)

    def test_do_not_wait_for_a_collector_that_hangs(self) -> None:
        self.collector.gate.clear()
        decisions = self.decisions(timeout=0.05)
        self.assertIsNone(decisions.stop_reason("r"))
        self.assertEqual(decisions.failures, 1)

    def test_leave_a_collector_alone_that_has_failed_for_a_while(self) -> None:
        decisions = self.decisions()
        self.decision = problem(500)
        decisions.stop_reason("r")
        self.decision = told("stop")
        self.time = decisions.PAUSE - 1
        self.assertIsNone(decisions.stop_reason("r"))
        self.assertEqual(len(self.questions()), 1)
        self.time = decisions.PAUSE
        self.assertIsNotNone(decisions.stop_reason("r"))

    def test_ask_at_once_after_they_came_from_another_machine_with_a_younger_clock(self) -> None:
        self.time = 1e6
        decisions = self.decisions()
        self.decision = problem(500)
        decisions.stop_reason("r")
        self.time = 10.0
        self.decision = told("stop")
        self.assertIsNotNone(decisions.stop_reason("r"))

    def test_cannot_be_asked_of_what_is_no_collector(self) -> None:
        with self.assertRaisesRegex(ValueError, "collector must be(?s:.)*token(?s:.)*timeout"):
            latentgauge.Decisions("nowhere", token="a b", timeout=0)


class DecisionsAndMonitorsTest(SearchTest):
    """Of a run that a monitor of the same process observes."""

    def test_agree_if_the_monitor_hears_first(self) -> None:
        self.reported = told("stop", "enough")
        monitor = self.monitor()
        self.assertTrue(monitor.flush(PATIENCE))
        self.assertTrue(monitor.should_stop)
        self.decision = problem(500)
        self.assertEqual(self.decisions().stop_reason("run"), "enough")
        self.assertEqual(self.questions(), [])

    def test_agree_if_the_search_hears_first(self) -> None:
        self.decision = told("stop", "by hand")
        monitor = self.monitor()
        self.assertTrue(monitor.flush(PATIENCE))
        self.assertFalse(monitor.should_stop)
        self.assertEqual(self.decisions().stop_reason("run"), "by hand")
        self.assertTrue(monitor.should_stop)
        self.assertEqual(monitor.stop_reason, "by hand")
        monitor.close()
        self.assertEqual(self.ends(), [{"state": "stopped", "reason": "by hand", "attempt": 1}])

    def test_count_what_is_reported_already(self) -> None:
        monitor = self.monitor()
        monitor.flush(PATIENCE)
        self.reported = told("stop", "enough")
        monitor.step()
        self.assertEqual(self.decisions().stop_reason("run"), "enough")

    def test_go_on_while_reports_wait_for_a_collector_that_is_away(self) -> None:
        self.reported = problem(503)
        monitor = self.monitor()
        self.assertFalse(monitor.flush(PATIENCE))
        self.assertIsNone(self.decisions(timeout=PATIENCE).stop_reason("run"))
        monitor.close()

    def test_are_not_those_about_another_training_that_has_the_name(self) -> None:
        self.decision = told("stop", "it was bad")
        self.reported = problem(409)
        with self.assertLogs("latentgauge", "WARNING"):
            monitor = self.monitor()
            monitor.flush(PATIENCE)
        self.assertIsNone(self.decisions().stop_reason("run"))
        self.assertFalse(monitor.should_stop)

    def test_are_of_the_same_collector(self) -> None:
        self.reported = told("stop", "enough")
        self.monitor().flush(PATIENCE)
        other = self.collector.url.replace("127.0.0.1", "localhost")
        self.assertIsNone(self.decisions(collector=other).stop_reason("run"))
        self.assertEqual(self.decisions(collector=self.collector.url + "/").failures, 0)

    def test_keep_no_monitor_from_being_collected(self) -> None:
        monitor = latentgauge.Monitor(
            network(), "0", reference="ref", run="short", collector=self.collector.url,
            probes=some_probes(), directory=None)
        monitor.close()
        self.assertIn((self.collector.url, "short"), latentgauge._monitors)
        del monitor
        gc.collect()
        self.assertNotIn((self.collector.url, "short"), latentgauge._monitors)


class FlushTest(SearchTest):
    def test_waits_for_the_answers_to_all_reports(self) -> None:
        self.collector.gate.clear()
        monitor = self.monitor()
        self.assertFalse(monitor.flush(0))
        self.collector.gate.set()
        self.assertTrue(monitor.flush(PATIENCE))
        self.assertEqual(self.collector.kinds(), ["runs", "embeddings"])

    def test_does_not_wait_for_a_collector_that_is_left_alone(self) -> None:
        clock = EndlessRest()  # in which no time to wait would ever be over
        reporter = self.reporter(clock, unused_url())
        reporter.submit(self.run_info.registration("Model"))
        self.assertTrue(clock.rests.wait(PATIENCE))
        self.assertFalse(reporter.flush(1.0))

    def test_has_nothing_to_wait_for_where_nobody_observes(self) -> None:
        monitor = self.monitor(rank=1)
        self.assertTrue(monitor.flush(0))
        self.assertEqual(monitor.scores, {})

    def test_is_over_once_the_run_is_closed(self) -> None:
        monitor = self.monitor()
        monitor.close()
        self.assertTrue(monitor.flush(PATIENCE))


class ScoresTest(SearchTest):
    def answered(self, **observation: Any) -> Dict[str, float]:
        self.reported = Answer(200, {"observation": observation})
        self.shown.step()
        self.assertTrue(self.shown.flush(PATIENCE))
        return self.shown.scores

    def test_are_the_newest_that_the_collector_has_answered(self) -> None:
        self.shown = self.monitor()
        self.assertEqual(self.answered(), {})
        self.assertEqual(self.answered(layer="0", score=0.25), {"0": 0.25})
        self.assertEqual(self.answered(layer="1", score=1), {"0": 0.25, "1": 1.0})
        self.assertEqual(self.answered(layer="0", score=0.5), {"0": 0.5, "1": 1.0})
        self.assertEqual(self.answered(layer="0", undefined="collapsed"), {"1": 1.0})

    def test_are_numbers(self) -> None:
        self.shown = self.monitor()
        for score in (None, "1", True, math.nan, math.inf, []):
            self.assertEqual(self.answered(layer="0", score=score), {})
        self.assertEqual(self.answered(layer=["0"], score=0.5), {})


class PolicyTest(SearchTest):
    POLICY = {"tags": {"sweep": "lr"}, "rule": "median"}

    def test_is_put_as_it_is_given(self) -> None:
        self.reported = Answer(201, {"name": "lr", "minPeers": 4})
        defined = latentgauge.define_policy(
            "lr", self.POLICY, collector=self.collector.url, token="secret")
        (request,) = self.collector.requests
        self.assertEqual((request.method, request.path), ("PUT", "/v1/policies/lr"))
        self.assertEqual(request.json, self.POLICY)
        self.assertEqual(request.headers["Authorization"], "Bearer secret")
        self.assertEqual(defined["minPeers"], 4)

    def test_that_the_collector_refuses_is_an_error(self) -> None:
        self.reported = problem(409, "the policy lr is another one")
        with self.assertRaisesRegex(latentgauge.Refused, "is another one"):
            latentgauge.define_policy("lr", self.POLICY, collector=self.collector.url)

    def test_needs_a_name(self) -> None:
        with self.assertRaisesRegex(ValueError, "name must match"):
            latentgauge.define_policy("l r", self.POLICY, collector=self.collector.url)


class OptunaTest(SearchTest):
    """Real studies in memory."""

    def study(self, **options: Any) -> optuna.Study:
        pruner = optuna_pruner.CollectorPruner(**{"collector": self.collector.url, **options})
        return optuna.create_study(study_name="my study", pruner=pruner)

    @staticmethod
    def asking(trial: optuna.Trial) -> float:
        optuna_pruner.run_of(trial)
        if trial.should_prune():
            raise optuna.TrialPruned()
        return 1.0

    def only_trial(self, study: optuna.Study, objective: Callable[..., float]) -> Any:
        study.optimize(objective, n_trials=1, catch=())
        (trial,) = study.trials
        return trial

    def test_prunes_what_is_told_to_stop_and_keeps_why(self) -> None:
        self.decision = told("stop", WORSE)
        with self.assertLogs("optuna.latentgauge", "INFO") as logs:
            trial = self.only_trial(self.study(), self.asking)
        run = latentgauge.run_name("my study", 0)
        self.assertEqual(trial.state, optuna.trial.TrialState.PRUNED)
        self.assertEqual(trial.user_attrs, {"latentgauge_run": run, "latentgauge_reason": WORSE})
        self.assertEqual(self.questions()[0].path, f"/v1/runs/{run}/decision")
        self.assertIn(f"Trial 0 is to be pruned: {WORSE}", logs.output[0])

    def test_asks_for_the_run_that_a_trial_names(self) -> None:
        def objective(trial: optuna.Trial) -> float:
            trial.set_user_attr("latentgauge_run", "mine")
            return float(trial.should_prune())

        self.only_trial(self.study(), objective)
        self.assertEqual(self.questions()[0].path, "/v1/runs/mine/decision")

    def test_goes_on_where_nobody_says_otherwise(self) -> None:
        for self.decision in (told("continue"), problem(404), problem(500), Answer(200, b"<html>")):
            trial = self.only_trial(self.study(), self.asking)
            self.assertEqual(trial.state, optuna.trial.TrialState.COMPLETE)

    def test_goes_on_without_a_collector(self) -> None:
        study = self.study(collector=unused_url())
        trial = self.only_trial(study, self.asking)
        self.assertEqual(trial.state, optuna.trial.TrialState.COMPLETE)
        self.assertEqual(study.pruner.decisions.failures, 1)

    def test_brings_the_token(self) -> None:
        self.only_trial(self.study(token="secret"), self.asking)
        self.assertEqual(self.questions()[0].headers["Authorization"], "Bearer secret")

    def test_prunes_also_where_the_reason_cannot_be_kept(self) -> None:
        self.decision = told("stop", WORSE)
        study = self.study()

        def objective(trial: optuna.Trial) -> float:
            with mock.patch.object(study._storage, "set_trial_user_attr", side_effect=OSError):
                self.assertTrue(trial.should_prune())
            return 1.0

        trial = self.only_trial(study, objective)
        self.assertEqual(trial.user_attrs, {})

    def monitored(self, trial: optuna.Trial, **options: Any) -> latentgauge.Monitor:
        return self.monitor(run=optuna_pruner.run_of(trial), **options)

    def test_ends_the_run_of_a_pruned_trial_as_stopped(self) -> None:
        self.decision = told("stop", WORSE)

        def objective(trial: optuna.Trial) -> float:
            with self.monitored(trial) as monitor:
                monitor.step()
                self.assertTrue(trial.should_prune())
                raise optuna.TrialPruned(monitor.stop_reason)

        self.only_trial(self.study(), objective)
        self.assertEqual(self.ends(), [{"state": "stopped", "reason": WORSE, "attempt": 1}])

    def test_ends_the_run_of_a_trial_that_another_pruner_prunes_as_stopped(self) -> None:
        def objective(trial: optuna.Trial) -> float:
            with self.monitored(trial):
                raise optuna.TrialPruned("too slow")

        self.only_trial(optuna.create_study(), objective)
        (end,) = self.ends()
        self.assertEqual((end["state"], end["reason"]), ("stopped", "TrialPruned: too slow"))

    def test_prunes_after_the_training_stopped_by_itself(self) -> None:
        self.reported = told("stop", "enough")

        def objective(trial: optuna.Trial) -> float:
            monitor = self.monitored(trial)
            while not monitor.should_stop:
                monitor.step()
                monitor.flush(PATIENCE)
            monitor.close()
            self.assertTrue(trial.should_prune())
            raise optuna.TrialPruned()

        trial = self.only_trial(self.study(), objective)
        self.assertEqual(trial.user_attrs["latentgauge_reason"], "enough")
        self.assertEqual([end["state"] for end in self.ends()], ["stopped"])

    def test_goes_on_in_trials_that_run_beside_a_stopped_one(self) -> None:
        bad = latentgauge.run_name("my study", 1)
        self.collector.rule = lambda r: told("stop" if bad in r.path else "continue")
        study = self.study()
        study.optimize(self.asking, n_trials=6, n_jobs=3)
        pruned = [t.number for t in study.trials if t.state == optuna.trial.TrialState.PRUNED]
        self.assertEqual(pruned, [1])


class RayTest(SearchTest):
    """Against a stand-in for ``ray.tune.Stopper``, whose two methods Ray documents; Ray itself is
    in no package of Debian, so that nothing here shows that it works with a real search."""

    def setUp(self) -> None:
        super().setUp()

        class Stopper:
            def __call__(self, trial_id: str, result: Dict[str, Any]) -> bool:
                raise NotImplementedError

            def stop_all(self) -> bool:
                raise NotImplementedError

        ray, tune = types.ModuleType("ray"), types.ModuleType("ray.tune")
        ray.tune, tune.Stopper = tune, Stopper
        with mock.patch.dict(sys.modules, {"ray": ray, "ray.tune": tune}):
            self.module = importlib.import_module("ray_stopper")
        self.addCleanup(sys.modules.pop, "ray_stopper", None)

    def stopper(self, **options: Any) -> Any:
        return self.module.CollectorStopper("lr", **{"collector": self.collector.url, **options})

    def test_stops_the_trials_that_are_told_to(self) -> None:
        bad = "/v1/runs/lr-a1b2c_00003/"
        self.collector.rule = lambda r: told("stop" if r.path.startswith(bad) else "continue")
        stopper = self.stopper()
        self.assertIs(stopper("a1b2c_00003", {"training_iteration": 1}), True)
        self.assertIs(stopper("a1b2c_00004", {"training_iteration": 1}), False)

    def test_never_stops_all(self) -> None:
        self.assertIs(self.stopper().stop_all(), False)

    def test_goes_on_without_a_collector(self) -> None:
        self.assertIs(self.stopper(collector=unused_url())("a", {}), False)


if __name__ == "__main__":
    unittest.main()
