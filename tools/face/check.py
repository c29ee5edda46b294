"""Look up known happenings in a run of the coder.

    chancery read --format jsonl --map published=date ../shared/corpus/reuters21578.jsonl.gz > run.jsonl
    python3 tools/face/check.py eval/face1987.tsv run.jsonl
    python3 tools/face/check.py eval/face1987.tsv run.jsonl --find 8

The first form re-checks the sentences that the table names (column `where`: id:start-end in bytes, several of them apart by blanks) and fails if a
row has none that shows it with the right sides, type, month and status. `--find N` prints every event that would show row N, with its sentence.
"""

import argparse
import csv
import itertools
import json
import sys


def alternatives(field):
    """Sides as written in the table: a list of sets of countries, None where any will do."""
    return [None] if field == "*" else [frozenset(filter(None, part.split("+"))) for part in field.split("/")]


def pairs(row):
    """The pairs of sides that count: alternatives belong together one by one where both columns have as many, else each with each."""
    source, target = alternatives(row["source"]), alternatives(row["target"])
    return list(zip(source, target)) if len(source) == len(target) else list(itertools.product(source, target))


def rows(path):
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t"):
        row["places"] = []
        for item in (row.get("where") or "").split():
            report, span = item.rsplit(":", 1)
            start, end = map(int, span.split("-"))
            row["places"].append((report, start, end))
        yield row


def countries(event, side):
    return frozenset(actor["country"] for actor in event[side] if actor["country"])


def misses(event, row):
    """What of the row the event does not show: a list of the words sides, type, month, status."""
    out = []
    given = countries(event, "source"), countries(event, "target")
    if not any(all(want is None or want == got for want, got in zip(pair, given)) for pair in pairs(row)):
        out.append("sides")
    if event["type"] not in row["types"].split("/"):
        out.append("type")
    if (event["date"]["start"] or "")[:7] not in row["months"].split("/"):
        out.append("month")
    if event["status"] not in row["status"].split("/"):
        out.append("status")
    return out


def records(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def find(row, run):
    for record in records(run):
        text = record["report"]["text"].encode()
        for event in record["events"]:
            missed = misses(event, row)
            if not missed:
                sentence = record["sentences"][event["sentence"]]["span"]
                words = " ".join(text[sentence[0]:sentence[1]].decode().split())
                print(f"{record['report']['given_id']}:{sentence[0]}-{sentence[1]}\t{event['type']} {event['status']} {event['date']['start']}\t{words}")


def check(table, run):
    wanted = {}
    for row in table:
        for report, start, end in row["places"]:
            wanted.setdefault(report, []).append((row["n"], start, end, row))
    best = {}
    for record in records(run):
        for number, start, end, row in wanted.get(record["report"]["given_id"], ()):
            for event in record["events"]:
                trigger = event["trigger"]["span"]
                if start <= trigger[0] and trigger[1] <= end:
                    missed = misses(event, row)
                    if number not in best or len(missed) < len(best[number]):
                        best[number] = missed
    covered = [row for row in table if row["places"]]
    for row in covered:
        missed = best.get(row["n"], ["event"])
        print(f"{row['n']:>2}  {'right' if not missed else 'lacks ' + ', '.join(missed):<26}{row['happening']}")
    right = sum(best.get(row["n"], ["event"]) == [] for row in covered)
    print(f"{right} of {len(covered)} happenings that the corpus tells; {len(table) - len(covered)} it does not tell")
    return right == len(covered)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table")
    parser.add_argument("run")
    parser.add_argument("--find", metavar="N")
    args = parser.parse_args()
    table = list(rows(args.table))
    if args.find:
        for row in table:
            if row["n"] == args.find:
                find(row, args.run)
        return 0
    return 0 if check(table, args.run) else 1


if __name__ == "__main__":
    sys.exit(main())
