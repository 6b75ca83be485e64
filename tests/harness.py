"""What the tests of the program share: running it, on pipes or on a terminal, in a folder of its own."""
import fcntl
import os
import pty
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import unittest

PROGRAM = os.path.abspath(os.environ["COGOV"])
SOURCE = os.environ.get("COGOV_SOURCE") or os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# A city small enough to run in milliseconds.
CITY = ["--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=300"]
SMALL = CITY + ["--ticks", "24"]

# mpirun, if the program was built with MPI: a test of MPI runs @unittest.skipUnless(MPIRUN, "built without MPI").
MPIRUN = os.environ.get("COGOV_MPIRUN")

# A test that limits memory or looks at the clock is @unittest.skipIf(INSTRUMENTED, NO_MEASURE).
INSTRUMENTED = os.environ.get("COGOV_INSTRUMENTED")
NO_MEASURE = "sanitizers and coverage take memory and time of their own"

PLACING = ("OMP_PROC_BIND", "OMP_PLACES", "OMP_NUM_THREADS", "GOMP_CPU_AFFINITY", "SLURM_JOB_ID", "OMPI_COMM_WORLD_SIZE",
           "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "COGOV_ISA", "GLIBC_TUNABLES")


def environment(**changes):
    """The environment without what would change how the program runs; a value of None removes a variable."""
    result = {name: value for name, value in os.environ.items() if name not in PLACING}
    result["OMP_WAIT_POLICY"] = "passive"  # threads that spin for each other make tiny cities slow on a busy machine
    for name, value in changes.items():
        result.pop(name, None)
        if value is not None:
            result[name] = value
    return result


def set_size(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))


def read_terminal(terminal, chunks):
    """Until the last process has closed the terminal, which Linux reports as an error."""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            return
        if not chunk:
            return
        chunks.append(chunk)


class Case(unittest.TestCase):
    """A test in a new folder that holds a copy of the scenarios."""

    maxDiff = 4000

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cogov-test-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        shutil.copytree(os.path.join(SOURCE, "scenarios"), self.path("scenarios"))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def names(self, folder=""):
        return sorted(name for name in os.listdir(self.path(folder)) if name != "scenarios")

    def start(self, *words, env=None, **more):
        options = {"cwd": self.folder, "env": env or environment(), "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE}
        options.update(more)
        return subprocess.Popen([PROGRAM, *words], **options)

    def cogov(self, *words, status=0, **more):
        """Runs the program; returns its two outputs as text."""
        process = self.start(*words, **more)
        try:
            out, err = process.communicate(timeout=200)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail("cogov %s does not end" % " ".join(words))
        out, err = (out or b"").decode(), (err or b"").decode()
        if process.returncode < 0:
            self.fail("cogov %s died of %s\n%s" % (" ".join(words), signal.Signals(-process.returncode).name, err))
        self.assertEqual(process.returncode, status, "cogov %s\n%s\n%s" % (" ".join(words), out[-2000:], err[-2000:]))
        return out, err

    def start_mpi(self, n, *words, env=None, **more):
        """mpirun -n N cogov WORDS. A signal for all processes is SIGUSR1, sent to this one; SIGTERM and SIGINT leave
        them a second. mpirun returns the first status that is not 0."""
        allowed = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", **(env or environment())}
        options = {"cwd": self.folder, "env": allowed, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE}
        options.update(more)
        # More processes than cores, none bound to one; -q: without mpirun's essay on a status that is not 0.
        return subprocess.Popen([MPIRUN, "-q", "--oversubscribe", "--bind-to", "none", "-n", str(n), PROGRAM, *words], **options)

    def mpirun(self, n, *words, status=0, **more):
        """As cogov, with n processes."""
        process = self.start_mpi(n, *words, **more)
        try:
            out, err = process.communicate(timeout=200)
        except subprocess.TimeoutExpired:
            process.terminate()  # mpirun ends its processes
            process.communicate()
            self.fail("mpirun -n %d cogov %s does not end" % (n, " ".join(words)))
        out, err = (out or b"").decode(), (err or b"").decode()
        self.assertEqual(process.returncode, status, "mpirun -n %d cogov %s\n%s\n%s" % (n, " ".join(words), out[-2000:], err[-2000:]))
        return out, err

    def on_terminal(self, *words, columns=80, status=0, **more):
        """As cogov, but both outputs are a terminal; returns what it shows."""
        ours, theirs = pty.openpty()
        set_size(theirs, columns)
        chunks = []
        process = self.start(*words, stdout=theirs, stderr=theirs, **more)
        reader = threading.Thread(target=read_terminal, args=(ours, chunks))
        os.close(theirs)
        reader.start()
        found = process.wait(timeout=200)
        reader.join()
        os.close(ours)
        shown = b"".join(chunks).decode()
        self.assertEqual(found, status, shown)
        return shown
