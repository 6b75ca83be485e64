"""Whatever call fails, at whatever moment: a clear error, no broken file, and the same command goes on."""
import filecmp
import os
import shutil
import subprocess
import unittest

from harness import MPIRUN, Case, environment

FAULTS = os.environ.get("COGOV_FAULTS")  # the library of faults.c
WORDS = ["run", "small.yaml", "-o", "results.h5", "--replicates", "3", "--ticks", "3", "--threads", "1", "--quiet", "--checkpoint",
         "1months"]
MOST = 4000


@unittest.skipUnless(FAULTS and os.path.exists(FAULTS), "no library of faults in this build")
class Faults(Case):
    def setUp(self):
        super().setUp()
        self.write("small.yaml", "model: influence\ncity: {communities: 1, residents: 40}\n")
        self.cogov(*WORDS[:3], "reference.h5", *WORDS[4:])

    def fails(self, fault):
        """Runs with a fault. Whether there were so many calls that it occurred."""
        process = self.start(*WORDS, env=environment(LD_PRELOAD=FAULTS, FAULT=fault, FAULT_HIT=self.path("hit")))
        err = process.communicate(timeout=60)[1].decode()
        self.assertIn(process.returncode, (0, 1, 2), "%s: %s" % (fault, err))
        if process.returncode != 0:
            self.assertRegex(err, "error|cogov: ", "%s: it does not say why" % fault)
        if not os.path.exists(self.path("hit")):
            self.assertEqual(process.returncode, 0, err)
            return False
        os.remove(self.path("hit"))
        return True

    def complete(self, fault):
        """After a fault: the file is there whole, or not at all; and the same command makes it."""
        results = self.path("results.h5")
        if os.path.exists(results):
            self.assertTrue(filecmp.cmp(results, self.path("reference.h5"), False), "%s left a broken file" % fault)
        self.cogov(*WORDS)
        self.assertTrue(filecmp.cmp(results, self.path("reference.h5"), False), "%s: not the same after all" % fault)
        left = [name for name in self.names() if name not in ("reference.h5", "reference.h5.log", "results.h5", "results.h5.log", "small.yaml")]
        os.remove(results)
        return left

    def every(self, function, more="", step=1):
        for n in range(1, MOST, step):
            fault = "%s:%d%s" % (function, n, more)
            hit = self.fails(fault)
            left = self.complete(fault)
            if not hit:
                self.assertEqual(left, [])
                return n - 1
        self.fail("%s is called more than %d times" % (function, MOST))

    def test_every_write(self):
        self.assertGreater(self.every("pwrite"), 20)

    def test_a_disk_that_is_full_from_any_write_on(self):
        self.assertGreater(self.every("pwrite", "+", 3), 20)

    def test_every_flush(self):
        self.assertGreater(self.every("fsync"), 4)

    def test_every_name(self):
        self.assertGreater(self.every("rename") + self.every("link"), 2)

    def test_every_close(self):
        self.assertGreater(self.every("close"), 10)

    def test_checkpoints_that_cannot_be_written_are_told_once(self):
        process = self.start(*WORDS, env=environment(LD_PRELOAD=FAULTS, FAULT="pwrite:1+"))
        err = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 1, err)
        self.assertEqual(err.count(".checkpoint"), 1, err)

    def test_every_change_of_size(self):
        self.every("ftruncate")
        self.every("unlink")


@unittest.skipUnless(MPIRUN and FAULTS and os.path.exists(FAULTS), "built without MPI, or no library of faults")
class OneOfThree(Case):
    """What fails in one process of three ends all of them, with the status of an error."""

    def setUp(self):
        super().setUp()
        self.write("small.yaml", "model: cogov\ncity: {streets: 1, communities: 3, residents: 1500}\n")
        self.words = ["run", "small.yaml", "-o", "results.h5", "--threads", "1", "--quiet"]

    def fails(self, fault, *words):
        """Runs with a fault in the second process; the status, None if it did not occur, and what was said."""
        process = self.start_mpi(3, *self.words, *words, env=environment(LD_PRELOAD=FAULTS, FAULT=fault, FAULT_RANK="1", FAULT_HIT=self.path("hit")))
        try:
            err = process.communicate(timeout=60)[1].decode()
        except subprocess.TimeoutExpired:
            process.terminate()
            process.communicate()
            self.fail("%s: they wait for each other" % fault)
        hit = os.path.exists(self.path("hit"))
        for name in ("hit", "results.h5"):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        shutil.rmtree(self.path("results.h5.parts"), True)
        return (process.returncode if hit else None), err

    def test_a_full_disk_is_an_error(self):
        for _ in range(3):  # whichever process hears of it first
            status, err = self.fails("rename:1+", "--replicates", "24", "--ticks", "60")
            self.assertEqual(status, 1, err)

    def test_memory_that_ends_before_the_cells(self):
        for n in range(60, 120, 4):
            status, err = self.fails("aligned_alloc:%d" % n, "--replicates", "6", "--ticks", "3")
            self.assertIn(status, (None, 0, 1, 2), err)


if __name__ == "__main__":
    unittest.main()
