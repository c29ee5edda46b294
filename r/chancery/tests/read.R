# Reads a ledger and its exports; run by tools/readers/run.sh, which makes them.
work <- Sys.getenv("CHANCERY_WORK")
if (work == "") {
  message("skipped: CHANCERY_WORK names no folder of exports")
  quit(status = 0)
}
library(chancery)
from_csv <- read_chancery(file.path(work, "plain-csv.csv"))
from_ledger <- read_chancery(file.path(work, "l.db"))
stopifnot(nrow(from_csv) > 0, identical(from_csv$id, from_ledger$id), inherits(from_csv$date, "Date"), is.character(from_csv$cameo))
stopifnot(all(nchar(from_csv$cameo) >= 2), any(startsWith(from_csv$cameo, "0")), is.logical(from_csv$reciprocal))
one <- read_chancery(file.path(work, "l.db"), type = c("CONSULT", "ASSAULT"), one_a_day = TRUE)
stopifnot(nrow(one) > 0, all(one$type %in% c("CONSULT", "ASSAULT")))
counts <- panel(file.path(work, "panel.csv"))
again <- panel(file.path(work, "l.db"), by = "month", unit = "directed")
stopifnot(identical(counts$events_occurred, again$events_occurred), inherits(counts$start, "Date"))
# Months in which nothing was read are NA, not 0.
unread <- is.na(counts$reports_read) | counts$reports_read == 0
stopifnot(all(is.na(counts$events_occurred[unread])), !anyNA(counts$events_occurred[!unread]))
failed <- tryCatch(read_chancery(file.path(work, "nowhere.db")), error = conditionMessage)
stopifnot(grepl("E0507", failed))
