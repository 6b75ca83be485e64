"""The promises of the program: the same answer anywhere, nothing lost, a results file that everybody can open."""
import ctypes
import filecmp
import glob
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import time
import unittest

import h5py
import numpy

from harness import CITY, Case, NO_MEASURE, PROGRAM, INSTRUMENTED, SMALL, SOURCE, environment

REPLICATES = ["--replicates", "5"]


def variables(path):
    """Every dataset outside /provenance, as bytes or lists."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset) and not name.startswith("provenance"):
            text = h5py.check_string_dtype(item.dtype) is not None
            found[name] = item.asstr()[()].tolist() if text else item[()].tobytes() if item.dtype.kind in "if" else None
    with h5py.File(path) as file:
        file.visititems(visit)
    return found


def numbers(path):
    """The observations and digests of the runs, by name."""
    return {name: value for name, value in variables(path).items() if "/" not in name}


def differing(one, other):
    return sorted(name for name in one if one[name] != other[name])


class SameAnswer(Case):
    def setUp(self):
        super().setUp()
        self.words = ["run", "chongqing", *SMALL, "--set", "city.streets=2", *REPLICATES]

    def run_to(self, name, *words, **more):
        self.cogov(*self.words, "-o", name, *words, **more)
        return self.path(name)

    def assert_same(self, one, other):
        if not filecmp.cmp(one, other, shallow=False):
            self.fail("%s and %s differ in %s" % (one, other, differing(variables(one), variables(other)) or "their form"))

    def test_same_bytes_for_any_number_of_threads(self):
        for replicates in ("1", "5", "6", "12"):
            self.words[-1] = replicates
            one = self.run_to("one%s.h5" % replicates, "-q", "--threads", "1")
            for threads in ("2", "3"):
                with self.subTest(replicates=replicates, threads=threads):
                    self.assert_same(one, self.run_to("r%s-%s.h5" % (replicates, threads), "-q", "--threads", threads))

    def test_same_bytes_for_any_number_of_threads_with_a_table_and_events(self):
        self.write("t.csv", "street,community,city.residents,burden.cut,purchase.budget\nN,a,300,0.5,\nN,b,,,70\nS,a,500,,\nS,b,,0.1,\nS,c,,,\n")
        self.write("x.yaml", "extends: chongqing\ncity: {communities: t.csv, residents: 300}\nevents:\n"
                   "  - {month: 9, set: {purchase.budget: 10, switches: {linkage: off}}}\n  - {month: 20, set: {switches.linkage: on}}\n")
        for replicates in ("1", "3"):
            words = ["run", "x.yaml", "--ticks", "30", "--verify", "-q", "--replicates", replicates]
            self.cogov(*words, "--threads", "1", "-o", "one%s.h5" % replicates)
            for threads in ("2", "3"):
                name = "r%s-%s.h5" % (replicates, threads)
                self.cogov(*words, "--threads", threads, "-o", name)
                self.assert_same(self.path("one%s.h5" % replicates), self.path(name))

    def test_same_bytes_whatever_is_shown_bound_or_verified(self):
        start = time.time()
        quiet = self.run_to("quiet.h5", "-q")
        self.assert_same(quiet, self.run_to("shown.h5"))
        for option in ("--no-bind", "--verify"):
            self.assert_same(quiet, self.run_to("x%s.h5" % option, option))
        self.on_terminal(*self.words, "-o", "terminal.h5")
        self.assert_same(quiet, self.path("terminal.h5"))
        time.sleep(max(0, 1.1 - (time.time() - start)))
        self.assert_same(quiet, self.run_to("later.h5", "-q"))

    def test_same_bytes_wherever_it_is_run(self):
        here = self.run_to("here.h5", "-q")
        shutil.copytree(self.path("scenarios"), self.path("a", "b", "scenarios"))
        self.words[1] = self.path("a", "b", "scenarios", "chongqing.yaml")
        self.assert_same(here, self.run_to("a/other-name.h5", "-q"))
        self.assert_same(here, self.run_to("locale.h5", "-q", env=environment(
            LC_ALL="de_DE.UTF-8", TZ="Asia/Shanghai", HOME="/nowhere", USER="somebody", OMP_NUM_THREADS="7", SLURM_JOB_ID="3")))

    def test_same_bytes_for_every_instruction_set(self):
        plain = self.run_to("plain.h5", "-q")
        found = 0
        for isa in ("v2", "v3", "v4"):
            env = environment(COGOV_ISA=isa)
            if subprocess.run([PROGRAM, "--version"], env=env, capture_output=True).returncode == 2:
                print("skipped: no instruction set %s here" % isa)
                continue
            found += 1
            self.assert_same(plain, self.run_to(isa + ".h5", "-q", env=env))
        if found == 0:
            self.skipTest("one build for this processor")

    def test_same_bytes_without_fma_in_the_c_library(self):
        plain = self.run_to("plain.h5", "-q")
        for text in ("-FMA,-AVX2", "-FMA,-AVX2,-AVX,-AVX512F", "-AVX2_Usable,-FMA_Usable"):
            self.assert_same(plain, self.run_to("x.h5", "-q", "--overwrite",
                                                env=environment(GLIBC_TUNABLES="glibc.cpu.hwcaps=" + text)))
            os.unlink(self.path("x.h5"))

    def test_a_shorter_experiment_is_the_beginning_of_a_longer_one(self):
        self.words[-1] = "6"
        six = self.run_to("six.h5", "-q")
        self.words[-1] = "3"
        three = self.run_to("three.h5", "-q")
        with h5py.File(six) as long, h5py.File(three) as short:
            names = [name for name in short if name in long and isinstance(short[name], h5py.Dataset) and short[name].ndim >= 2]
            self.assertGreater(len(names), 25)
            for name in names:
                numpy.testing.assert_array_equal(short[name][0], long[name][0, :3], name)
            self.assertEqual(len(set(long["run_digest"][0])), 6)

    def test_a_scenario_has_the_same_luck_alone_and_compared(self):
        self.cogov("compare", "ezhou", "chongqing", "-o", "both.h5", "-q", *SMALL, *REPLICATES)
        with h5py.File(self.path("both.h5")) as both:
            self.assertEqual(both["scenario"].asstr()[:].tolist(), ["ezhou", "chongqing"])
            for design, name in enumerate(("ezhou", "chongqing")):
                self.cogov("run", name, "-o", name + ".h5", "-q", *SMALL, *REPLICATES)
                with h5py.File(self.path(name + ".h5")) as alone:
                    self.assertEqual(alone["run_digest"][0].tolist(), both["run_digest"][design].tolist())
            numpy.testing.assert_array_equal(both["residents_by_age"][0], both["residents_by_age"][1])

    def test_the_order_of_scenarios_changes_nothing_else(self):
        self.write("e.yaml", "scenarios: [ezhou, chongqing, ezhou]\n")
        self.cogov("run", "e", "-o", "e.h5", "-q", *SMALL)
        with h5py.File(self.path("e.h5")) as file:
            self.assertEqual(file["scenario"].asstr()[:].tolist(), ["ezhou", "chongqing", "ezhou#2"])
            self.assertEqual(file["run_digest"][0, 0], file["run_digest"][2, 0])
            self.assertNotEqual(file["run_digest"][0, 0], file["run_digest"][1, 0])

    def test_each_place_that_is_added_to_a_city_only_adds(self):
        """Residents differ widely, so if the larger city drew its communities anew, some age group would shrink."""
        people = {}
        for streets in (1, 2, 3):
            for communities in (1, 2, 3, 4):
                self.cogov("run", "base", "-o", "x.h5", "-q", "--overwrite", "--ticks", "1", "--replicates", "4",
                           "--set", "city.residents=lognormal(300, 1)", "--set", "residents.mobility=0",
                           "--set", "city.streets=%d" % streets, "--set", "city.communities=%d" % communities)
                with h5py.File(self.path("x.h5")) as file:
                    people[streets, communities] = file["residents_by_age"][0, :, 0]
        added = lambda s, c: people[s, c] - people.get((s - 1, c), 0) - people.get((s, c - 1), 0) + people.get((s - 1, c - 1), 0)
        for s, c in people:
            community = added(s, c)
            self.assertTrue((community >= 0).all() and (community.sum(axis=1) >= 50).all(), (s, c, community))


class Switches(Case):
    """Common random numbers: a rule whose effect is zero anyway can be switched off, and nothing else changes."""

    # (switch, settings under which the rule has no effect, variables that its definition says differ)
    ROWS = [
        ("linkage", ["linkage.level=0"], []),
        ("trust", ["attitudes.trust_gain=0", "attitudes.trust_loss=0", "attitudes.trust_deep=0", "attitudes.trust_neighbours=0"], []),
        ("identity", ["attitudes.identity_rate=0"], []),
        ("efficacy", ["attitudes.efficacy_rate=0", "attitudes.efficacy_solved=0", "attitudes.efficacy_ignored=0"], []),
        ("cognition", ["attitudes.cognition_shallow=0", "attitudes.cognition_deep=0", "attitudes.cognition_fade=0",
                       "platform.cognition=0"], []),
        ("satisfaction", ["attitudes.satisfaction_rate=0", "attitudes.expectation_rate=0"], []),
        ("needs_arise", ["needs.rate=0"], []),
        ("mobility", ["residents.mobility=0", "residents.settling_time=1", "initial.participation=0"], []),
        ("payment", ["payment.stress=0", "payment.stress_noise=0"], []),
        ("fiscal_stress", ["payment.stress_noise=0"], []),
        ("authority", ["burden.cut=0"], []),
        ("purchase_budget", ["purchase.budget=0"], []),
        ("tender", ["purchase.bid_probability=0"], ["bids"]),
        ("platform_adoption", ["platform.coverage=0"], []),
        ("rumour", ["platform.rumour_rate=0"], []),
        ("privacy", ["platform.leak_rate=0"], []),
        ("neighbours", ["residents.degree=0"], []),
        ("legitimacy", ["government.legitimacy_rate=0"], []),
        ("ambient_quality", ["needs.quality_rate=0"], []),
        ("tickets_escalate", ["tiers.grid_wait=60", "tiers.community_wait=60"], []),
        ("street_desk", ["tiers.street_tickets=10000"], []),
    ]

    def run_with(self, *settings):
        words = [word for setting in settings for word in ("--set", setting)]
        self.cogov("run", "base", "-o", "x.h5", "-q", "--overwrite", *SMALL, "--set", "city.residents=600", "--replicates", "2", *words)
        return numbers(self.path("x.h5"))

    def test_off_is_the_same_as_without_effect(self):
        for switch, settings, exceptions in self.ROWS:
            with self.subTest(switch):
                on, off = self.run_with(*settings), self.run_with(*settings, "switches.%s=off" % switch)
                self.assertEqual([name for name in differing(on, off) if not exceptions or name not in exceptions + ["run_digest"]], [])

    def test_off_matters_where_there_is_an_effect(self):
        busy = ["burden.cut=0.5", "linkage.level=0.5", "platform.rumour_rate=5", "platform.leak_rate=5"]
        usual = self.run_with(*busy)
        for switch, _, _ in self.ROWS:
            with self.subTest(switch):
                self.assertTrue(differing(usual, self.run_with(*busy, "switches.%s=off" % switch)))

    def test_a_switch_of_one_rule_leaves_the_draws_of_others(self):
        """Needs come from draws of their own: whether trust moves does not change the residents nor the first month's needs."""
        usual, off = self.run_with(), self.run_with("switches.trust=off", "switches.fiscal_stress=off", "switches.tender=off")
        self.assertEqual(usual["residents_by_age"], off["residents_by_age"])
        first = lambda found: numpy.frombuffer(found["tickets_opened"], dtype="<i8").reshape(2, 24)[:, 0].tolist()
        self.assertEqual(first(usual), first(off))


