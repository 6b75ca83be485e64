"""cogov slurm: what the script asks for, and how it treats signals, with stand-ins for the program and for scontrol. What a
real Slurm makes of it is in test_slurm_jobs.py.
"""
import os
import re
import shlex
import signal
import stat
import subprocess
import time
import unittest

from harness import CITY, INSTRUMENTED, NO_MEASURE, PROGRAM, SMALL, Case, environment

# Counts its starts and the signals it gets; ends with STATUS at once, or with 75 when it is told to.
STAND_IN = """#!/bin/bash
echo "$@" >>"$NOTES/starts"
trap 'echo USR1 >>"$NOTES/signals"; sleep 0.3; exit 75' USR1
trap 'echo TERM >>"$NOTES/signals"' TERM
[ -z "$STATUS" ] || exit "$STATUS"
touch "$NOTES/ready"
for i in $(seq 200); do sleep 0.05; done
"""

SCONTROL = """#!/bin/bash
echo "$@" >>"$NOTES/scontrol"
exit "${SCONTROL_STATUS:-0}"
"""


def directives(script):
    """What the #SBATCH lines say, by name."""
    return {name: text.strip('"') for name, text in re.findall(r"(?m)^#SBATCH --([a-z-]+)(?:=(.*))?$", script)}


def wait_until(what, seconds=60):
    end = time.time() + seconds
    while not what():
        if time.time() > end:
            return False
        time.sleep(0.05)
    return True


class Script(Case):
    def script(self, *words, **more):
        return self.cogov("slurm", "base", *SMALL, "-o", "results.h5", *words, **more)[0]

    def refused(self, *words):
        out, err = self.cogov("slurm", *words, status=2)
        self.assertEqual(out, "")
        return err

    def test_what_it_asks_for(self):
        asked = directives(self.script("--replicates", "8", "--array", "4", "--threads", "2", "--max-walltime", "12h"))
        self.assertRegex(asked.pop("mem-per-cpu"), "^[1-9][0-9]+M$")
        self.assertEqual(asked, {
            "job-name": "results", "output": "results.h5.slurm-%A_%a.log", "open-mode": "append", "array": "1-4", "ntasks": "1",
            "cpus-per-task": "2", "time": "12:00:00", "signal": "B:USR1@120", "requeue": ""})
        asked = directives(self.script("--replicates", "8", "--mpi", "4"))
        self.assertEqual([asked[name] for name in ("ntasks", "cpus-per-task", "time", "output")],
                         ["4", "1", "01:00:00", "results.h5.slurm-%j.log"])
        self.assertNotIn("array", asked)

    def test_the_grace_fits_a_short_limit_and_the_program_ends_before(self):
        for limit, time_limit, grace, walltime in (("30s", "00:01:00", 15, 53), ("61s", "00:02:00", 30, 105),
                                                   ("2d", "48:00:00", 120, 172740)):
            with self.subTest(limit):
                script = self.script("--max-walltime", limit)
                self.assertEqual(directives(script)["time"], time_limit)
                self.assertEqual(directives(script)["signal"], "B:USR1@%d" % grace)
                self.assertIn("--max-walltime %ds" % walltime, script)

    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_memory_covers_the_run_and_grows_with_the_city_and_the_threads(self):
        city = ["--set", "city.streets=1", "--set", "city.communities=200", "--set", "city.residents=5000"]
        run = ["base", *city, "--ticks", "3", "--replicates", "4", "-o", "results.h5"]

        def mebibytes(threads):
            asked = directives(self.cogov("slurm", *run, "--threads", str(threads))[0])
            return int(asked["mem-per-cpu"][:-1]) * threads
        self.assertGreater(mebibytes(2), mebibytes(1))
        self.assertGreater(mebibytes(1), int(directives(self.script("--threads", "1"))["mem-per-cpu"][:-1]))
        process = self.start("run", *run, "--threads", "2", stderr=subprocess.DEVNULL)
        process.stdout.close()
        used = os.wait4(process.pid, 0)[2].ru_maxrss / 1024
        process.returncode = 0
        self.assertLess(used, mebibytes(2))
        self.assertGreater(used, mebibytes(2) / 8)

    def test_a_batch_job_without_shares_uses_threads_but_no_more_than_cells(self):
        self.assertEqual(directives(self.script())["cpus-per-task"], "1")
        self.assertNotIn("--shard", self.script())
        self.assertNotIn("mpirun", self.script())

    def test_options_are_passed_on(self):
        words = ["--set", "purchase.quality_weight=0.5", "--by", "community", "--by", "street", "--histories", "3", "--seed", "7",
                 "--replicates", "5", "--burn-in", "6", "--checkpoint", "12months", "--on-failure", "stop-after:3", "--overwrite",
                 "--verify", "--save-state", "my state"]
        script = self.script(*words)
        given = shlex.split(re.search(r"(?s)\S*cogov run .*?&\n", script).group(0))
        for i in range(0, len(words)):
            self.assertIn(words[i], given)
        self.assertIn("24", given)
        self.assertEqual(given[-3:], ["--", "base", "&"])
        self.cogov("run", "base", *SMALL, "-q", "-o", "before.h5", "--ticks", "12", "--save-state", "my state")
        given = shlex.split(self.script("--start-from", "my state"))
        self.assertEqual(given[given.index("--start-from") + 1], "my state")
        self.assertIn("--checkpoint off", self.script("--checkpoint", "off"))
        self.assertIn("--checkpoint 90s", self.script("--checkpoint", "1.5min"))

    def test_faults_are_told_as_by_run(self):
        self.assertIn("did you mean", self.refused("base", "-o", "r.h5", "--set", "purchase.qualty_weight=1"))
        self.assertIn("-o results.h5", self.refused("base"))
        self.assertIn("choose one", self.refused("base", "-o", "r.h5", "--array", "2", "--mpi", "2"))
        self.assertIn("--array 5 is more than there is to share, 4 cells", self.refused("base", "-o", "r.h5", "--array", "5",
                                                                                      "--replicates", "4"))
        self.assertIn("nowhere", self.refused("base", "-o", "nowhere/r.h5"))
        self.assertIn("control character", self.refused("base", "-o", "r\n#SBATCH --exclusive.h5"))

    def test_it_is_a_script_that_the_shell_accepts_whatever_the_names(self):
        name = "it's a \"$(touch x)\" #%j 中文.h5"
        self.write("s p'e c.yaml", "extends: base\n")
        script = self.cogov("slurm", "s p'e c.yaml", *CITY, "-o", name, "--set", "city.streets=1")[0]
        subprocess.run(["bash", "-n"], input=script.encode(), check=True)
        self.assertIn(r'''#SBATCH --output="it's a \"$(touch x)\" #%%j 中文.h5.slurm-%j.log"''' + "\n", script)
        self.assertIn("results=" + shlex.quote(name).replace("'\"'\"'", "'\\''"), script)
        self.assertEqual(self.names(), ["s p'e c.yaml"])


