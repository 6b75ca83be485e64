"""What a sweep costs besides the model: measured alone, for other tests would take the processors' time."""
import re
import unittest

from harness import Case

CITY = ["--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=60000"]


class Cost(Case):
    def test_the_processors_run_the_model(self):
        words = ["run", "chongqing", *CITY, "--ticks", "60", "--replicates", "40", "--quiet", "--threads", "2"]
        shares = []
        for n in range(3):
            self.cogov(*words, "-o", "busy%d.h5" % n)
            log = self.read("busy%d.h5.log" % n).decode()
            found = re.search(r"after ([\d.]+) s, 40 cells.*model ([\d.]+) % of 2 threads, output ([\d.]+) s", log)
            seconds, model, output = (float(text) for text in found.groups())
            shares.append((model, 100 * output / (seconds + output)))
        self.assertGreater(2 * seconds / 40, 0.1, "these cells are too short to tell")
        print("model %s %% of the threads' time, output %s %% of the run's" % (
            [round(model, 1) for model, _ in shares], [round(output, 2) for _, output in shares]))
        self.assertGreater(sorted(model for model, _ in shares)[1], 90)
        self.assertLess(sorted(output for _, output in shares)[1], 3)


if __name__ == "__main__":
    unittest.main()
