"""The data of a report with every section, small, made up and always the same: what `cogov report` would embed."""
import json
import math
import random
import re

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.S)

TICKS = 120
BURN_IN = 24
REPLICATES = 20

# A title that would run or break the page, if anything took it for markup.
HOSTILE = "<script>alert(1)</script>"
HOSTILE_END = "</script><img src=x onerror=alert(2)>"

# name, title, Chinese title, unit, dimension, labels, Chinese labels, level in A, difference of B
OBSERVATIONS = [
    ("participation", "residents active", "参与率", "1", None, None, None, 0.163, 0.058),
    ("deep_participation", "residents deliberating or deciding", "深度参与率", "1", None, None, None, 0.012, 0.011),
    ("service_quality", "service quality", "服务质量", "1", None, None, None, 0.472, 0.101),
    ("satisfaction", "satisfaction", "满意度", "1", None, None, None, 0.508, 0.064),
    ("approval", "approval", "认可率", "1", None, None, None, 0.552, 0.124),
    ("trust", "trust", "信任", "1", None, None, None, 0.498, 0.0004),
    ("identity", "identity", "社区认同", "1", None, None, None, 0.431, 0.036),
    ("legitimacy", "legitimacy of the committee", "居委会合法性", "1", None, None, None, 0.402, 0.082),
    ("marginalised", "marginalised committees", "边缘化居委会比例", "1", None, None, None, 0.091, -0.071),
    ("tickets_waiting", "tickets waiting", "待办件数", "tickets", None, None, None, 2210.0, -640.0),
    ("spending", "spending on purchase", "购买服务支出", "CNY per resident and month", None, None, None, 1.41, 0.83),
    ("participation_by_depth", "residents by depth of participation", "按参与深度的居民比例", "1", "depth",
     ["none", "attend", "volunteer", "deliberate", "decide"], ["未参与", "参加活动", "志愿服务", "议事协商", "决策监督"], None, None),
    ("participation_by_age", "residents active by age", "各年龄组参与率", "1", "age_group", ["18", "30", "40", "50", "60", "70+"],
     ["18—29岁", "30—39岁", "40—49岁", "50—59岁", "60—69岁", "70岁及以上"], None, None),
    ("engagement_by_age", "residents volunteering or deeper by age", "各年龄组志愿及更深参与率", "1", "age_group",
     ["18", "30", "40", "50", "60", "70+"], ["18—29岁", "30—39岁", "40—49岁", "50—59岁", "60—69岁", "70岁及以上"], None, None),
    ("service_quality_by_need", "service quality by need", "各类需求的服务质量", "1", "need",
     ["public", "special", "personal", "developmental"], ["公共性需求", "特殊性需求", "个性化需求", "发展性需求"], None, None),
    ("committee_time", "the committee's time", "居委会时间分配", "1", "work", ["administrative", "self-governance", "service"],
     ["行政事务", "自治事务", "服务事务"], None, None),
    ("networks", "networks of actors", "行动者网络", "1", "network", ["administrative", "party", "social"],
     ["行政网络", "党组织网络", "社会网络"], None, None),
]

PROFILES = {
    "participation_by_depth": ([0.837, 0.119, 0.032, 0.0105, 0.0015], [0.779, 0.151, 0.047, 0.019, 0.004]),
    "participation_by_age": ([0.08, 0.10, 0.13, 0.18, 0.27, 0.22], [0.11, 0.14, 0.19, 0.25, 0.34, 0.28]),
    "engagement_by_age": ([0.02, 0.03, 0.04, 0.06, 0.07, 0.04], [0.03, 0.05, 0.07, 0.09, 0.11, 0.06]),
    "service_quality_by_need": ([0.55, 0.31, 0.44, 0.35], [0.62, 0.49, 0.52, 0.48]),
    "committee_time": ([0.78, 0.11, 0.11], [0.47, 0.26, 0.27]),
    "networks": ([0.62, 0.27, 0.11], [0.38, 0.31, 0.31]),
}

