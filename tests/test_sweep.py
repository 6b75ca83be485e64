"""One experiment, run in whatever way and however often interrupted, is one results file."""
import filecmp
import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import time
import unittest

import h5py
import numpy

from harness import MPIRUN, NO_MEASURE, PROGRAM, INSTRUMENTED, Case, environment

SPEC = """
scenarios: [chongqing, southern-jiangsu]
replicates: 4
seed: 7
ticks: %d
design: grid
vary: {purchase.quality_weight: [0.2, 0.8], switches.linkage: [off, on]}
"""
CITY = ["--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=%d"]


def city(residents):
    return [word % residents if "%d" in word else word for word in CITY]


class Sweep(Case):
    residents, ticks = 400, 24

    def setUp(self):
        super().setUp()
        self.write("sweep.yaml", SPEC % self.ticks)
        self.words = ["run", "sweep.yaml", *city(self.residents), "--quiet"]

    def sweep(self, name, *words, **more):
        self.cogov(*self.words, "-o", name, *words, **more)
        return self.path(name)

    def assert_same(self, one, other):
        self.assertTrue(filecmp.cmp(self.path(one), self.path(other), False), "%s and %s differ" % (one, other))

    def assert_clean(self, name):
        self.assertFalse(os.path.exists(self.path(name + ".parts")), "the parts of %s are still there" % name)


