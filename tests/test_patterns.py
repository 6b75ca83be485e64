#!/usr/bin/python3
"""The patterns of the model that this version covers, P3 to P9, with their criteria; prints a scoreboard.

Each pattern runs one street of 8 communities of 1,000 residents, 20 replicates under common random numbers. "+" means that the 95 %
interval of the paired difference lies above 0. A pattern that fails is a finding about the model: no criterion here is to be bent.
"""
import os
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

COGOV = os.environ["COGOV"]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPLICATES = 20
T_19 = 2.093024054408263  # 97.5 % quantile of Student's t, 19 degrees of freedom
SMALL = ["city.streets=1", "city.communities=8", "city.residents=1000"]
LAST_MONTHS = 24
Z_STAR = 0.783  # closed form of equation (3) at Ezhou's items, theta = .30
LINES = []


def run(scenarios, settings=(), ticks=120):
    """Runs scenarios, {stem: YAML text} or names, into one results file; returns {observation: array[design, replicate, ...]}: means over the
    last months."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for scenario in scenarios:
            if isinstance(scenario, tuple):
                path = os.path.join(folder, scenario[0] + ".yaml")
                with open(path, "w", encoding="utf-8") as out:
                    out.write(scenario[1])
                names.append(path)
            else:
                names.append(os.path.join(ROOT, "scenarios", scenario + ".yaml"))
        spec = os.path.join(folder, "spec.yaml")
        with open(spec, "w", encoding="utf-8") as out:
            out.write("scenarios: [" + ", ".join(names) + "]\n")
        results = os.path.join(folder, "results.h5")
        command = [COGOV, "run", spec, "-o", results, "--quiet", "--replicates", str(REPLICATES), "--ticks", str(ticks)]
        for setting in [*SMALL, *settings]:
            command += ["--set", setting]
        subprocess.run(command, check=True, cwd=ROOT)
        with h5py.File(results) as file:
            return {
                name: np.nanmean(data[:, :, -LAST_MONTHS:], axis=2)
                for name, data in file.items()
                if isinstance(data, h5py.Dataset) and data.ndim >= 3
            }


def interval(values):
    """Mean and 95 % half-width over replicates."""
    values = np.asarray(values)
    return values.mean(), T_19 * values.std(ddof=1) / np.sqrt(len(values))


def say(pattern, text, holds):
    LINES.append(f"{pattern:4} {'holds' if holds else 'FAILS'}  {text}")
    return holds


class Patterns(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        print("\nPatterns (1 street x 8 communities x 1,000 residents, 20 replicates, last 24 months):")
        print("\n".join(sorted(LINES)), flush=True)

    def at_least(self, pattern, what, values, bound):
        mean, half = interval(values)
        holds = mean - half >= bound
        self.assertTrue(say(pattern, f"{what}: {mean:.4g} +- {half:.2g}, at least {bound:g}", holds), what)

    def below(self, pattern, what, values, bound):
        mean, half = interval(values)
        holds = mean + half < bound
        self.assertTrue(say(pattern, f"{what}: {mean:.4g} +- {half:.2g}, below {bound:g}", holds), what)

    def plus(self, pattern, what, differences):
        mean, half = interval(differences)
        self.assertTrue(say(pattern, f"{what}: {mean:+.4g} +- {half:.2g}, above 0", mean - half > 0), what)

    def test_p3_elderly_skew(self):
        r = run(["ezhou"])
        people = r["residents_by_age"][0]
        for name, depth in (("participation_by_age", 1), ("engagement_by_age", 2)):
            active = r[name][0] * people
            young = active[:, :2].sum(axis=1) / people[:, :2].sum(axis=1)
            old = active[:, 4:].sum(axis=1) / people[:, 4:].sum(axis=1)
            self.at_least("P3", f"Ezhou, depth >= {depth}: rate at 60+ / rate below 40", old / young, 2)
            middle = active[:, 2:4].sum(axis=1)
            self.plus("P3", f"Ezhou, depth >= {depth}: share of participants 60+ less the larger of the others",
                      (active[:, 4:].sum(axis=1) - np.maximum(active[:, :2].sum(axis=1), middle)) / active.sum(axis=1))

    def test_p4_shallow_ladder(self):
        p = run(["ezhou"])["participation_by_depth"][0]
        for depth in (1, 2, 3):
            self.plus("P4", f"Ezhou: p_{depth} - p_{depth + 1}", p[:, depth] - p[:, depth + 1])
        self.below("P4", "Ezhou: (p_3 + p_4) / p", (p[:, 3] + p[:, 4]) / p[:, 1:].sum(axis=1), 0.1)

    def test_p5_administrative_crowding_out(self):
        r = run(["ezhou", ("more", "extends: ezhou\ncommittee: {administrative_items: 180}\n")])
        administrative = r["committee_time"][0, :, 0]
        self.at_least("P5", "Ezhou: x_A", administrative, 0.65)
        self.below("P5", "Ezhou: x_A", administrative, 0.80)
        self.plus("P5", "x_N, 90 less 180 items", r["committee_time"][1, :, 0] - administrative)
        for name in ("effectiveness", "participation"):
            self.plus("P5", f"{name}, 90 less 180 items", r[name][0] - r[name][1])

    Z = (0, 0.2, 0.4, 0.55, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1)

    def sweep(self, empowerment):
        text = "extends: ezhou\nburden: {{cut: {}}}\nempowerment: {{level: {}, cross_appointment: 0}}\n"
        return run([(f"z{i}", text.format(z, empowerment)) for i, z in enumerate(self.Z)])

    def test_p6_marginalisation_without_empowerment(self):
        r = self.sweep(0)
        for name in ("effectiveness", "legitimacy"):
            values = r[name]
            peak = int(values.mean(axis=1).argmax())
            self.plus("P6", f"{name}: peak less z = 0", values[peak] - values[0])
            self.plus("P6", f"{name}: peak less z = 1", values[peak] - values[-1])
            rises = np.diff(values.mean(axis=1))
            holds = bool((rises[:peak] > 0).all() and (rises[peak:] < 0).all())
            self.assertTrue(say("P6", f"{name}: rises to its peak, then falls", holds))
            holds = abs(self.Z[peak] - Z_STAR) <= 0.1
            self.assertTrue(say("P6", f"{name}: peak at z = {self.Z[peak]:g}, within .1 of z* = {Z_STAR:g}", holds))
        self.plus("P6", "g(0) - g(1)", r["effectiveness"][0] - r["effectiveness"][-1])

    def test_p7_empowerment_removes_marginalisation(self):
        r = self.sweep(0.3)
        for name in ("effectiveness", "legitimacy"):
            steps = np.diff(r[name], axis=0)
            worst = int(steps.mean(axis=1).argmin())
            self.plus("P7", f"e' = .3: {name} rises with every step of z; least", steps[worst])

    def test_p8_chongqing_before_and_after(self):
        r = run(["chongqing-before", "chongqing"])
        self.plus("P8", "time for residents, after less before", r["committee_time"][0, :, 0] - r["committee_time"][1, :, 0])
        for name in ("deep_participation", "trust", "satisfaction"):
            self.plus("P8", f"{name}, after less before", r[name][1] - r[name][0])
        self.at_least("P8", "deep participation, after / before", r["deep_participation"][1] / r["deep_participation"][0], 3)

    def say_sensitivity(self):
        """What P9's approval owes to the one assumption that it depends on most; no criterion."""
        capacities = (0.3, 0.45, 0.55, 0.65, 0.75)
        text = "extends: southern-jiangsu\ngovernment: {{capacity: {}}}\n"
        approval = run([(f"c{i}", text.format(c)) for i, c in enumerate(capacities)])["approval"]
        told = ", ".join(f"{values.mean():.2f} at {c:g}" for c, values in zip(capacities, approval))
        LINES.append(f"P9   note   approval in southern Jiangsu by government.capacity: {told}")

    def test_p9_chongqing_and_southern_jiangsu(self):
        r = run(["chongqing-before", "chongqing", "southern-jiangsu"])
        before, after, jiangsu = 0, 1, 2
        self.at_least("P9", "approval in southern Jiangsu", r["approval"][jiangsu], 0.5)
        self.plus("P9", "approval, southern Jiangsu less Chongqing before", r["approval"][jiangsu] - r["approval"][before])
        self.say_sensitivity()
        for name in ("cognition", "deep_participation"):
            self.plus("P9", f"{name}, Chongqing less southern Jiangsu", r[name][after] - r[name][jiangsu])


if __name__ == "__main__":
    sys.exit(unittest.main())
