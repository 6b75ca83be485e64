#!/usr/bin/env python3
"""plot_results.py RESULTS.h5 [OBSERVATION] [PICTURE.png] - each scenario's mean over replicates, month by month, with its 95 % interval."""

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import xarray as xr

path = sys.argv[1]
name = sys.argv[2] if len(sys.argv) > 2 else "participation"
data = xr.open_dataset(path, group="summary")[name]
for design in data["design"].values:
    one = data.sel(design=design)
    mean, half = one.sel(statistic="mean"), one.sel(statistic="half_width_95")
    plt.plot(one["tick"], mean, label=str(one["scenario"].values))
    plt.fill_between(one["tick"], mean - half, mean + half, alpha=0.3)
plt.xlabel("month")
plt.ylabel(f"{data.attrs['long_name']} [{data.attrs['units']}]")
plt.legend()
plt.savefig(sys.argv[3] if len(sys.argv) > 3 else name + ".png", dpi=150)
