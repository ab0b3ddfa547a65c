# Makes r_figures.json: small tables with many ties, and what R's survival and cmprsk find in them.
# Rscript oracle.R > r_figures.json
suppressMessages({ library(survival); library(cmprsk) })

numbers <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ","), "]")
words <- function(x) paste0("[", paste0('"', x, '"', collapse = ","), "]")
object <- function(...) {
  parts <- list(...)
  paste0("{", paste0('"', names(parts), '":', unlist(parts), collapse = ","), "}")
}

curves <- function(time, status) {
  times <- sort(unique(time))
  fit <- survfit(Surv(time, status == 1) ~ 1, conf.type = "log-log")
  error <- ifelse(fit$surv > 0, fit$surv * fit$std.err, 0)
  found <- list(time = numbers(fit$time), at_risk = numbers(fit$n.risk),
                estimate = numbers(fit$surv), standard_error = numbers(error))
  inner <- fit$surv > 0 & fit$surv < 1
  found$low <- numbers(ifelse(inner, fit$lower, fit$surv))
  found$high <- numbers(ifelse(inner, fit$upper, fit$surv))
  competing <- timepoints(cuminc(time, status), times)
  kinds <- sub(".* ", "", rownames(competing$est))
  aalen <- lapply(seq_along(kinds), function(i) {
    object(estimate = numbers(competing$est[i, ]), variance = numbers(competing$var[i, ]))
  })
  names(aalen) <- kinds
  object(kaplan_meier = do.call(object, found), aalen_johansen = do.call(object, aalen))
}

figures <- function(time, status, group, x) {
  by_group <- lapply(sort(unique(group)), function(g) curves(time[group == g], status[group == g]))
  names(by_group) <- sort(unique(group))
  difference <- survdiff(Surv(time, status == 1) ~ group)
  gray <- cuminc(time, status, group)$Tests
  tests <- lapply(rownames(gray), function(kind) numbers(gray[kind, c("stat", "df", "pv")]))
  names(tests) <- rownames(gray)
  control <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
  model <- coxph(Surv(time, status == 1) ~ group + x, ties = "efron", control = control)
  object(
    time = numbers(time), status = numbers(status), group = words(group), x = numbers(x),
    all = curves(time, status), groups = do.call(object, by_group),
    log_rank = numbers(c(difference$chisq, length(difference$n) - 1)), gray = do.call(object, tests),
    cox = object(coefficient = numbers(coef(model)), standard_error = numbers(sqrt(diag(vcov(model)))),
                 log_likelihood = numbers(model$loglik))
  )
}

table_of <- function(seed, n, times, kinds, groups) {
  set.seed(seed)
  time <- sample(times, n, TRUE)
  status <- sample(0:kinds, n, TRUE)
  group <- sample(groups, n, TRUE, seq_along(groups))
  figures(time, status, group, sample(0:2, n, TRUE) / 2)
}

version <- object(
  R = paste0('"', R.version$major, ".", R.version$minor, '"'),
  survival = paste0('"', packageVersion("survival"), '"'), cmprsk = paste0('"', packageVersion("cmprsk"), '"')
)
cases <- object(
  many_ties = table_of(1, 80, 0:9, 2, c("a", "b", "c")),
  three_kinds = table_of(2, 70, seq(0.5, 10, 0.5), 3, c("a", "b")),
  hundreds_at_a_time = table_of(3, 900, 1:4, 2, c("a", "b", "c", "d")),
  no_ties = table_of(4, 60, round(1.7^(1:60 / 8) + 1:60 / 100, 4), 2, c("a", "b"))
)
cat(object(version = version, cases = cases), "\n", sep = "")
