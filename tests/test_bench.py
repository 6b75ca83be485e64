"""Speed and memory, measured side by side: medians of seven, as ratios to a yardstick kernel in the same run.

The yardstick is the influence workload (degree 8) in NumPy, whole arrays at a time. Fails only on memory and on gross regressions; the
numbers are printed.
"""
import json
import os
import statistics
import subprocess
import time
import unittest

import numpy as np

COGOV = os.environ["COGOV"]
ROUNDS = 7
AGENTS = 400_000


def bench(*words):
    command = [COGOV, "bench", "--agents", str(AGENTS), "--format", "json", *words]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def yardstick():
    """Agent-updates a second of the same workload in NumPy."""
    random = np.random.default_rng(1)
    neighbours = random.integers(0, AGENTS, (8, AGENTS), dtype=np.int32)
    state = random.random(AGENTS, dtype=np.float32) < 0.5
    constant = random.standard_normal(AGENTS, dtype=np.float32)
    ticks, start = 3, time.perf_counter()
    for _ in range(ticks):
        active = state.astype(np.float32)
        mean = sum(active[row] for row in neighbours) / np.float32(8)
        v = constant + np.float32(2.5) * mean + active
        state = random.random(AGENTS, dtype=np.float32) * (1 + np.exp(-v)) < 1
    return ticks * AGENTS / (time.perf_counter() - start)


class Bench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        runs = [
            (bench("--model", "influence"), bench("--model", "cogov"), bench("--model", "cogov", "--threads", "2"), yardstick())
            for _ in range(ROUNDS)
        ]
        cls.influence, cls.cogov, cls.two = runs[0][:3]
        cls.rates = {
            name: statistics.median(run[i]["updates_per_second"] for run in runs)
            for i, name in enumerate(("influence", "cogov", "cogov, 2 threads"))
        }
        cls.yard = statistics.median(run[3] for run in runs)
        cls.speed_up = statistics.median(run[2]["updates_per_second"] / run[1]["updates_per_second"] for run in runs)
        print(f"\nyardstick (NumPy)        {cls.yard:10.3g} updates/s")
        for name, rate in cls.rates.items():
            print(f"{name:24} {rate:10.3g} updates/s  {rate / cls.yard:6.2f} of the yardstick")
        print(f"two threads              {cls.speed_up:10.2f} times one", flush=True)

    def test_members(self):
        for member in ("agents", "updates_per_second", "setup_seconds", "bytes_per_agent", "phases"):
            self.assertIn(member, self.cogov)
        self.assertIn("participation", [phase["name"] for phase in self.cogov["phases"]])

    def test_a_resident_takes_at_most_96_bytes(self):
        for run in (self.influence, self.cogov):
            print(f"{run['model']}: {run['bytes_per_agent']:.1f} bytes an agent", flush=True)
            self.assertLessEqual(run["bytes_per_agent"], 96)

    def test_influence_has_not_become_grossly_slower(self):
        self.assertGreater(self.rates["influence"], 1.5 * self.yard)

    def test_cogov_has_not_become_grossly_slower(self):
        self.assertGreater(self.rates["cogov"], 0.2 * self.yard)

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "one processor only")
    def test_two_threads_help(self):
        self.assertGreater(self.speed_up, 1.3)


if __name__ == "__main__":
    unittest.main()
