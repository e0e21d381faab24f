# Fits the data of a folder with R, several times, and leaves one JSON file, written after each run.
#
#   Rscript fit_peer.R glm|glmnet DATA RUNS OUT
#
# glm is glm.fit on the matrix, without a formula; glmnet is coordinate descent without penalty.
# Reading the data is not timed.

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 4) stop("Usage: Rscript fit_peer.R glm|glmnet DATA RUNS OUT")
peer <- arguments[1]
folder <- arguments[2]
facts <- readLines(file.path(folder, "design.json"), warn = FALSE)
fact <- function(name) {
  found <- regmatches(facts, regexpr(paste0("\"", name, "\":[0-9]+"), facts))
  as.numeric(sub(".*:", "", found[1]))
}
rows <- as.integer(fact("rows"))
columns <- as.integer(fact("columns"))
# glm.fit takes the intercept as a column, glmnet adds its own.
first <- if (peer == "glm") 1L else 0L
x <- matrix(1, rows, columns + first)
file <- file(file.path(folder, "design.columns"), "rb")
for (column in seq_len(columns)) {
  seek(file, fact("offset") + (column - 1) * fact("stride"))
  x[, column + first] <- readBin(file, "double", rows, endian = "little")
}
close(file)
y <- readBin(file.path(folder, "outcomes.f64"), "double", rows, endian = "little")

fit <- if (peer == "glm") {
  function() {
    model <- glm.fit(x, y, family = binomial(), control = list(epsilon = 1e-8, maxit = 100))
    list(iterations = model$iter, coefficients = unname(model$coefficients))
  }
} else {
  function() {
    model <- glmnet::glmnet(x, y, family = "binomial", lambda = 0, thresh = 1e-14, maxit = 1e7)
    list(iterations = model$npasses, coefficients = c(unname(model$a0), as.numeric(model$beta)))
  }
}
if (peer == "glmnet") loadNamespace("glmnet")
version <- if (peer == "glm") paste0("R ", getRversion()) else paste0("glmnet ", packageVersion("glmnet"))
system <- if (peer == "glm") "R glm.fit" else "R glmnet, no penalty (passes)"
numbers <- function(values) paste(sprintf("%.17g", values), collapse = ", ")
threads <- Sys.getenv("OPENBLAS_NUM_THREADS")
threads <- if (threads == "") parallel::detectCores() else as.integer(threads)
seconds <- c()
for (run in seq_len(as.integer(arguments[3]))) {
  seconds <- c(seconds, system.time(model <- fit())[["elapsed"]])
  writeLines(sprintf(
    "{\"system\": \"%s\", \"version\": \"%s\", \"threads\": %d, \"seconds\": [%s], \"iterations\": %d, \"intercept\": %.17g, \"coefficients\": [%s]}",
    system, version, threads, numbers(seconds), as.integer(model$iterations), model$coefficients[1],
    numbers(model$coefficients[-1])), arguments[4])
}
