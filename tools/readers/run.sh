#!/bin/sh
# Reads every export back with the programs that people read it with: pandas, Polars, DuckDB, NetworkX, a GeoJSON validator, Label Studio's own
# checks, and R where it is installed. Skipped, with a line that says why, where Python or its packages cannot be had.
#   sh tools/readers/run.sh [PROGRAM]      default: target/debug/chancery
set -eu
cd "$(dirname "$0")/../.."
program="${1:-${CARGO_TARGET_DIR:-target}/debug/chancery}"
[ -x "$program" ] || { echo "skipped: there is no $program" >&2; exit 0; }
program="$(cd "$(dirname "$program")" && pwd)/$(basename "$program")"
work="${CARGO_TARGET_DIR:-target}/readers-work"
venv="${CARGO_TARGET_DIR:-target}/readers"
rm -rf "$work"
mkdir -p "$work"

# What is exported: our own samples and annotated reports, and one with characters that offsets trip over.
printf '%s\n' '{"published":"2022-12-07","outlet":"Wire","title":"Tab\there","text":"Smile 😀: Russia condemned China on Monday,\n\"at once\". France and Germany held talks in Paris."}' > "$work/own.jsonl"
"$program" -q add samples/wire-clean.txt samples/translated-post.txt samples/page.html samples/speech.txt eval/gold/reports40.jsonl "$work/own.jsonl" --ledger "$work/l.db"
for format in jsonl csv parquet gdelt2 icews polecat phoenix graphml geojson labelstudio; do
    "$program" -q export --as "$format" --status all --header --ledger "$work/l.db" -o "$work/all-$format.$format"
    "$program" -q export --as "$format" --ledger "$work/l.db" -o "$work/plain-$format.$format"
done
for format in csv parquet jsonl; do
    "$program" -q panel --by month --ledger "$work/l.db" -o "$work/panel.$format"
done
"$program" -q sql "SELECT count(*) AS n FROM events" --format csv --ledger "$work/l.db" | tail -n 1 > "$work/events"

if ! command -v python3 >/dev/null; then
    echo "skipped: there is no python3" >&2
elif ! { [ -x "$venv/bin/python" ] || python3 -m venv "$venv"; } >/dev/null 2>&1; then
    echo "skipped: python3 cannot make a virtual environment" >&2
elif ! "$venv/bin/pip" install -q -r tools/readers/requirements.txt >/dev/null 2>&1; then
    echo "skipped: the readers' packages cannot be installed" >&2
else
    "$venv/bin/python" tools/readers/check.py "$work" "$program"
fi

if ! command -v Rscript >/dev/null; then
    echo "skipped: there is no R" >&2
else
    mkdir -p "$work/r"
    R CMD INSTALL --library="$work/r" r/chancery >"$work/r/log" 2>&1 || { cat "$work/r/log" >&2; exit 1; }
    CHANCERY_PROGRAM="$program" CHANCERY_WORK="$work" R_LIBS="$work/r" Rscript r/chancery/tests/read.R
    Rscript -e 'utils::Stangle(commandArgs(TRUE)[1], output = commandArgs(TRUE)[2], quiet = TRUE)' r/chancery/vignettes/panel.Rnw "$work/r/panel.R" >/dev/null
    CHANCERY_PROGRAM="$program" CHANCERY_WORK="$work" R_LIBS="$work/r" Rscript "$work/r/panel.R" >/dev/null
    echo "R: read, panel, vignette"
fi