class SameBytes(Sweep):
    def test_threads_and_shares(self):
        self.sweep("one.h5", "--threads", "1")
        self.sweep("three.h5", "--threads", "3")
        self.assert_same("one.h5", "three.h5")
        for i in (3, 1, 4, 2):
            self.assertFalse(os.path.exists(self.path("shares.h5")))
            self.sweep("shares.h5", "--shard", "%d/4" % i)
        self.assert_same("one.h5", "shares.h5")
        self.assert_clean("shares.h5")

    def test_shares_at_the_same_time(self):
        self.sweep("one.h5")
        for n in (3, 8):
            processes = [self.start(*self.words, "-o", "shares.h5", "--shard", "%d/%d" % (i + 1, n)) for i in range(n)]
            for process in processes:
                err = process.communicate(timeout=100)[1].decode()
                self.assertEqual(process.returncode, 0, err)
            self.assert_same("one.h5", "shares.h5")
            self.assert_clean("shares.h5")
            os.remove(self.path("shares.h5"))

    @unittest.skipUnless(MPIRUN, "no mpirun here, or this build is without MPI")
    def test_processes_of_mpi(self):
        self.sweep("one.h5")
        for n, threads in ((3, 1), (2, 2)):
            self.mpirun(n, *self.words, "-o", "mpi.h5", "--threads", str(threads))
            self.assert_same("one.h5", "mpi.h5")
            self.assert_clean("mpi.h5")
            os.remove(self.path("mpi.h5"))

    @unittest.skipUnless(MPIRUN, "no mpirun here, or this build is without MPI")
    def test_shares_of_processes_of_mpi(self):
        self.sweep("one.h5")
        for i in (2, 3, 1):
            self.mpirun(2, *self.words, "-o", "both.h5", "--shard", "%d/3" % i)
        self.assert_same("one.h5", "both.h5")
        self.assert_clean("both.h5")

    @unittest.skipUnless(MPIRUN, "no mpirun here, or this build is without MPI")
    def test_processes_that_were_given_different_things(self):
        self.sweep("one.h5")
        each = 'exec "$0" "$@" --shard $((OMPI_COMM_WORLD_RANK + 1))/3'
        words = [MPIRUN, "-q", "--oversubscribe", "--bind-to", "none", "-n", "3", "sh", "-c", each, PROGRAM, *self.words, "-o", "own.h5"]
        env = environment(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        found = subprocess.run(words, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
        self.assertEqual(found.returncode, 0, found.stderr)
        self.assert_same("one.h5", "own.h5")
        words[9] = 'exec "$0" "$@" --seed $OMPI_COMM_WORLD_RANK'
        words[-1] = "other.h5"
        found = subprocess.run(words, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
        self.assertEqual(found.returncode, 2, found.stderr)
        self.assertIn("different experiments", found.stderr)
        self.assertFalse(os.path.exists(self.path("other.h5.parts")))

    def test_replicates_until_precise(self):
        text = (SPEC % 24).replace("replicates: 4", "stop: {half_width: {participation: 0.02}, min: 3, step: 2, max: 12}")
        self.write("sweep.yaml", text)
        self.sweep("one.h5", "--threads", "1")
        with h5py.File(self.path("one.h5")) as file:
            counts = (file["run_status"][()] == 0).sum(axis=1)
            replicates = len(file["replicate"])
            numbers = file["participation"][()][:, :, 12:].mean(axis=2)
            self.assertEqual(file["replicates"][()].tolist(), counts.tolist())
        self.assertGreater(len(set(counts)), 1, "every design point needs as many replicates: the test shows nothing")
        self.assertEqual(replicates, counts.max())
        for point, count in enumerate(counts):
            self.assertFalse(numpy.isnan(numbers[point, :count]).any())
            self.assertTrue(numpy.isnan(numbers[point, count:]).all())
        self.sweep("three.h5", "--threads", "3")
        self.assert_same("one.h5", "three.h5")
        for i in (2, 3, 1):
            self.sweep("shares.h5", "--shard", "%d/3" % i)
        self.assert_same("one.h5", "shares.h5")


class Interrupted(Sweep):
    residents, ticks = 1500 if INSTRUMENTED else 15000, 100

    def setUp(self):
        super().setUp()
        self.sweep("whole.h5")

    def kill_until_done(self, *words, **more):
        chance = random.Random(5)
        for kills in range(100):
            process = self.start(*self.words, "-o", "killed.h5", *words, **more)
            try:
                patience = 1 + kills / 10  # a slow machine gets somewhere too
                err = process.communicate(timeout=chance.uniform(1.2, 2.5) * patience)[1].decode()
                self.assertEqual(process.returncode, 0, err)
                return kills
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
        self.fail("it makes no progress")

    def test_killed_until_done(self):
        self.assertGreaterEqual(self.kill_until_done("--threads", "1"), 1)
        self.assert_same("whole.h5", "killed.h5")
        self.assert_clean("killed.h5")

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            process = self.start(*self.words, "-o", "signalled.h5", "--threads", "1")
            while not os.path.exists(self.path("signalled.h5.parts", "lock")):
                time.sleep(0.05)
            time.sleep(0.4)
            process.send_signal(number)
            err = process.communicate(timeout=60)[1].decode()
            self.assertEqual(process.returncode, 75, err)
            self.assertIn("signal", err)
            self.assertFalse(os.path.exists(self.path("signalled.h5")))
        self.cogov(*self.words, "-o", "signalled.h5")
        self.assert_same("whole.h5", "signalled.h5")

    def test_time_limit(self):
        for tries in range(60):
            start = time.monotonic()
            process = self.start(*self.words, "-o", "limited.h5", "--threads", "1", "--max-walltime", "3s")
            err = process.communicate(timeout=60)[1].decode()
            self.assertLess(time.monotonic() - start, 6)
            if process.returncode == 0:
                break
            self.assertEqual(process.returncode, 75, err)
            self.assertIn("time was up", err)
        self.assertGreaterEqual(tries, 1)
        self.assert_same("whole.h5", "limited.h5")

    def test_stop_file(self):
        process = self.start(*self.words, "-o", "stopped.h5", "--threads", "1")
        while not os.path.exists(self.path("stopped.h5.parts", "lock")):
            time.sleep(0.05)
        self.write("stopped.h5.parts/stop", "")
        err = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 75, err)
        self.assertIn("stop file", err)
        self.assertIn("stop", self.cogov(*self.words, "-o", "stopped.h5", status=75)[1])
        os.remove(self.path("stopped.h5.parts", "stop"))
        self.cogov(*self.words, "-o", "stopped.h5")
        self.assert_same("whole.h5", "stopped.h5")
        self.assert_clean("stopped.h5")

    def test_two_writers(self):
        first = self.start(*self.words, "-o", "twice.h5", "--threads", "1")
        while not os.path.exists(self.path("twice.h5.parts", "lock")):
            time.sleep(0.05)
        time.sleep(0.3)
        err = self.cogov(*self.words, "-o", "twice.h5", status=1)[1]
        self.assertIn(str(first.pid), err)
        self.assertIn(socket.gethostname(), err)
        self.assertIsNone(first.poll(), "the first had ended already")
        err = first.communicate(timeout=100)[1].decode()
        self.assertEqual(first.returncode, 0, err)
        self.assert_same("whole.h5", "twice.h5")


@unittest.skipUnless(MPIRUN, "no mpirun here, or this build is without MPI")
class Together(Sweep):
    """The first process has run its cell and waits for the others, which have a long one."""

    def test_stop_file(self):
        self.write("short.yaml", "extends: chongqing\ncity.communities: 2\ncity.residents: 10000\n")
        self.write("long.yaml", "extends: chongqing\ncity.communities: 40\ncity.residents: 60000\n")
        self.write("two.yaml", "scenarios: [short, long]\nticks: 1200\n")
        process = self.start_mpi(2, "run", "two.yaml", "-o", "two.h5", "--threads", "1", "--set", "city.streets=1",
                                 "--checkpoint", "off")
        while not os.path.exists(self.path("two.h5.parts", "0.h5")):
            self.assertIsNone(process.poll())
            time.sleep(0.05)
        self.write("two.h5.parts/stop", "")
        start = time.monotonic()
        err = process.communicate(timeout=200)[1].decode()
        self.assertEqual(process.returncode, 75, err)
        self.assertIn("the stop file was there", err)
        self.assertLess(time.monotonic() - start, 20)
        self.assertEqual([name for name in self.names("two.h5.parts") if "rank" in name and "status" in name], [])


class Checkpoints(Sweep):
    """One long cell is killed again and again, and never begins anew."""

    def checkpoints(self):
        """What there is: a file that is replaced has another time."""
        folder = self.path("kept.h5.parts")
        names = [name for name in os.listdir(folder) if name.endswith(".checkpoint")] if os.path.exists(folder) else []
        found = set()
        for name in names:
            try:
                found.add((name, os.stat(os.path.join(folder, name)).st_mtime_ns))
            except FileNotFoundError:
                pass
        return found

    def run_until(self, saves, *words):
        """Kills a run once it has kept its state so often; whether it was done before."""
        seen, process = self.checkpoints(), self.start(*words)
        last = len(seen) + saves
        while process.poll() is None and len(seen) < last:
            seen |= self.checkpoints()
            time.sleep(0.005)
        done = process.poll() == 0
        process.kill()
        process.communicate()
        return done

    def test_one_cell(self):
        self.words = ["run", "chongqing", *city(3000 if INSTRUMENTED else 30000), "--ticks", "600", "--quiet", "--checkpoint", "40months"]
        for threads in ("1", "3"):
            self.sweep("whole.h5", "--threads", threads)
            kills = 0
            while not self.run_until(4, *self.words, "-o", "kept.h5", "--threads", threads):
                kills += 1
                self.assertLess(kills, 15, "it begins anew")
            self.assertGreaterEqual(kills, 2)
            self.assert_same("whole.h5", "kept.h5")
            self.assert_clean("kept.h5")
            os.remove(self.path("kept.h5"))
            os.remove(self.path("whole.h5"))


@unittest.skipIf(INSTRUMENTED, NO_MEASURE)
class Failures(Sweep):
    """A world that does not fit into the memory allowed fails; the others do not."""

    def setUp(self):
        super().setUp()
        self.write("large.yaml", "extends: chongqing\ncity.communities: 150\n")
        self.write("small.yaml", "extends: chongqing\ncity.communities: 1\n")
        self.write("mixed.yaml", "scenarios: [large, small]\nreplicates: 3\nticks: 2\nburn_in: 0\n")
        self.words = ["run", "mixed.yaml", "-o", "mixed.h5", "--set", "city.streets=1", "--set", "city.residents=60000", "--threads", "1"]

    def limited(self, *words, status=1):
        limit = 600 * 1024 * 1024
        return self.cogov(*self.words, *words, status=status, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))

    def statuses(self):
        with h5py.File(self.path("mixed.h5")) as file:
            return file["run_status"][()].tolist(), file["run_error"].asstr()[()].tolist()

    def assert_status(self, state, failed):
        with open(self.path("mixed.h5.parts/status.json"), encoding="utf-8") as file:
            status = json.load(file)
        self.assertEqual((status["state"], status["failed"]), (state, failed))
        self.assertIn("nobody works on it: " + state, self.cogov("status", "mixed.h5.parts")[0])

    def test_the_others_are_run(self):
        err = self.limited()[1]
        self.assertIn("cells failed", err)
        self.assertIn("3 failed", err)
        statuses, errors = self.statuses()
        self.assertEqual(statuses, [[1, 1, 1], [0, 0, 0]])
        self.assertEqual(errors[0], ["not enough memory"] * 3)
        self.assert_status("done", 3)

    def test_a_policy_ends_the_rest(self):
        for policy, failed in (("stop", 1), ("stop-after:2", 2)):
            err = self.limited("--on-failure", policy)[1]
            self.assertIn("too many cells had failed (%d)" % failed, err)
            self.assertFalse(os.path.exists(self.path("mixed.h5")))
            self.assert_status("stopped", failed)
            shutil.rmtree(self.path("mixed.h5.parts"))

    def test_only_what_failed_is_run_again(self):
        self.limited()
        with open(self.path("large.yaml"), "w") as file:  # the folder keeps what was asked for
            file.write("model: nonsense\n")
        self.cogov("retry", "mixed.h5.parts", "--failed", "--threads", "2")
        self.assertEqual(self.statuses()[0], [[0, 0, 0], [0, 0, 0]])
        self.assert_clean("mixed.h5")


class Bounds(Sweep):
    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_many_tiny_cells_in_little_memory(self):
        self.write("nothing.yaml", 'model: "null"\n')
        self.write("tiny.yaml", "scenarios: [nothing]\nreplicates: 100000\nticks: 2\nburn_in: 0\n")
        limit = 700 * 1024 * 1024
        start = time.monotonic()
        process = self.start("run", "tiny.yaml", "-o", "tiny.h5", "--threads", "2", "--quiet",
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, process.stderr.read().decode())
        print("100,000 cells: %.1f s, at most %d MiB" % (time.monotonic() - start, usage.ru_maxrss / 1024))
        self.assertLess(usage.ru_maxrss, 300 * 1024)
        with h5py.File(self.path("tiny.h5")) as file:
            self.assertEqual(file["run_status"].shape, (1, 100000))
            self.assertEqual(numpy.count_nonzero(file["run_status"][()]), 0)

    def test_progress_for_machines(self):
        process = self.start(*self.words, "-o", "told.h5", "--threads", "1")
        path = self.path("told.h5.parts", "status.json")
        while process.poll() is None and not os.path.exists(path):
            time.sleep(0.01)
        if process.poll() is None:
            with open(path) as file:
                status = json.load(file)
            self.assertEqual(status["cells"], 32)
            self.assertEqual(status["process"], process.pid)
        process.communicate()


if __name__ == "__main__":
    unittest.main()
