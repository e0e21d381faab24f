# What R says about the data sets of `make oracles`: a line for each set and quantity,
#
#     set <tab> quantity <tab> number number …
#
# Numbers have 17 significant digits. Names of terms are in the order of the design's columns, the
# intercept first. Scripts/oracles.sh runs it; `stile-oracles` reads what it wrote.
#
#   Rscript oracles.R DATA OUT
#
# It reads the designs itself, so that reading them is compared too.

options(warn = 1)
arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 2) stop("Usage: Rscript oracles.R DATA OUT")
data <- arguments[1]
out <- file(arguments[2], open = "wt")

emit <- function(set, quantity, values) {
  writeLines(paste(set, quantity, paste(sprintf("%.17g", as.numeric(values)), collapse = " "), sep = "\t"), out)
}
at <- function(...) file.path(data, ...)
table_of <- function(path) read.csv(if (grepl("[.]gz$", path)) gzfile(path) else path, check.names = FALSE)

# The columns of a design that are terms: after y, without the groups.
terms_of <- function(table) {
  names <- colnames(table)
  names <- names[(match("y", names) + 1):length(names)]
  names[!startsWith(names, "g_")]
}
design_of <- function(table) {
  list(x = as.matrix(table[, terms_of(table), drop = FALSE]), y = table$y,
       train = table$split != "test", id = table$id)
}

fit <- function(x, y, weights = NULL, offset = NULL) {
  frame <- data.frame(y = y, x, check.names = FALSE)
  if (!is.null(weights)) frame$.weights <- weights
  if (!is.null(offset)) frame$.offset <- offset
  formula <- reformulate(paste0("`", colnames(x), "`"), "y")
  control <- glm.control(epsilon = 1e-14, maxit = 100)
  if (is.null(weights)) {
    glm(formula, binomial, frame, control = control)
  } else {
    glm(formula, binomial, frame, weights = .weights, offset = .offset, control = control)
  }
}
errors <- function(model) sqrt(diag(vcov(model)))

# The linear predictor, term by term: a matrix product by BLAS gives equal rows scores that differ in
# the last bit, by where they stand, and so breaks ties (on `titanic` that moves the AUC by 9e-6).
linear <- function(x, coefficients) {
  sum <- rep(coefficients[[1]], nrow(x))
  for (column in seq_len(ncol(x))) sum <- sum + coefficients[[column + 1]] * x[, column]
  sum
}

evaluate <- function(set, which, y, p) {
  roc <- pROC::roc(y, p, levels = c(0, 1), direction = "<", quiet = TRUE)
  interval <- as.numeric(pROC::ci.auc(roc, method = "delong"))
  logit <- qlogis(p)
  control <- glm.control(epsilon = 1e-14, maxit = 100)
  large <- glm(y ~ 1, binomial, offset = logit, control = control)
  line <- glm(y ~ logit, binomial, control = control)
  emit(set, paste0(which, ":auc"), c(as.numeric(roc$auc), sqrt(pROC::var(roc, method = "delong")), interval[1], interval[3]))
  emit(set, paste0(which, ":brier"), mean((y - p)^2))
  emit(set, paste0(which, ":calibration"), c(coef(large), errors(large), coef(line)[2], errors(line)[2]))
  # Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores from the highest.
  flagged <- rev(cumsum(rev(table(p))))
  found <- rev(cumsum(rev(tapply(y, p, sum))))
  emit(set, paste0(which, ":precision"), sum(diff(c(0, rev(found))) * rev(found / flagged)) / sum(y))
  # A restricted cubic spline of the logit with Harrell's five knots.
  knots <- quantile(logit, c(0.05, 0.275, 0.5, 0.725, 0.95), type = 7, names = FALSE)
  if (min(diff(knots)) > 1e-6 * diff(range(knots))) {
    curve <- suppressWarnings(glm(y ~ logit + Hmisc::rcspline.eval(logit, knots), binomial, control = control))
    # Where the spline separates the outcomes there is no curve.
    if (curve$converged && min(fitted(curve), 1 - fitted(curve)) > 1e-12) {
      distance <- abs(fitted(curve) - p)
      emit(set, paste0(which, ":curve"),
           c(mean(distance), quantile(distance, c(0.5, 0.9), type = 7, names = FALSE), max(distance)))
    }
  }
  # val.prob of rms is told apart from the rest: it groups tied predictions otherwise.
  own <- suppressWarnings(rms::val.prob(p, y, pl = FALSE))
  emit(set, paste0(which, ":val.prob"), own[c("Brier", "Intercept", "Slope")])
}

# MARK: Maximum likelihood and evaluation

message("R: glm and evaluation…")
files <- list.files(at("classics", "models"), pattern = "[.]csv$", full.names = TRUE)
names(files) <- sub("[.]csv$", "", basename(files))
files <- c(files, diabetes130 = at("diabetes130", "design.csv.gz"), oulad = at("oulad", "design.csv.gz"),
           mvad = at("mvad", "design.csv"))
