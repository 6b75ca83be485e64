"""The scripts of cogov slurm on a real Slurm of one node, which tests/slurm.sh starts; skipped where it cannot.

However the work was shared, cut off and taken up again, the results file is that of a run at one stretch, byte for byte.
"""
import filecmp
import os
import random
import re
import resource
import shutil
import subprocess
import tempfile
import time
import unittest

from harness import MPIRUN, PROGRAM, SOURCE, Case, environment

STARTER = os.path.join(SOURCE, "tests", "slurm.sh")
WORK = 12  # seconds of one processor, about; long enough to be caught in
CHECK = 30  # seconds between Slurm's looks at the time limits, counted from its start
LAST = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY"}
CITY = ["--set", "city.streets=1", "--set", "city.communities=8", "--set", "city.residents=2000", "--ticks", "60"]
NAME = "it's \"50%\" # 中文.h5"


class Jobs(Case):
    @classmethod
    def setUpClass(cls):
        missing = subprocess.run([STARTER, "check"], stderr=subprocess.PIPE)
        if missing.returncode != 0:
            raise unittest.SkipTest(missing.stderr.decode().strip())
        cls.slurm = tempfile.mkdtemp(prefix="cogov-slurm-")
        cls.addClassCleanup(shutil.rmtree, cls.slurm, True)
        cls.addClassCleanup(subprocess.run, [STARTER, "stop", cls.slurm])
        cls.started = time.monotonic()
        subprocess.run([STARTER, "start", cls.slurm], check=True, stdout=subprocess.DEVNULL)
        cls.env = environment(SLURM_CONF=os.path.join(cls.slurm, "slurm.conf"), OMPI_ALLOW_RUN_AS_ROOT="1",
                              OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        cls.make_reference()

    @classmethod
    def make_reference(cls):
        """The run at one stretch, of so many cells that it takes WORK."""
        def run(replicates, threads):
            start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            cls.words = ["base", *CITY, "--replicates", str(replicates)]
            cls.reference = os.path.join(cls.slurm, "%d.h5" % replicates)
            subprocess.run([PROGRAM, "run", *cls.words, "-q", "--threads", threads, "-o", cls.reference], check=True,
                           cwd=SOURCE, env=environment())
            return (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - start) / replicates
        cell = run(8, "1")
        run(max(16, min(2000, int(WORK / cell))), "2")

    def script(self, *words, name="results.h5"):
        """A batch script for the work of the reference."""
        return self.write("job.sh", self.cogov("slurm", *self.words, "-o", name, *words)[0])

    def slurm_says(self, *words):
        done = subprocess.run(words, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, "%s: %s" % (words, done.stdout.decode()))
        return done.stdout.decode()

    def submit(self, *words):
        return re.search(r"batch job (\d+)", self.slurm_says("sbatch", *words)).group(1)

    def tasks(self, job):
        """What Slurm knows of each task of a job: a dictionary of texts."""
        lines = self.slurm_says("scontrol", "show", "job", "-o", job).splitlines()
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]

    def logs(self):
        names = [name for name in self.names() if ".slurm-" in name]
        return "\n".join("%s:\n%s" % (name, self.read(name).decode()) for name in names)

    def wait(self, job, until, seconds=150):
        end = time.monotonic() + seconds
        while not until(self.tasks(job)):
            if time.monotonic() > end:
                self.fail("job %s: %s\n%s" % (job, self.tasks(job), self.logs()))
            time.sleep(0.2)
        return self.tasks(job)

    def wait_for_task(self, job, task):
        """Until its program is at work, finished cells and all."""
        log = "results.h5.slurm-%s_%s.log" % (job, task)
        self.wait(job, lambda tasks: log in self.names() and b"begin" in self.read(log))
        time.sleep(1)
        return log

    def finish(self, job):
        return self.wait(job, lambda tasks: all(task["JobState"] in LAST for task in tasks))

    def assert_finished(self, tasks, name="results.h5"):
        self.assertEqual({task["JobState"] for task in tasks}, {"COMPLETED"}, self.logs())
        self.assertTrue(filecmp.cmp(self.path(name), self.reference, shallow=False), self.logs())
        self.assertFalse(os.path.exists(self.path(name + ".parts")))

    def kill_until_done(self, *words):
        chance = random.Random(3)
        for kills in range(100):
            process = self.start(*words)
            try:
                err = process.communicate(timeout=chance.uniform(1.5, 3.5))[1].decode()
                self.assertEqual(process.returncode, 0, err)
                return kills
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        self.fail("it makes no progress")

    def test_five_ways_to_the_same_bytes(self):
        """One experiment by one thread, by two, by three processes of MPI, by an array of four tasks, and killed every few
        seconds."""
        self.write("five.yaml", "scenarios: [chongqing, southern-jiangsu]\nseed: 7\nticks: 48\ndesign: sobol\npoints: 8\n"
                   "vary: {purchase.quality_weight: [0, 1], burden.cut: [0, 0.5]}\n"
                   "stop: {half_width: {participation: 0.004}, min: 4, max: 8}\n")
        words = ["five.yaml", "--set", "city.streets=1", "--set", "city.communities=4", "--set", "city.residents=2500", "-q"]
        self.cogov("run", *words, "-o", "one.h5", "--threads", "1")
        self.cogov("run", *words, "-o", "two.h5", "--threads", "2")
        if MPIRUN:
            self.mpirun(3, "run", *words, "-o", "mpi.h5", "--threads", "1")
        kills = self.kill_until_done("run", *words, "-o", "killed.h5", "--threads", "1")
        script = self.write("array.sh", self.cogov("slurm", *words[:-1], "-o", "array.h5", "--array", "4")[0])
        self.assertEqual({task["JobState"] for task in self.finish(self.submit(script))}, {"COMPLETED"}, self.logs())
        self.assertGreaterEqual(kills, 1)
        made = [name for name in self.names() if name.endswith(".h5")]
        self.assertEqual(len(made), 4 + bool(MPIRUN))
        for name in made:
            self.assertTrue(filecmp.cmp(self.path("one.h5"), self.path(name), False), name)

    def test_a_task_that_is_cancelled_goes_on_when_it_is_submitted_again(self):
        script = self.script("--array", "4")
        job = self.submit(script)
        log = self.wait_for_task(job, 2)
        self.slurm_says("scancel", job + "_2")
        tasks = {task["ArrayTaskId"]: task for task in self.finish(job)}
        self.assertEqual([tasks[i]["JobState"] for i in "1234"], ["COMPLETED", "CANCELLED", "COMPLETED", "COMPLETED"], self.logs())
        self.assertIn("end, status 75", self.read(log).decode())
        self.assertEqual(tasks["2"]["Restarts"], "0")
        self.assertNotIn("results.h5", self.names())
        self.assert_finished(self.finish(self.submit("--array=2", script)))

    def test_a_stop_file_ends_all_tasks_and_none_queues_again(self):
        script = self.script("--array", "4")
        job = self.submit(script)
        self.wait_for_task(job, 2)
        stop = self.write("results.h5.parts/stop", "")
        tasks = self.finish(job)
        self.assertEqual([(task["JobState"], task["ExitCode"], task["Restarts"]) for task in tasks], [("FAILED", "75:0", "0")] * 4,
                         self.logs())
        os.remove(stop)
        self.assert_finished(self.finish(self.submit(script)))

    def test_a_job_at_its_time_limit_queues_again_and_finishes(self):
        script = self.script("--threads", "1", "--max-walltime", "1min", name=NAME)
        passed = (time.monotonic() - self.started) % CHECK
        time.sleep((CHECK - WORK / 2 - passed) % CHECK)  # the next look at time limits comes in the middle
        job = self.submit("--signal=B:USR1@50", script)
        tasks = self.finish(job)
        self.assert_finished(tasks, NAME)
        self.assertIn("%s.slurm-%s.log" % (NAME, job), self.names())
        self.assertGreaterEqual(int(tasks[0]["Restarts"]), 1)
        self.assertRegex(self.logs(), r"(?s)begin, restart 0.*end, status 75.*begin, restart 1.*end, status 0")

    def test_mpi_processes_give_the_same_bytes(self):
        if not MPIRUN:
            self.skipTest("no mpirun, or cogov was built without MPI")
        self.assert_finished(self.finish(self.submit(self.script("--mpi", "2"))))
