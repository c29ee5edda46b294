"""Quiet prose: how often the coder sees events where a reader sees none.

    chancery read --format jsonl --map published=date ../shared/corpus/reuters21578.jsonl.gz > run.jsonl
    chancery read --format jsonl eval/gold/quiet_prose.jsonl > own.jsonl
    python3 tools/quiet/sample.py ../shared/corpus/reuters21578.jsonl.gz run.jsonl own.jsonl
    python3 tools/quiet/sample.py ../shared/corpus/reuters21578.jsonl.gz run.jsonl own.jsonl --judged eval/gold/quiet200.tsv

The prose is 4,675 sentences of the corpus by topic (below), whole stories in the order of the SHA-256 of their ids, and the sports, weather and arts pages of
`quiet_prose.jsonl`. The first form prints a sample of 200 of the events in it, to be judged; the second counts, of the judged events, those that the
runs still give, by verdict, and estimates the wrong ones a hundred sentences. `--data` runs and new versions give new events: those are not judged.
"""

import argparse
import csv
import gzip
import hashlib
import json
import sys

# A story belongs to a group if all its topics do.
GROUPS = {
    "earnings": ("earn", 1500),
    "acquisitions": ("acq", 1300),
    "crops": (
        "coffee cocoa sugar grain wheat corn soybean oilseed barley cotton orange livestock carcass hog rice sorghum oat potato tea "
        "veg-oil palm-oil meal-feed soy-meal soy-oil rapeseed sunseed l-cattle f-cattle pork-belly groundnut",
        1000,
    ),
    "industry": ("copper gold alum zinc lead silver nickel platinum palladium tin iron-steel lumber rubber pet-chem plywood strategic-metal", 500),
    "figures": ("housing retail cpi wpi ipi jobs inventories income instal-debt money-supply lei cpu gnp", 375),
}


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def records(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def chosen(corpus, run):
    """Group and number of sentences of each chosen story: {id: (group, sentences)}. The last story of a group is cut where the group is full."""
    topics = {}
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        for line in file:
            story = json.loads(line)
            topics[story["id"]] = set(story["topics"])
    lengths = {record["report"]["given_id"]: len(record["sentences"]) for record in records(run)}
    out = {}
    for group, (names, wanted) in GROUPS.items():
        names = set(names.split())
        for story in sorted((s for s, t in topics.items() if t and t <= names), key=digest):
            taken = min(lengths.get(story, 0), wanted)
            out[story] = (group, taken)
            wanted -= taken
            if not wanted:
                break
    return out


def events(runs, stories):
    """Every event in the prose, as (group, id, start, end, type, record, event), and the number of sentences of each group."""
    out, sizes = [], {}
    for run in runs:
        for record in records(run):
            story = record["report"]["given_id"]
            if story in stories:
                group, length = stories[story]
            elif story.startswith("quiet-"):
                group, length = story.split("-")[1], len(record["sentences"])
            else:
                continue
            sizes[group] = sizes.get(group, 0) + length
            for event in record["events"]:
                if event["sentence"] < length:
                    start, end = event["trigger"]["span"]
                    out.append((group, story, start, end, event["type"], record, event))
    return out, sizes


def show(found):
    sample = sorted(found, key=lambda item: digest(f"{item[1]}:{item[2]}:{item[4]}"))[:200]
    for group, story, start, end, kind, record, event in sample:
        text = record["report"]["text"].encode()
        sentence = record["sentences"][event["sentence"]]["span"]
        words = text[sentence[0]:sentence[1]].decode()
        sides = " > ".join("+".join(f"{a['text']}/{a['country']}" for a in event[side]) for side in ("source", "target"))
        fields = group, story, f"{start}-{end}", kind, event["status"], event["rule"], event["trigger"]["text"], sides, words
        print("\t".join(" ".join(field.split()) for field in fields))


def judge(found, path, total):
    given = {(story, start, end, kind) for _, story, start, end, kind, _, _ in found}
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
    left = [row for row in rows if (row["id"], *map(int, row["span"].split("-")), row["type"]) in given]
    wrong = sum(row["verdict"] == "wrong" for row in left)
    print(f"judged {len(rows)}, still given {len(left)}: {wrong} wrong, {len(left) - wrong} right; not judged {len(given) - len(left)}")
    if left:
        share = wrong / len(left)
        print(f"if the others are alike: {100 * len(given) * share / total:.2f} wrong events a hundred sentences")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("run")
    parser.add_argument("own")
    parser.add_argument("--judged", metavar="FILE")
    args = parser.parse_args()
    found, sizes = events([args.run, args.own], chosen(args.corpus, args.run))
    total = sum(sizes.values())
    if not args.judged:
        show(found)
    for group, size in sizes.items():
        count = sum(item[0] == group for item in found)
        print(f"{group}: {size} sentences, {count} events", file=sys.stderr)
    print(f"all: {total} sentences, {len(found)} events, {100 * len(found) / total:.2f} a hundred sentences", file=sys.stderr)
    if args.judged:
        judge(found, args.judged, total)


if __name__ == "__main__":
    sys.exit(main())