GROUPS = [("burden", ["burden.cut"]), ("empowerment", ["empowerment.level"]), ("party", ["party.coverage_target"]), ("linkage", ["linkage.level"]),
          ("deliberation", ["deliberation.level"]), ("purchase", ["purchase.budget", "purchase.evaluation"]), ("tiers", ["tiers.station_tickets"])]

FACTORS = [("purchase.budget", "CNY per resident and year", 0.31, 0.38), ("linkage.level", "1", 0.22, 0.31), ("burden.cut", "1", 0.14, 0.17),
           ("payment.stress", "1", 0.07, 0.12), ("deliberation.level", "1", 0.04, 0.05), ("party.coverage_target", "1", 0.01, 0.015),
           ("firms.revision", "1/month", -0.004, 0.006)]


SERIES_LINES = ("mean_a", "mean_b", "difference", "low", "high")
FAN_LINES = ("median", "low80", "high80", "low50", "high50")
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def packed(numbers, decimals):
    """Numbers as report_packed of report_json.h makes a text of them."""
    text, before = "", 0
    for number in numbers:
        if number is None:
            text += "."
            continue
        steps = round(number * 10 ** decimals) if decimals >= 0 else round(number / 10 ** -decimals)
        left, before = 2 * abs(steps - before) + (steps < before), steps
        while left >= 32:
            text += DIGITS[left % 32 + 32]
            left //= 32
        text += DIGITS[left]
    return text