class Kept(Case):
    """A run that is stopped, killed, or has no room."""

    LONG = ["run", "base", *CITY, "--set", "city.residents=1500", "--ticks", "60", "--threads", "1", "--replicates", "60", "-o", "x.h5"]

    def hidden(self, folder=""):
        return [name for name in os.listdir(self.path(folder)) if name.endswith(".tmp")]

    def wait_for_progress(self, process, wanted):
        """Reads standard error until so many percent are done."""
        seen = b""
        while True:
            line = process.stderr.readline()
            if not line:
                self.fail("the run ended before %d %%: %s" % (wanted, seen.decode()))
            seen += line
            match = re.match(rb" *(\d+) %", line)
            if match and int(match[1]) >= wanted:
                return

    def stopped(self, words, number, at):
        process = self.start(*words)
        self.wait_for_progress(process, at)
        process.send_signal(number)
        err = process.communicate()[1].decode()
        self.assertEqual(process.returncode, 75, err)
        self.assertIn("x.h5.parts", err)
        return err

    def test_a_stopped_run_goes_on_to_the_same_bytes(self):
        self.cogov(*self.LONG[:-1], "whole.h5", "-q")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            with self.subTest(number.name):
                self.stopped(self.LONG, number, 10)
                self.assertFalse(os.path.exists(self.path("x.h5")))
                shards = glob.glob(self.path("x.h5.parts", "*.h5"))
                self.assertTrue(shards)
                cells = 0
                for shard in shards:
                    with h5py.File(shard) as file:
                        cells += len(file["cell"])
                self.assertGreaterEqual(cells, 5)
                self.stopped(self.LONG, number, 50)
                self.assertGreater(len(glob.glob(self.path("x.h5.parts", "*.h5"))), len(shards))
                err = self.cogov(*self.LONG, "--threads", "2")[1]
                self.assertRegex(err, r"\d+ of 60 cells were finished before")
                self.assertTrue(filecmp.cmp(self.path("whole.h5"), self.path("x.h5"), shallow=False))
                self.assertFalse(os.path.exists(self.path("x.h5.parts")))
                os.unlink(self.path("x.h5"))

    def test_a_damaged_or_foreign_shard_is_not_used(self):
        self.cogov(*self.LONG[:-1], "whole.h5", "-q")
        self.stopped(self.LONG, signal.SIGTERM, 30)
        shard = glob.glob(self.path("x.h5.parts", "*.h5"))[0]
        with open(shard, "r+b") as file:
            file.truncate(os.path.getsize(shard) // 2)
        self.write("x.h5.parts/9999.h5", "not HDF5")
        self.stopped([*self.LONG, "--seed", "2"], signal.SIGTERM, 10)
        err = self.cogov(*self.LONG)[1]
        for part in ("cannot be read", "another experiment"):
            self.assertIn("warning: this shard is not used: ", err)
            self.assertIn(part, err)
        self.assertTrue(filecmp.cmp(self.path("whole.h5"), self.path("x.h5"), shallow=False))

    def test_compare_without_a_file_keeps_nothing_when_stopped(self):
        os.mkdir(self.path("tmp"))
        words = ["compare", "base", "ezhou", *self.LONG[2:-2]]
        process = self.start(*words, env=environment(TMPDIR=self.path("tmp")))
        self.wait_for_progress(process, 10)
        process.terminate()
        err = process.communicate()[1].decode()
        self.assertEqual(process.returncode, 1, err)
        self.assertIn("nothing is kept without -o", err)
        self.assertEqual(os.listdir(self.path("tmp")), [])

    def check_after_kill(self, old, new):
        """The final name holds the old file, the new one, or nothing if there was none."""
        found = self.read("x.h5") if os.path.exists(self.path("x.h5")) else None
        self.assertIn(found, (old, new), "a broken file of %s bytes" % (found and len(found)))
        for shard in glob.glob(self.path("x.h5.parts", "*.h5")):
            h5py.File(shard).close()
        return found == new

    def finish_after_kill(self, words, new):
        self.cogov(*words, "-q")
        self.assertEqual(self.read("x.h5"), new)
        self.assertEqual(self.hidden(), [])
        self.assertFalse(os.path.exists(self.path("x.h5.parts")))

    def old_and_new(self, words):
        """The bytes of another experiment's file under the final name, and those that the words make."""
        self.cogov(*words, "-q", "--overwrite")
        new = self.read("x.h5")
        self.cogov(*words, "-q", "--overwrite", "--seed", "99")
        return self.read("x.h5"), new

    def test_killed_at_a_random_moment(self):
        words = [*self.LONG, "--overwrite"]
        old, new = self.old_and_new(words)
        start = time.time()
        self.cogov(*words, "-q")
        whole = time.time() - start
        luck = random.Random(20)
        for n in range(6):
            self.write("x.h5", old)
            process = self.start(*words, "-q")
            time.sleep(whole * luck.uniform(0, 1.1))
            process.kill()
            process.communicate()
            self.check_after_kill(old, new)
            if n % 2 == 0:
                self.finish_after_kill(words, new)

    def killed_at_call(self, words, number):
        """Kills the program before or after its number-th system call; returns how many it made if it ended before."""
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.restype = ctypes.c_long
        libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        child = os.fork()
        if child == 0:
            try:
                if libc.ptrace(0, 0, None, None) != 0:
                    os._exit(126)
                os.chdir(self.folder)
                os.execve(PROGRAM, [PROGRAM, *words, "-q"], environment(ASAN_OPTIONS="detect_leaks=0"))
            finally:
                os._exit(127)
        stops = 0
        while True:
            status = os.waitpid(child, 0)[1]
            if not os.WIFSTOPPED(status):
                if os.waitstatus_to_exitcode(status) == 126:
                    self.skipTest("no process may be traced here")
                return stops
            if stops == number:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return stops
            stops += 1
            libc.ptrace(24, child, None, None)  # PTRACE_SYSCALL

    def test_killed_at_any_system_call(self):
        words = ["run", "base", *SMALL, "--ticks", "2", "--threads", "1", "--overwrite", "--no-bind", "-o", "x.h5"]
        old, new = self.old_and_new(words)
        whole = self.killed_at_call(words, -1)
        self.assertEqual(self.read("x.h5"), new)
        outcomes = set()

        def killed(number):
            self.write("x.h5", old)
            self.killed_at_call(words, number)
            is_new = self.check_after_kill(old, new)
            outcomes.update((is_new, "temporary" if self.hidden() else "none"))
            outcomes.add("shards" if os.path.exists(self.path("x.h5.parts")) else "none")
            if number % 4 == 0:
                self.finish_after_kill(words, new)
            return is_new

        before, after = 0, whole  # the call that changes what the name stands for lies between
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (before, middle) if killed(middle) else (middle, after)
        for number in sorted(set(range(max(0, after - 200), whole, 12)) | set(range(after - 10, after + 10))):
            killed(number)
        self.assertEqual(outcomes, {False, True, "temporary", "shards", "none"})

    def limited(self, limit):
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    def test_no_room_for_a_file_of_that_size(self):
        words = ["run", "base", *SMALL, *REPLICATES, "--overwrite", "-o", "x.h5"]
        old, new = self.old_and_new(words)
        sizes = [0, 1, 100, 2048, 10000, 40000] + [len(new) * k // 8 for k in range(1, 8)] + [len(new) - 1]
        for size in sizes:
            with self.subTest(size):
                out, err = self.cogov(*words, "-q", status=1, preexec_fn=self.limited(size))
                self.assertIn("File too large", err)
                self.assertRegex(err, r"x\.h5")
                self.assertEqual(self.read("x.h5"), old)
                self.assertEqual(self.hidden(), [])
                for shard in glob.glob(self.path("x.h5.parts", "*.h5")):
                    h5py.File(shard).close()
        self.finish_after_kill(words, new)

    def test_no_room_and_no_file_before(self):
        for size in (0, 5000, 30000, 100000):
            self.cogov("run", "base", *SMALL, *REPLICATES, "-q", "-o", "x.h5", status=1, preexec_fn=self.limited(size))
            self.assertFalse(os.path.exists(self.path("x.h5")))

    def test_a_full_disk(self):
        words = ["run", "base", *SMALL, *REPLICATES, "-q", "-o", "disk/x.h5"]
        self.cogov(*words[:-1], "x.h5")
        whole = os.path.getsize(self.path("x.h5"))
        os.mkdir(self.path("disk"))
        done = 0
        for size in [4096, 65536, 131072, whole // 2, whole]:
            script = 'mount -t tmpfs -o size=%d none disk || exit 99; "$@"; s=$?; ls -A disk; cat disk/x.h5 >/dev/null 2>&1 && s=98; exit $s' % size
            found = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", PROGRAM, *words], cwd=self.folder, env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if found.returncode == 99 or "unshare" in found.stderr:
                self.skipTest("nothing may be mounted here: " + found.stderr.strip())
            self.assertEqual(found.returncode, 1, (size, found))
            self.assertIn("disk full", found.stderr)
            self.assertNotIn(".tmp", found.stdout)
            done += 1
        self.assertEqual(done, 5)

    def test_the_same_results_are_not_made_again(self):
        words = ["run", "base", *SMALL, "-o", "x.h5"]
        self.cogov(*words)
        os.utime(self.path("x.h5"), ns=(10**18, 10**18))
        before = self.read("x.h5")
        for more in ([], ["--overwrite"], ["--threads", "1"], ["--verify", "--no-bind"]):
            err = self.cogov(*words, *more)[1]
            self.assertEqual(err, "x.h5 holds these results already\n")
            self.assertEqual(os.stat(self.path("x.h5")).st_mtime_ns, 10**18)
            self.assertEqual(self.read("x.h5"), before)
        self.assertEqual(self.cogov(*words, "-q"), ("", ""))

    def test_other_results_are_not_replaced_unasked(self):
        words = ["run", "base", *SMALL, "-o", "x.h5", "-q"]
        self.cogov(*words)
        before = self.read("x.h5")
        for more in (["--seed", "2"], ["--ticks", "23"], ["--replicates", "2"], ["--burn-in", "3"], ["--set", "burden.cut=0.1"]):
            with self.subTest(more):
                self.assertIn("--overwrite", self.cogov(*words, *more, status=2)[1])
                self.assertEqual(self.read("x.h5"), before)
        self.cogov(*words, "--seed", "2", "--overwrite")
        self.assertNotEqual(self.read("x.h5"), before)
        self.cogov(*words, "--overwrite")
        self.assertEqual(self.read("x.h5"), before)

    def test_a_file_that_is_none_of_ours_is_not_replaced_unasked(self):
        for content in (b"a letter\n", b"", b"\x89HDF\r\n\x1a\n" + bytes(100)):
            self.write("x.h5", content)
            self.assertIn("x.h5 exists", self.cogov("run", "base", *SMALL, "-o", "x.h5", status=2)[1])
            self.assertEqual(self.read("x.h5"), content)
        with h5py.File(self.path("x.h5"), "w") as file:
            file["a"] = 1
        self.cogov("run", "base", *SMALL, "-o", "x.h5", status=2)
        self.cogov("run", "base", *SMALL, "-o", "x.h5", "-q", "--overwrite")
        h5py.File(self.path("x.h5")).close()

    def test_temporaries_of_the_dead_are_swept(self):
        dead = subprocess.Popen(["true"])
        dead.wait()
        words = ["run", "base", *SMALL, "-o", "x.h5", "-q"]
        host = socket.gethostname()
        ours, living = ".x.h5.%s-%d.tmp" % (host, dead.pid), ".x.h5.%s-%d.tmp" % (host, os.getpid())
        others = [living, ".y.h5.%s-%d.tmp" % (host, dead.pid), ".x.h5.another-%d.tmp" % dead.pid, ".x.h5.tmp"]
        for again in (False, True):
            for name in [ours, *others]:
                self.write(name, "half")
            self.cogov(*words)
            self.assertEqual(sorted(self.hidden()), sorted(others), "the results were there" if again else "")

    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_a_run_without_memory_says_so_and_can_go_on(self):
        words = ["run", "base", "--set", "city.streets=20", "--set", "city.residents=20000", "--ticks", "2",
                 "--threads", "1", "-o", "x.h5"]
        limit = 200 << 20
        err = self.cogov(*words, status=1, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))[1]
        self.assertIn("not enough memory", err)
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(file["run_error"].asstr()[()].tolist(), [["not enough memory"]])
        self.assertIn("cells failed", self.cogov(*words, status=1)[1])
        self.cogov("retry", "x.h5.parts", "--failed", "-q")
        self.cogov(*words[:-1], "y.h5", "-q")
        self.assertTrue(filecmp.cmp(self.path("x.h5"), self.path("y.h5"), False))
        self.assertFalse(os.path.exists(self.path("x.h5.parts")))


class ResultsFile(Case):
    def setUp(self):
        super().setUp()
        self.cogov("compare", "ezhou", "chongqing", "-o", "x.h5", "-q", *SMALL, *REPLICATES)

    def test_xarray_opens_it_without_being_told_anything(self):
        import xarray
        for engine in (None, "netcdf4", "h5netcdf"):
            with self.subTest(engine):
                options = {"engine": engine} if engine else {}
                with xarray.open_dataset(self.path("x.h5"), **options) as data:
                    self.assertEqual(data.participation.dims, ("design", "replicate", "tick"))
                    self.assertEqual(data.participation.shape, (2, 5, 24))
                    self.assertEqual(data.participation.units, "1")
                    self.assertEqual(data.participation_by_depth.dims[3], "depth")
                    self.assertEqual(data.depth.values.tolist(), ["none", "attend", "volunteer", "deliberate", "decide"])
                    self.assertEqual(data.age_group.values.tolist(), ["18", "30", "40", "50", "60", "70+"])
                    self.assertEqual(data.need.values.tolist(), ["public", "special", "personal", "developmental"])
                    self.assertEqual(data.tier.values.tolist(), ["grid", "community", "street"])
                    self.assertEqual(data.work.values.tolist(), ["administrative", "self-governance", "service"])
                    self.assertEqual(data.tick.values.tolist(), list(range(1, 25)))
                    self.assertEqual(data.replicate.values.tolist(), list(range(5)))
                    self.assertEqual(data.scenario.values.tolist(), ["ezhou", "chongqing"])
                    self.assertIn("重庆", str(data.title.values[1]))
                    self.assertEqual(data.tickets_opened.dtype, numpy.dtype("int64"))
                    self.assertEqual(data.run_status.values.tolist(), [[0] * 5] * 2)
                    self.assertEqual(data.run_error.values.tolist(), [[""] * 5] * 2)
                    for name, variable in data.data_vars.items():
                        self.assertNotIn(variable.dtype.kind, "mM", name)
                        if variable.ndim > 2:
                            self.assertTrue(variable.attrs["units"], name)
                            self.assertTrue(variable.attrs["long_name"], name)
                            self.assertTrue(variable.attrs["cell_methods"], name)
                    chosen = data.participation.mean("replicate").swap_dims(design="scenario").sel(scenario="chongqing")
                    self.assertEqual(chosen.sizes["tick"], 24)
                    with xarray.open_dataset(self.path("x.h5"), group="summary", **options) as summary:
                        self.assertEqual(summary.participation.dims, ("design", "statistic", "tick"))
                        got = summary.participation.sel(statistic="mean").values
                        numpy.testing.assert_allclose(got, data.participation.values.mean(axis=1), rtol=1e-12)
                        got = summary.tickets_closed.sel(statistic="sd").values
                        numpy.testing.assert_allclose(got, data.tickets_closed.values.std(axis=1, ddof=1), rtol=1e-12)
                        got = summary.satisfaction.sel(statistic="half_width_95").values
                        wanted = data.satisfaction.values.std(axis=1, ddof=1) / numpy.sqrt(5) * 2.7764451051977934
                        numpy.testing.assert_allclose(got, wanted, rtol=1e-9)
                        got = summary.trust.sel(statistic="q25").values
                        numpy.testing.assert_allclose(got, numpy.quantile(data.trust.values, 0.25, axis=1), rtol=1e-12)
                        self.assertEqual(summary.scenario.values.tolist(), ["ezhou", "chongqing"])

    def test_nothing_is_masked(self):
        import xarray
        with xarray.open_dataset(self.path("x.h5")) as data, h5py.File(self.path("x.h5")) as file:
            for name in data.data_vars:
                variable = file[name]
                if variable.dtype.kind not in "if":
                    continue
                numpy.testing.assert_array_equal(data[name].values, variable[()], name)
                if "valid_range" in variable.attrs:
                    low, high = variable.attrs["valid_range"]
                    values = variable[()][~numpy.isnan(variable[()])]
                    self.assertTrue(((values >= low) & (values <= high)).all(), name)

    def test_h5dump_and_ncdump_read_all_of_it(self):
        dump = subprocess.run(["h5dump", "x.h5"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((dump.returncode, dump.stderr), (0, ""))
        self.assertIn('DATASET "participation"', dump.stdout)
        dump = subprocess.run(["ncdump", "x.h5"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((dump.returncode, dump.stderr), (0, ""))
        for text in ("double participation(design, replicate, tick) ;", "int64 tickets_opened(design, replicate, tick) ;",
                     "string scenario(design) ;", "participation:units = \"1\" ;", "group: summary {", "group: config {"):
            self.assertIn(text, dump.stdout)

    def test_types_are_those_that_every_reader_has(self):
        def check(name, item):
            for key in item.attrs:
                if key in ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"):
                    continue
                kind = item.attrs.get_id(key).get_type()
                if isinstance(kind, h5py.h5t.TypeStringID):
                    self.assertFalse(kind.is_variable_str(), (name, key))
                    self.assertEqual(kind.get_cset(), h5py.h5t.CSET_UTF8, (name, key))
                else:
                    self.assertIsInstance(kind, (h5py.h5t.TypeIntegerID, h5py.h5t.TypeFloatID), (name, key))
            if isinstance(item, h5py.Dataset):
                kind = item.id.get_type()
                if isinstance(kind, h5py.h5t.TypeStringID):
                    self.assertTrue(kind.is_variable_str(), name)
                    self.assertEqual(kind.get_cset(), h5py.h5t.CSET_UTF8, name)
                else:
                    self.assertIsInstance(kind, (h5py.h5t.TypeIntegerID, h5py.h5t.TypeFloatID), name)
                    self.assertIn(kind.get_order(), (h5py.h5t.ORDER_LE, h5py.h5t.ORDER_NONE), name)
                if b"DIMENSION_SCALE" != item.attrs.get("CLASS") and item.ndim > 0:
                    self.assertTrue(all(len(dimension) == 1 for dimension in item.dims), name)
        with h5py.File(self.path("x.h5")) as file:
            file.visititems(check)
            check("/", file)
            self.assertEqual(file["participation"].compression, "gzip")
            self.assertTrue(file["participation"].shuffle)

    def test_it_says_nothing_of_host_path_or_time(self):
        content = self.read("x.h5")
        words = [self.folder, SOURCE, os.path.dirname(PROGRAM), "/tmp/", time.strftime("%Y-%m-%d"), time.strftime("%b %d"), "x.h5"]
        if len(socket.gethostname()) > 3:
            words.append(socket.gethostname())
        for word in words:
            self.assertNotIn(word.encode(), content, word)
        with h5py.File(self.path("x.h5")) as file:
            self.assertTrue(all(file["provenance"].attrs[name] for name in ("version", "compiler") if name in file["provenance"].attrs))
            self.assertIn("version", " ".join(file["provenance"].attrs))

    def test_the_file_alone_can_be_run_again(self):
        os.mkdir(self.path("again"))
        with h5py.File(self.path("x.h5")) as file:
            config = file["config"]
            seed, replicates = int(config.attrs["seed"]), int(config.attrs["replicates"])
            ticks, burn_in = int(config.attrs["ticks"]), int(config.attrs["burn_in"])
            for design, text in enumerate(config["resolved"].asstr()):
                self.write("again/%s.yaml" % file["scenario"].asstr()[design], text)
            self.write("again/all.yaml", "scenarios: [ezhou, chongqing]\nseed: %d\nreplicates: %d\nticks: %d\nburn_in: %d\n"
                       % (seed, replicates, ticks, burn_in))
            for stem, text in zip(config["file_stem"].asstr(), config["file_text"].asstr()):
                self.write("given/%s.yaml" % stem, text)
            given = [word for setting in config["settings"].asstr() for word in ("--set", setting)]
        self.cogov("run", "again/all.yaml", "-q", "-o", "again.h5")
        self.assertEqual(numbers(self.path("again.h5")), numbers(self.path("x.h5")))
        self.assertEqual(variables(self.path("again.h5"))["config/resolved"], variables(self.path("x.h5"))["config/resolved"])
        shutil.rmtree(self.path("scenarios"))
        self.cogov("compare", "given/ezhou", "given/chongqing", "-q", "-o", "given.h5", "--seed", str(seed), "--replicates",
                   str(replicates), "--ticks", str(ticks), "--burn-in", str(burn_in), *given)
        self.assertEqual(self.read("given.h5"), self.read("x.h5"))

    def test_every_model_writes_such_a_file(self):
        import xarray
        for model in ("influence", "null"):
            self.write("m.yaml", "model: '%s'\ntitle: \"quote \\\" and \\\\, 中文\"\ncity: {communities: 2, residents: 50}\n" % model)
            self.cogov("run", "m.yaml", "-q", "-o", model + ".h5", "--ticks", "3")
            with xarray.open_dataset(self.path(model + ".h5")) as data:
                self.assertEqual(data.sizes["tick"], 3)
                self.assertEqual(str(data.title.values[0]), 'quote " and \\, 中文')
            with h5py.File(self.path(model + ".h5")) as file:
                self.write("n.yaml", file["config/resolved"].asstr()[0])
            self.cogov("run", "n.yaml", "-q", "-o", model + "2.h5", "--ticks", "3")
            one, other = numbers(self.path(model + ".h5")), numbers(self.path(model + "2.h5"))
            self.assertEqual(differing(one, other), ["scenario"])


if __name__ == "__main__":
    unittest.main()
