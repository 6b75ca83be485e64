"""cogov frontier: fronts known by hand, and probabilities against a computation of our own."""
import csv
import io
import json
import time
import unittest

import h5py
import numpy

from harness import INSTRUMENTED, NO_MEASURE, Case
from made_results import make_results

NAN = float("nan")
CNY = "CNY per resident and month"


def months(values, n=2):
    """Numbers by design and replicate, the same in every month."""
    values = numpy.array(values, float)
    return numpy.repeat(values[:, :, None], n, axis=2)


def draws(seed, n, samples):
    """Replicates as the bootstrap draws them: GSL's uniform integers from MT19937."""
    generator = numpy.random.MT19937()
    generator._legacy_seeding(seed)
    result = []
    while len(result) < n * samples:
        number = int(generator.random_raw()) // (0xffffffff // n)
        if number < n:
            result.append(number)
    return numpy.array(result).reshape(samples, n)


def front_of(points):
    """By the definition; points: the more the better; a point with NaN takes no part."""
    front = []
    for i, point in enumerate(points):
        as_good = (points >= point).all(axis=1)
        better = (points > point).any(axis=1)
        if not numpy.isnan(point).any() and not (as_good & better).any():
            front.append(i)
    return front


class Frontier(Case):
    def frontier(self, *words, **more):
        return json.loads(self.cogov("frontier", "x.h5", "--format", "json", *words, **more)[0])

    def make(self, participation, quality, spending, **more):
        return make_results(self.path("x.h5"), {"participation": ("1", months(participation)), "service_quality": ("1", months(quality)),
                                                "spending": (CNY, months(spending))}, **more)

    def front(self, found):
        return [point["design"] for point in found["points"] if point["on_front"]]

    def test_a_front_known_by_hand(self):
        # 1 equals 0; 2 is dominated by 0; 3 is cheaper; 4 as 3 but dearer; 5 the best and the dearest
        self.make([[.5], [.5], [.5], [.3], [.3], [.9]], [[.5], [.5], [.4], [.2], [.2], [.9]], [[3], [3], [3], [1], [2], [9]])
        found = self.frontier()
        self.assertEqual(self.front(found), [0, 1, 3, 5])
        self.assertEqual([(o["observation"], o["sense"]) for o in found["objectives"]],
                         [("participation", "maximise"), ("service_quality", "maximise"), ("spending", "minimise")])
        self.assertEqual(found["cost"]["observation"], "spending")
        self.assertIsNone(found["points"][0]["probability_on_front"])
        self.assertEqual(found["points"][5]["objectives"][2], {"value": 9, "low": None, "high": None})
        out = self.cogov("frontier", "x.h5")[0]
        self.assertIn("Of 6 design points, 4 are on the front and 2 dominated.", out)
        self.assertIn("one replicate", out)
        self.assertEqual([line.split()[0] for line in out.split("\n\n")[1].splitlines()[1:]], ["5", "0", "1", "3"], "the best first")

    def test_objectives_that_are_asked_for(self):
        labels = {"served": ("need", ["care", "legal aid"])}
        make_results(self.path("x.h5"), {"trust": ("1", months([[.1], [.2], [.3]])), "tickets": ("tickets", months([[5], [5], [9]])),
                                         "served": ("1", numpy.array([[[[.5, .1]] * 2], [[[.4, .7]] * 2], [[[.3, .9]] * 2]]))}, labels=labels)
        self.assertEqual(self.front(self.frontier("--maximise", "trust", "--minimise", "tickets@end")), [1, 2])
        self.assertEqual(self.front(self.frontier("--maximise", "served:care")), [0])
        self.assertEqual(self.front(self.frontier("--minimise", "served:legal aid", "--maximise", "trust")), [0, 1, 2])
        err = self.cogov("frontier", "x.h5", status=2)[1]
        self.assertIn("--maximise and --minimise", err)
        self.assertIn('did you mean "trust"', self.cogov("frontier", "x.h5", "--maximise", "trst", status=2)[1])
        self.assertIn("named twice", self.cogov("frontier", "x.h5", "--maximise", "trust", "--minimise", "trust", status=2)[1])
        self.assertIn("needs a cost", self.cogov("frontier", "x.h5", "--maximise", "trust", "--budget", "1", status=2)[1])
        self.assertIn('name one of them, such as "served:care"', self.cogov("frontier", "x.h5", "--maximise", "served", status=2)[1])
        self.assertIn("an amount", self.cogov("frontier", "x.h5", "--budget", "-1", status=2)[1])

    def test_a_budget_sets_points_apart(self):
        self.make([[.9, .9], [.5, .5], [.4, .4]], [[.9, .9], [.5, .5], [.4, .4]], [[4, 6], [2.5, 2.5], [2.5, 2.5]])
        found = self.frontier("--budget", "4.5")
        self.assertEqual(self.front(found), [1])
        self.assertEqual([point["within_budget"] for point in found["points"]], [False, True, True])
        self.assertEqual(found["counts"], {"on_front": 1, "dominated": 1, "over_budget": 1, "empty": 0, "uncertain_budget": 1})
        self.assertAlmostEqual(found["points"][0]["probability_on_front"], .25, delta=.04, msg="both draws of two are the cheap one")
        self.assertEqual(self.front(self.frontier("--budget", "2.5")), [1], "a cost equal to the budget is within it")
        self.assertEqual(self.front(self.frontier("--budget", "1")), [])
        out = self.cogov("frontier", "x.h5", "--budget", "4.5")[0]
        self.assertIn("1 over the budget", out)
        self.assertIn("At 1 the 95 % interval of the mean cost holds the budget", out)
        # The cost is the minimised objective in money, wherever it stands; none: spending, which is then no objective.
        self.assertEqual(self.frontier("--minimise", "participation", "--minimise", "spending")["cost"]["observation"], "spending")
        alone = self.frontier("--maximise", "participation", "--budget", "4.5")
        self.assertEqual(self.front(alone), [1])
        self.assertEqual((len(alone["objectives"]), alone["points"][1]["cost"]["value"]), (1, 2.5))

    def test_a_cost_that_is_no_objective_does_not_decide(self):
        self.make([[.5, .5], [.5, .5]], [[.5, .5], [.5, .5]], [[1, 1], [2, 2]])
        found = self.frontier("--maximise", "participation", "--budget", "4.5")
        self.assertEqual([point["probability_on_front"] for point in found["points"]], [1, 1])

    def test_what_has_no_value_is_left_out(self):
        self.make([[.9, .9], [.5, .5], [.7, NAN], [NAN, .4]], [[.9, .9], [.5, .5], [.4, .4], [.9, NAN]], [[1, 1]] * 4,
                  status=[[1, 2], [0, 0], [0, 0], [0, 0]])
        found = self.frontier()
        self.assertEqual([point["n"] for point in found["points"]], [0, 2, 1, 0])
        self.assertEqual(self.front(found), [1, 2])
        self.assertEqual((found["failed_cells"], found["not_run_cells"], found["incomplete_cells"]), (1, 1, 3))
        self.assertIsNone(found["points"][0]["probability_on_front"])
        self.assertIsNone(found["points"][3]["objectives"][0]["value"])
        out = self.cogov("frontier", "x.h5")[0]
        self.assertIn("Cells left out: 1 failed, 1 not run, 3 ran but lack a value.", out)
        self.assertIn("2 without a value", out)

    def expected(self, path, budget, samples):
        with h5py.File(path) as file:
            ran = file["run_status"][:] == 0
            values = numpy.stack([numpy.where(ran, file[name][:].mean(axis=2), NAN) for name in ("participation", "service_quality", "spending")], -1)
        values[numpy.isnan(values).any(axis=2)] = NAN
        on, counted = numpy.zeros(len(values)), numpy.zeros(len(values))
        for sample in draws(7, values.shape[1], samples):
            drawn = values[:, sample]
            known = ~numpy.isnan(drawn[:, :, 0])
            with numpy.errstate(invalid="ignore"):
                means = numpy.where(known[:, :, None], drawn, 0).sum(axis=1) / known.sum(axis=1)[:, None]
            counted += known.any(axis=1)
            means[means[:, 2] > budget] = NAN
            on[front_of(means * [1, 1, -1])] += 1
        return on / counted

    def test_probabilities_against_our_own(self):
        random = numpy.random.default_rng(3)
        base = random.random((40, 1, 3))
        base[:, :, 2] = base[:, :, :2].mean(axis=2) + .1
        noisy = base + .15 * random.normal(size=(1, 6, 3)) + .08 * random.normal(size=(40, 6, 3))
        noisy[11] = noisy[5]  # equal points
        status = (random.random((40, 6)) < .06).astype("i1")
        status[2] = [0, 1, 1, 1, 2, 2]
        coarse = numpy.round(base + .1 * random.normal(size=(40, 4, 3)), 1) * 10 / 16  # many are equal, and sums exact
        for numbers, failed in ((noisy, None), (noisy, status), (coarse, None)):
            self.make(numbers[..., 0], numbers[..., 1], numbers[..., 2], status=failed)
            for budget in (numpy.inf, float(numpy.median(numbers[..., 2]))):
                words = ["--resamples", "300"] + (["--budget", repr(budget)] if numpy.isfinite(budget) else [])
                found = [point["probability_on_front"] for point in self.frontier(*words)["points"]]
                expected = self.expected(self.path("x.h5"), budget, 300)
                self.assertGreater(sum((expected > 0) & (expected < 1)), 5, "something to tell")
                numpy.testing.assert_allclose(numpy.array(found, float), expected, atol=1e-12)

    def test_a_run_as_table_and_csv(self):
        self.write("x.yaml", "scenarios: [base]\ndesign: grid\nvary: {purchase.budget: [10, 40], switches.linkage: [off, on],"
                             " participation.influence_form: [linear, threshold]}\nreplicates: 3\nticks: 12\n")
        self.cogov("run", "x.yaml", "--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=200", "-q", "-o", "x.h5")
        found = self.frontier("--budget", "2")
        rows = list(csv.DictReader(io.StringIO(self.cogov("frontier", "x.h5", "--budget", "2", "--format", "csv")[0], newline="")))
        self.assertEqual(len(rows), 8)
        with h5py.File(self.path("x.h5")) as file:
            for row, point in zip(rows, found["points"]):
                self.assertEqual(float(row["purchase.budget"]), file["purchase.budget"][point["design"]])
                self.assertEqual(row["participation.influence_form"], point["values"]["participation.influence_form"])
                self.assertEqual(row["switches.linkage"], str(int(point["values"]["switches.linkage"])))
                self.assertEqual(float(row["probability_on_front"]), point["probability_on_front"])
                self.assertEqual(row["on_front"], str(int(point["on_front"])))
                for name, interval in zip(("participation", "service_quality", "spending"), point["objectives"]):
                    cells = file[name][point["design"], :, 6:].mean(axis=1)
                    self.assertAlmostEqual(interval["value"], cells.mean(), 14)
                    self.assertAlmostEqual(interval["high"], cells.mean() + 4.302652729749464 * cells.std(ddof=1) / 3 ** .5, 12)
                    self.assertEqual([float(row[name + end]) for end in ("", "_low", "_high")], list(interval.values()))
        table = self.cogov("frontier", "x.h5")[0]
        self.assertRegex(table, r"\d ± \d")
        self.assertRegex(table, r"\n  design  scenario  participation .* probability\n")
        self.assertRegex(table, r"\n +\d  purchase.budget = 10, switches.linkage = (on|off), participation.influence_form = (linear|threshold)\n")
        self.assertLessEqual(max(map(len, table.split("\n\nOf ")[0].splitlines())), 100, "levers that have no room stand below")
        self.write("y.yaml", "scenarios: [base]\ndesign: grid\nvary: {purchase.budget: [10, 40]}\nreplicates: 2\nticks: 6\n")
        self.cogov("run", "y.yaml", "--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=200", "-q", "-o", "y.h5")
        self.assertRegex(self.cogov("frontier", "y.h5")[0], r"design  scenario  purchase.budget  participation .*\n +\d  base  +[14]0  ")

    def test_damage_is_told(self):
        self.write("x.h5", b"no results")
        self.assertIn("not HDF5", self.cogov("frontier", "x.h5", status=2)[1])
        self.cogov("frontier", "none.h5", status=2)

    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_ten_thousand_points_in_seconds(self):
        random = numpy.random.default_rng(1)
        a = random.random((10000, 1, 3))
        a[..., 2] = a[..., :2].mean(axis=2)  # a trade-off: thousands are on the front
        a = a + .02 * random.normal(size=(10000, 5, 3))
        self.make(a[..., 0], a[..., 1], a[..., 2])
        start = time.monotonic()
        found = self.frontier()
        self.assertLess(time.monotonic() - start, 30)
        self.assertGreater(len(self.front(found)), 1000)


if __name__ == "__main__":
    unittest.main()