separated <- c("sex2", "endometrial")
designs <- lapply(files, function(file) design_of(table_of(file)))

cancer <- read.csv(at("calibration", "dcurves_df_binary.csv"))
designs$dcurves <- list(
  x = as.matrix(cancer[, c("age", "famhistory", "marker")]), y = as.integer(cancer$cancer == TRUE | cancer$cancer == "TRUE"),
  train = rep(TRUE, nrow(cancer)), id = cancer$patientid)

fits <- list()
for (set in setdiff(names(designs), separated)) {
  design <- designs[[set]]
  x <- design$x[design$train, , drop = FALSE]
  model <- fit(x, design$y[design$train])
  fits[[set]] <- model
  emit(set, "glm:coefficients", coef(model))
  emit(set, "glm:errors", errors(model))
  emit(set, "glm:deviance", c(model$deviance, model$null.deviance))
  tested <- if (all(design$train)) design$train else !design$train
  which <- if (all(design$train)) "in_sample" else "test"
  evaluate(set, which, design$y[tested], plogis(linear(design$x[tested, , drop = FALSE], coef(model))))
}

# Weights and offsets: a weight of 1, 2 or 3 by the row, an offset by the row.
for (set in c("birthwt", "glow500")) {
  design <- designs[[set]]
  row <- seq_along(design$y)
  model <- fit(design$x, design$y, weights = 1 + row %% 3, offset = (row %% 5) / 10)
  emit(set, "weighted:coefficients", coef(model))
  emit(set, "weighted:errors", errors(model))
  emit(set, "weighted:deviance", model$deviance)
}

# MARK: Firth

message("R: brglm2…")
library(brglm2)
for (set in separated) {
  design <- designs[[set]]
  frame <- data.frame(y = design$y, design$x, check.names = FALSE)
  model <- glm(y ~ ., binomial, frame, method = "brglmFit", type = "AS_mean",
               control = list(epsilon = 1e-13, maxit = 10000))
  emit(set, "firth:coefficients", coef(model))
  emit(set, "firth:errors", errors(model))
  x <- cbind(1, design$x)
  p <- fitted(model)
  information <- crossprod(x * sqrt(p * (1 - p)))
  likelihood <- sum(log(ifelse(design$y == 1, p, 1 - p)))
  emit(set, "firth:penalised", likelihood + as.numeric(determinant(information)$modulus) / 2)
  # FLIC (Puhr et al. 2017): the intercept once more by maximum likelihood, the rest as an offset.
  rest <- as.numeric(design$x %*% coef(model)[-1])
  again <- glm(design$y ~ 1, binomial, offset = rest, control = glm.control(epsilon = 1e-14, maxit = 100))
  emit(set, "flic:intercept", coef(again))
}

# logistf is not in Debian. The profile of the penalised likelihood by optim, whose every maximum begins where the one
# before ended, and uniroot.
profiles <- function(x, y) {
  x <- cbind(1, x)
  value <- function(b) {
    eta <- as.vector(x %*% b)
    p <- plogis(eta)
    sum(plogis((2 * y - 1) * eta, log.p = TRUE)) +
      as.numeric(determinant(crossprod(x * sqrt(p * (1 - p))))$modulus) / 2
  }
  slope <- function(b) {
    p <- plogis(as.vector(x %*% b))
    root <- x * sqrt(p * (1 - p))
    leverage <- rowSums((root %*% solve(crossprod(root))) * root)
    as.vector(crossprod(x, y - p + leverage * (0.5 - p)))
  }
  best <- function(start, free, fixed) {
    whole <- function(b) { all <- fixed; all[free] <- b; all }
    found <- list(par = start[free])
    for (again in 1:3) {
      found <- optim(found$par, function(b) value(whole(b)), function(b) slope(whole(b))[free], method = "BFGS",
                     control = list(fnscale = -1, reltol = 1e-15, maxit = 1000))
    }
    list(par = whole(found$par), value = found$value)
  }
  every <- seq_len(ncol(x))
  top <- best(numeric(ncol(x)), every, numeric(ncol(x)))
  p <- plogis(as.vector(x %*% top$par))
  errors <- sqrt(diag(solve(crossprod(x * sqrt(p * (1 - p))))))
  unlist(lapply(every[-1], function(j) sapply(c(-1, 1), function(side) {
    last <- top$par
    fall <- function(distance) {
      fixed <- last
      fixed[j] <- top$par[j] + side * distance
      found <- best(fixed, every[-j], fixed)
      last <<- found$par
      2 * (top$value - found$value) - qchisq(0.95, 1)
    }
    far <- 0.5 * errors[j]
    while (fall(far) < 0) far <- far + 0.25 * errors[j]
    top$par[j] + side * uniroot(fall, c(far - 0.25 * errors[j], far), tol = 1e-10)$root
  })))
}
for (set in separated) emit(set, "firth:profiles", profiles(designs[[set]]$x, designs[[set]]$y))