class Signals(Case):
    """The script by itself, with stand-ins."""

    def setUp(self):
        super().setUp()
        for name, text in (("bin/cogov", STAND_IN), ("bin/scontrol", SCONTROL)):
            os.chmod(self.write(name, text), stat.S_IRWXU)
        os.mkdir(self.path("notes"))
        words = ["cogov", "slurm", "base", *SMALL, "-o", "r's.h5", "--replicates", "4"]
        self.scripts = {}
        for name, more in (("plain", []), ("array", ["--array", "4"])):
            made = subprocess.run(words + more, executable=PROGRAM, cwd=self.folder, env=environment(), stdout=subprocess.PIPE,
                                  check=True)
            self.scripts[name] = self.write(name + ".sh", made.stdout)

    def begin(self, script="plain", **changes):
        env = environment(PATH=self.path("bin") + ":" + os.environ["PATH"], NOTES=self.path("notes"), SLURM_JOB_ID="77",
                          SLURM_ARRAY_JOB_ID="70", SLURM_ARRAY_TASK_ID="3", SLURM_CPUS_PER_TASK="1", **changes)
        return subprocess.Popen(["bash", self.scripts[script]], cwd=self.folder, env=env, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def notes(self, name):
        return self.read("notes/" + name).decode().splitlines() if os.path.exists(self.path("notes", name)) else []

    def tell(self, *signals, script="plain", **changes):
        """Sends them to the shell of a running job, as Slurm does; returns its status and output."""
        job = self.begin(script, **changes)
        self.assertTrue(wait_until(lambda: os.path.exists(self.path("notes", "ready"))))
        for number in signals:
            job.send_signal(number)
            time.sleep(0.1)
        out = job.communicate(timeout=30)[0].decode()
        return job.returncode, out

    def test_a_status_is_passed_on(self):
        for status in (0, 1, 2):
            job = self.begin(STATUS=str(status))
            job.communicate(timeout=30)
            self.assertEqual(job.returncode, status)
        self.assertEqual(self.notes("scontrol"), [])

    def test_the_time_limit_reaches_the_program_once_and_the_job_queues_again(self):
        status, out = self.tell(signal.SIGUSR1, signal.SIGUSR1)
        self.assertEqual(status, 75, out)
        self.assertEqual(self.notes("signals"), ["USR1"])
        self.assertEqual(self.notes("scontrol"), ["requeue 77"])
        self.assertEqual(len(self.notes("starts")), 1)

    def test_of_an_array_its_own_task_queues_again(self):
        self.tell(signal.SIGUSR1, script="array")
        self.assertEqual(self.notes("scontrol"), ["requeue 70_3"])
        self.assertIn("--shard 3/4", self.notes("starts")[0])

    def test_a_program_that_stops_by_itself_before_the_limit_queues_again(self):
        self.begin(STATUS="75").communicate(timeout=30)
        self.assertEqual(self.notes("scontrol"), ["requeue 77"])

    def test_one_that_was_told_before_it_could_listen_queues_again(self):
        self.write("bin/cogov", STAND_IN.replace("exit 75' USR1", "' USR1").replace("touch", "trap - USR1; touch"))
        status, out = self.tell(signal.SIGUSR1)
        self.assertEqual(status, 75, out)
        self.assertEqual(self.notes("scontrol"), ["requeue 77"])

    def test_who_cancels_a_job_does_not_find_it_in_the_queue_again(self):
        status, out = self.tell(signal.SIGTERM)
        self.assertEqual(status, 75, out)
        self.assertEqual(self.notes("signals"), ["USR1"])
        self.assertEqual(self.notes("scontrol"), [])

    def test_a_stop_file_keeps_it_out_of_the_queue(self):
        self.write("r's.h5.parts/stop", "")
        status, out = self.tell(signal.SIGUSR1)
        self.assertEqual(status, 75, out)
        self.assertEqual(self.notes("scontrol"), [])

    def test_where_requeueing_is_not_allowed_it_says_what_to_do(self):
        status, out = self.tell(signal.SIGUSR1, SCONTROL_STATUS="1")
        self.assertEqual(status, 75)
        self.assertIn("submit again", out)
