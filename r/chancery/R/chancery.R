# Reading what the program `chancery` keeps and exports.

# Runs the program and reads the CSV that it prints. `args` go to the shell quoted.
ask <- function(args, program, ...) {
  out <- tempfile(fileext = ".csv")
  on.exit(unlink(out))
  said <- suppressWarnings(system2(program, shQuote(c("-q", args, "--output", out)), stdout = TRUE, stderr = TRUE))
  status <- attr(said, "status")
  if (!is.null(status) && status != 0) stop("chancery: ", paste(said, collapse = "\n"), call. = FALSE)
  table(out, ...)
}

# A CSV file of ours: empty is NA, codes stay text.
table <- function(file, text) {
  heading <- names(read.csv(file, nrows = 1, check.names = FALSE))
  kinds <- ifelse(heading %in% text, "character", NA)
  read.csv(file, colClasses = kinds, na.strings = "", check.names = FALSE, encoding = "UTF-8")
}

program_named <- function(program) {
  if (!is.null(program)) return(program)
  Sys.getenv("CHANCERY_PROGRAM", "chancery")
}

flags <- function(given) {
  given <- given[!vapply(given, is.null, NA)]
  unlist(lapply(names(given), function(name) {
    option <- paste0("--", gsub("_", "-", name))
    value <- given[[name]]
    if (is.logical(value)) return(if (isTRUE(value)) option)
    as.vector(rbind(option, as.character(value)))
  }))
}

is_csv <- function(path) grepl("\\.csv$", path, ignore.case = TRUE)

read_chancery <- function(path, ..., program = NULL) {
  text <- c("id", "report", "date_precision", "source", "target", "cameo", "geonames", "place", "city", "admin1", "trigger", "given_id",
            "published", "date", "date_end", "outlet", "url", "language", "rule", "mode", "modes", "contexts", "status", "time", "type",
            "source_country", "target_country", "source_name", "target_name", "source_id", "target_id", "place_country", "others",
            "attributions", "place_precision", "date_basis")
  events <- if (is_csv(path)) {
    table(path, text)
  } else {
    ask(c("export", "--as", "csv", "--ledger", path, flags(list(...))), program_named(program), text)
  }
  for (day in c("date", "date_end", "published")) events[[day]] <- as.Date(events[[day]])
  for (mark in c("reciprocal", "decided")) events[[mark]] <- as.logical(events[[mark]])
  events
}

panel <- function(path, by = c("month", "day", "week", "year"), unit = c("directed", "undirected", "country"), ..., program = NULL) {
  text <- c("period", "a", "b", "country")
  counts <- if (is_csv(path)) {
    table(path, text)
  } else {
    ask(c("panel", "--ledger", path, "--by", match.arg(by), "--unit", match.arg(unit), flags(list(...))), program_named(program), text)
  }
  # The first day of the period, so that it can be plotted and merged.
  first <- c("4" = "-01-01", "7" = "-01", "10" = "")[as.character(nchar(counts$period))]
  counts$start <- as.Date(paste0(counts$period, first))
  counts
}