# MARK: Ridge, LASSO and elastic net

message("R: glmnet…")
strengths <- c(0.1, 0.03, 0.01, 0.001)
for (set in c("birthwt", "glow500", "Pima.tr", "icu")) {
  design <- designs[[set]]
  for (mixing in c(0, 0.5, 1)) {
    for (strength in strengths) {
      model <- glmnet::glmnet(design$x, design$y, family = "binomial", alpha = mixing, lambda = strength,
                              thresh = 1e-20, maxit = 1e8, standardize = TRUE)
      emit(set, sprintf("glmnet:%g:%g", mixing, strength), c(model$a0, as.numeric(model$beta)))
    }
  }
}

# MARK: The penalty that cross-validation chooses

# The same folds and the same path of λ on both sides. glmnet standardises in each fold by the rows that are kept, as
# Stile does; the standard error of a mean deviance is that of the folds' means, weighted by their rows (`grouped`).
message("R: cv.glmnet…")
for (set in c("birthwt", "Pima.tr")) {
  design <- designs[[set]]
  x <- design$x
  y <- design$y
  fold <- (7 * seq_along(y)) %% 10 + 1
  for (mixing in c(0, 0.5, 1)) {
    path <- 0.2 / max(mixing, 0.05) * 1e-3^((0:19) / 19)
    # Far below the default, so that what is compared is the curve and not where each stops.
    glmnet::glmnet.control(fdev = 0, devmax = 1)
    found <- glmnet::cv.glmnet(x, y, family = "binomial", alpha = mixing, lambda = path, foldid = fold,
                               type.measure = "deviance", thresh = 1e-20, maxit = 1e8)
    stopifnot(length(found$lambda) == length(path))
    emit(set, sprintf("cv:%g:fold", mixing), fold)
    emit(set, sprintf("cv:%g:path", mixing), found$lambda)
    emit(set, sprintf("cv:%g:deviance", mixing), found$cvm)
    emit(set, sprintf("cv:%g:error", mixing), found$cvsd)
    emit(set, sprintf("cv:%g:chosen", mixing), c(found$lambda.min, found$lambda.1se))
  }
}

# MARK: Clusters

# Who a row is about, by the raw files: the registration's student, the encounter's patient.
message("R: sandwich…")
student <- read.csv(gzfile(at("oulad", "studentInfo.csv.gz")))
registered <- read.csv(gzfile(at("oulad", "studentRegistration.csv.gz")))
key <- c("code_module", "code_presentation", "id_student")
place <- match(do.call(paste, student[key]), do.call(paste, registered[key]))
began <- registered$date_registration[place]
left <- registered$date_unregistration[place]
cohort <- student[!(!is.na(left) & left <= 28) & !(!is.na(began) & began > 28), ]
stopifnot(nrow(cohort) == length(designs$oulad$y),
          all((cohort$gender == "M") == (designs$oulad$x[, "male"] == 1)))
raw <- unz(at("diabetes130", "dataset_diabetes.zip"), "dataset_diabetes/diabetic_data.csv")
encounters <- read.csv(raw, colClasses = "character")
patient <- encounters$patient_nbr[match(designs$diabetes130$id, as.integer(encounters$encounter_id))]
stopifnot(!anyNA(patient), length(unique(patient)) == 71518)
for (set in c("oulad", "diabetes130")) {
  cluster <- if (set == "oulad") cohort$id_student else as.integer(patient)
  cluster <- cluster[designs[[set]]$train]
  emit(set, "clusters", cluster)
  robust <- sandwich::vcovCL(fits[[set]], cluster = cluster, type = "HC0", cadjust = TRUE)
  emit(set, "clustered:errors", sqrt(diag(robust)))
}

# MARK: DeLong

message("R: pROC…")
bleeding <- read.csv(at("calibration", "aSAH.csv"))
markers <- c("s100b", "ndka", "wfns", "age")
curves <- lapply(bleeding[markers], function(marker) {
  pROC::roc(bleeding$y, marker, levels = c(0, 1), direction = "<", quiet = TRUE)
})
for (marker in markers) {
  interval <- as.numeric(pROC::ci.auc(curves[[marker]], method = "delong"))
  emit("aSAH", marker, c(as.numeric(curves[[marker]]$auc), pROC::var(curves[[marker]], method = "delong"),
                         interval[1], interval[3]))
}
for (pair in list(c("s100b", "wfns"), c("s100b", "ndka"), c("wfns", "ndka"))) {
  test <- pROC::roc.test(curves[[pair[1]]], curves[[pair[2]]], method = "delong", paired = TRUE)
  emit("aSAH", paste(pair, collapse = "_vs_"), c(test$statistic, test$p.value))
}

close(out)
writeLines(paste0("R ", getRversion(), "; ", paste(sapply(
  c("pROC", "rms", "brglm2", "glmnet", "sandwich"),
  function(name) paste(name, packageVersion(name))), collapse = ", ")), paste0(arguments[2], ".versions"))
