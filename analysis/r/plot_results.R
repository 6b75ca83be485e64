# Rscript plot_results.R RESULTS.h5 [OBSERVATION] - each scenario's mean over replicates, month by month, into OBSERVATION.pdf. Needs ncdf4.

library(ncdf4)

arguments <- commandArgs(trailingOnly = TRUE)
name <- if (length(arguments) > 1) arguments[2] else "participation"
file <- nc_open(arguments[1])
values <- ncvar_get(file, name, collapse_degen = FALSE) # R turns the dimensions round: tick, replicate, design
scenario <- ncvar_get(file, "scenario")
means <- apply(values, c(1, 3), mean, na.rm = TRUE)
pdf(paste0(name, ".pdf"))
matplot(file$dim$tick$vals, means, type = "l", lty = 1, xlab = "month", ylab = ncatt_get(file, name, "long_name")$value)
legend("topright", legend = scenario, col = seq_along(scenario), lty = 1)
invisible(dev.off())
nc_close(file)