def unpacked(text, decimals):
    numbers, steps, bits, weight = [], 0, 0, 1
    for character in text:
        if character == ".":
            numbers.append(None)
            continue
        digit = DIGITS.index(character)
        bits, weight = bits + digit % 32 * weight, weight * 32
        if digit < 32:
            steps += -(bits // 2) if bits % 2 else bits // 2
            numbers.append(steps / 10 ** decimals if decimals >= 0 else steps * 10 ** -decimals)
            bits, weight = 0, 1
    return numbers


def with_fans(data, change):
    """Data of which the lines of the fans are packed or unpacked."""
    series = [{"decimals": 10, **one} for one in data["fans"]["series"]]
    series = [{**one, **{name: change(one[name], one["decimals"]) for name in FAN_LINES}} for one in series]
    return {**data, "fans": {**data["fans"], "series": series}}


def with_lines(series, change):
    """A series of a comparison of which the lines are packed or unpacked."""
    series = {"decimals": {name: 10 for name in SERIES_LINES}, **series}
    return {**series, **{name: change(series[name], series["decimals"][name]) for name in SERIES_LINES}}


def compact(data):
    """Data as the page has it: report_fans.c and report_compact.c."""
    compare = [{**one, "series": [with_lines(series, packed) for series in one["series"]],
                "rows": {"columns": list(one["rows"][0]), "rows": [list(row.values()) for row in one["rows"]]}} for one in data["compare"] or []]
    return {**with_fans(data, packed), "compare": compare}


def readable(data):
    """The other way round."""
    compare = [{**one, "series": [with_lines(series, unpacked) for series in one["series"]],
                "rows": [dict(zip(one["rows"]["columns"], row, strict=True)) for row in one["rows"]["rows"]]} for one in data["compare"] or []]
    return {**with_fans(data, unpacked), "compare": compare}


def page_data(path):
    """What a page that the program wrote embeds, readable."""
    with open(path, encoding="utf-8") as file:
        found = DATA.findall(file.read())
    assert len(found) == 1, "one block of data"
    return readable(json.loads(found[0]))


def interval(value, half):
    return {"value": value, "low": value - half, "high": value + half}


def rounded(x):
    return float("%.6g" % x)


def whole():
    """Observations without a dimension."""
    return [row for row in OBSERVATIONS if row[4] is None]


def course(level, gain, luck):
    """A level that is approached from half of it, with noise, month by month."""
    noise, values = 0.0, []
    for tick in range(TICKS):
        noise = 0.8 * noise + luck.gauss(0, 0.012)
        values.append((level + gain) * (1 - 0.5 * math.exp(-tick / 18)) * (1 + noise))
    return values


def observations():
    return [{"name": name, "title": title, "title_zh": zh, "unit": unit, "dimension": dimension, "labels": labels, "labels_zh": labels_zh}
            for name, title, zh, unit, dimension, labels, labels_zh, *_ in OBSERVATIONS]


def files():
    return [{"file": "results.h5", "title": "Chongqing before and after the reform", "spec_digest": "0123456789abcdef", "kind": "grid", "sections": ["compare"]},
            {"file": "who's next.h5", "title": "Which groups", "spec_digest": "fedcba9876543210", "kind": "attribution", "sections": ["attribution"]}]


def fans(luck):
    series = []
    for name, *_, level, gain in whole():
        for group in (0, 1):
            median = course(level, gain * group, luck)
            bands = {"median": 1.0, "low80": 0.93, "high80": 1.07, "low50": 0.965, "high50": 1.035}
            series.append({"observation": name, "label": None, "group": group, "n": REPLICATES,
                           **{band: [rounded(x * factor) for x in median] for band, factor in bands.items()}})
    series[0]["median"][3] = None
    return {"tick": list(range(1, TICKS + 1)), "series": series}


def profiles():
    result = []
    for name, values in PROFILES.items():
        labels = next(row[5] for row in OBSERVATIONS if row[0] == name)
        groups = [{"group": group, "n": REPLICATES, "values": [interval(x, 0.04 * x) for x in values[group]]} for group in (0, 1)]
        result.append({"observation": name, "dimension": "d", "labels": labels, "period": "average", "first_tick": 97, "last_tick": 120, "groups": groups})
    return result


def compare_row(row, period):
    name, _, _, unit, *_, level, gain = row
    half = 0.0012 if name == "trust" else 0.12 * abs(gain)
    first = TICKS if period == "end" else 97
    return {"observation": name, "label": None, "unit": unit, "period": period, "first_tick": first, "last_tick": TICKS, "n": REPLICATES,
            "mean_a": level, "mean_b": level + gain, "difference": gain, "low": gain - half, "high": gain + half, "bootstrap_low": gain - 0.9 * half,
            "bootstrap_high": gain + 0.9 * half, "effect_size": 0.11 if name == "trust" else 2.4 * gain / abs(gain), "superiority": 0.9 if gain > 0 else 0.05,
            "p": 0.4 if name == "trust" else 1e-6, "p_holm": 1.0 if name == "trust" else 0.00002, "ratio": 7.5,
            "trend_a": None if period == "end" else False, "trend_b": None if period == "end" else True}


def compare_series(luck):
    result = []
    for name, _, _, unit, *_, level, gain in whole()[:4]:
        a, b = course(level, 0, luck), course(level, gain, luck)
        differences = [y - x for x, y in zip(a, b)]
        half = abs(gain) * 0.3
        result.append({"observation": name, "label": None, "unit": unit, "tick": list(range(1, TICKS + 1)), "n": [REPLICATES] * TICKS, "mean_a": a,
                       "mean_b": b, "difference": differences, "low": [x - half for x in differences], "high": [x + half for x in differences]})
    return result


def distribution():
    side = {"n_places": 32, "quantiles": [0.33, 0.41, 0.47, 0.53, 0.62], "gini": interval(0.104, 0.011), "p90_p10": 1.6}
    other = {"n_places": 32, "quantiles": [0.48, 0.54, 0.57, 0.61, 0.67], "gini": interval(0.058, 0.009), "p90_p10": 1.3}
    return [{"observation": name, "label": None, "unit": "1", "place": "community", "period": "average",
             "first_tick": 97, "last_tick": TICKS, "n": REPLICATES, "a": side, "b": other,
             "gini_difference": interval(-0.046, 0.012), "quantile_differences": [interval(0.1, 0.02)] * 5} for name in ("service_quality", "satisfaction")]


def comparison(luck, a, b):
    return {"a": {**a, "design": 0, "values": {}}, "b": {**b, "design": 1, "values": {}}, "model": "cogov", "seed": 20260201, "replicates": REPLICATES,
            "ticks": TICKS, "burn_in": BURN_IN, "averaged_months": 24, "pairs": REPLICATES - 1, "failed_cells": 1, "not_run_cells": 0,
            "rows": [compare_row(row, period) for period in ("end", "average") for row in whole()], "series": compare_series(luck),
            "distribution": distribution()}


def attribution(a, b):
    outcomes = []
    for name, _, _, unit, *_, level, gain in [whole()[0], whole()[2], whole()[8]]:
        shares = [0.22, 0.13, 0.05, 0.34, 0.19, 0.12, -0.05]
        groups = [{"name": group, "shapley": interval(gain * share, 0.05 * abs(gain)), "one_in": interval(gain * share * 0.8, 0.05 * abs(gain)),
                   "one_out": interval(gain * share * 1.2, 0.05 * abs(gain))} for (group, _), share in zip(GROUPS, shares)]
        names = [group for group, _ in GROUPS]
        pairs = [(first, second) for i, first in enumerate(names) for second in names[i + 1:]]
        interactions = [{"first": first, "second": second, **interval(gain * 0.1 * math.sin(3.0 * i), 0.04 * abs(gain))} for i, (first, second) in enumerate(pairs)]
        outcomes.append({"observation": name, "label": None, "unit": unit, "period": "average", "first_tick": 97, "last_tick": TICKS, "n": REPLICATES,
                         "value_a": level, "value_b": level + gain, "total": interval(gain, 0.06 * abs(gain)), "groups": groups, "interactions": interactions})
    return {"a": a, "b": b, "method": "exact", "orders": None, "points": 128, "replicates": REPLICATES, "failed_cells": 0, "not_run_cells": 0, "outcomes": outcomes,
            "groups": [{"name": name, "parameters": [{"name": parameter, "a": 0.2, "b": 0.757} for parameter in parameters]} for name, parameters in GROUPS]}


def sensitivity_factor(method, name, first, total):
    if method == "morris":
        return {"name": name, "mu": interval(first, 0.02), "mu_star": interval(total, 0.02), "sigma": interval(0.4 * total + 0.01, 0.01)}
    if method == "sobol":
        return {"name": name, "first": interval(first, 0.03), "total": interval(total, 0.03)}
    return {"name": name, "pawn": interval(total + 0.05, 0.02), "pawn_max": interval(total + 0.09, 0.03), "dummy": 0.09}


def sensitivity(method, scenario):
    outcomes = []
    for name, _, _, unit, *_ in whole()[:2]:
        second = [{"first": "purchase.budget", "second": "linkage.level", **interval(0.06, 0.03)}, {"first": "linkage.level", "second": "burden.cut",
                  **interval(-0.01, 0.02)}] if method == "sobol" else []
        outcomes.append({"observation": name, "label": None, "unit": unit, "period": "average", "first_tick": 97, "last_tick": TICKS, "mean": 0.2,
                         "variance": 0.01, "noise_share": 0.08, "noise_left": 0.02, "left_out": 0, "second": second,
                         "factors": [sensitivity_factor(method, factor, first, total) for factor, _, first, total in FACTORS]})
    return {**scenario, "method": method, "points": 2304, "replicates": 4, "failed_cells": 0, "missing_cells": 0, "outcomes": outcomes,
            "factors": [{"name": name, "unit": unit, "low": 0, "high": 1, "moves_with_it": 0, "levels": None} for name, unit, *_ in FACTORS]}


def frontier(luck):
    points = []
    for design in range(40):
        cut, budget = luck.random(), 60 * luck.random()
        quality = 0.4 + 0.25 * (1 - math.exp(-budget / 20)) * (0.6 + 0.4 * cut) + luck.gauss(0, 0.008)
        points.append({"design": design, "scenario": "chongqing", "title": "Chongqing", "values": {"burden.cut": round(cut, 3), "purchase.budget": round(budget, 1)},
                       "n": 8, "objectives": [interval(quality, 0.012), interval(budget / 12, 0.05)], "cost": interval(budget / 12, 0.05), "within_budget": budget < 50})
    for point in points:
        allowed = [other for other in points if other["within_budget"]]
        point["on_front"] = point["within_budget"] and not any(
            other["cost"]["value"] < point["cost"]["value"] and other["objectives"][0]["value"] > point["objectives"][0]["value"] for other in allowed)
        point["probability_on_front"] = 0.7 if point["on_front"] else 0.1
    points[-1]["objectives"][0] = None
    counts = {"on_front": sum(point["on_front"] for point in points), "over_budget": sum(not point["within_budget"] for point in points), "empty": 0, "uncertain_budget": 3}
    counts["dominated"] = len(points) - counts["on_front"] - counts["over_budget"]
    months = {"period": "average", "first_tick": 97, "last_tick": TICKS}
    cost = {"observation": "spending", "label": None, "unit": "CNY per resident and month", **months}
    return {"objectives": [{"observation": "service_quality", "label": None, "unit": "1", **months, "sense": "maximise"}, {**cost, "sense": "minimise"}],
            "cost": cost, "budget": 50 / 12, "replicates": 8, "resamples": 2000, "failed_cells": 2, "not_run_cells": 1, "incomplete_cells": 0,
            "counts": counts, "points": points}


def report(titles=("Chongqing (重庆), before the reform", "Chongqing (重庆), three-society linkage"), language="en", method="sobol"):
    """All sections."""
    luck = random.Random(20260201)
    sides = [{"scenario": name, "title": title} for name, title in zip(("chongqing-before", "chongqing"), titles)]
    return {
        "version": 1, "generator": "cogov 0.1.0", "language": language, "file": "results.h5",
        "files": files(), "title": "Chongqing before and after the reform",
        "model": "cogov", "seed": 20260201, "ticks": TICKS, "first_tick": 1, "burn_in": BURN_IN, "replicates": REPLICATES, "spec_digest": "0123456789abcdef",
        "build": {"version": "0.1.0", "compiler": "gcc 12.2.0", "hdf5": "1.10.8"},
        "scenarios": [{"name": side["scenario"], "title": side["title"], "first_design": i, "n_designs": 1, "resolved": "model: cogov\nburden:\n  cut: 0.757\n"}
                      for i, side in enumerate(sides)],
        "design": {"kind": "grid", "factors": [{"name": "burden.cut", "title": "share of administrative items taken from the committee", "unit": "1", "values": [0, 0.757]}]},
        "cells": {"ran": 38, "failed": 1, "not_run": 1, "failures_total": 1,
                  "failures": [{"design": 1, "replicate": 7, "scenario": "chongqing", "reason": "not enough memory for residents"}]},
        "observations": observations(), "fans": fans(luck), "tick_step": 1, "profiles": profiles(), "scenarios_shown": 2,
        "fan_groups": [{"name": side["scenario"], "title": side["title"], "n_designs": 1, "designs": [i]} for i, side in enumerate(sides)],
        "compare": [comparison(luck, *sides)], "attribution": attribution(*sides), "sensitivity": [sensitivity(method, sides[1])], "frontier": frontier(luck)}


# Members whose names are those of a model or a machine.
OPEN = ("values", "build", "decimals")


def members(data, path=""):
    """Paths of all members in data; those of a list's items count as those of one."""
    if isinstance(data, list):
        return {path + "[]"}.union(*(members(item, path + "[]") for item in data))
    if not isinstance(data, dict):
        return {path} if data is not None else set()
    return {path + "."}.union(*({"%s.%s" % (path, name)} | (set() if name in OPEN else members(item, "%s.%s" % (path, name))) for name, item in data.items()))


def bare():
    """A run of one scenario: nothing to compare, no failures."""
    data = report()
    data.update({"scenarios": data["scenarios"][:1], "fan_groups": data["fan_groups"][:1], "design": None, "compare": [], "attribution": None, "sensitivity": None,
                 "frontier": None, "profiles": [], "cells": {"ran": 20, "failed": 0, "not_run": 0, "failures": [], "failures_total": 0}})
    data["fans"]["series"] = [series for series in data["fans"]["series"] if series["group"] == 0]
    return data
