"""Reads every export with its real reader and compares what comes back. Usage: check.py FOLDER PROGRAM (see run.sh)."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import geojson
import networkx
import pandas
import polars
import pyarrow.parquet
from label_studio_sdk.label_interface import LabelInterface

work, program = Path(sys.argv[1]), sys.argv[2]
ledger = str(work / "l.db")
count = int((work / "events").read_text())
checked = []


def check(name, truth):
    if not truth:
        sys.exit(f"{name}: does not hold")
    checked.append(name)


def file(name):
    return str(work / name)


# Our own columns: three readers, one answer.
by_csv = pandas.read_csv(file("all-csv.csv"), dtype={"cameo": str})
by_parquet = pandas.read_parquet(file("all-parquet.parquet"))
check("pandas csv", len(by_csv) == count and list(by_csv.columns) == list(by_parquet.columns))
check("pandas codes keep their zero", by_csv.cameo.str.match(r"^\d{2,4}$").all() and (by_csv.cameo.str[0] == "0").any())
check("pandas parquet", (by_csv.id == by_parquet.id).all() and str(by_parquet.lat.dtype) == "float64")
check("pandas dates", pandas.to_datetime(by_csv.date).dropna().dt.date.tolist() == by_parquet.date.dropna().tolist())
check("pandas words", by_csv.trigger.tolist() == by_parquet.trigger.tolist())
published = json.load(open(Path(__file__).parents[2] / "schema/events.arrow.json", encoding="utf-8"))
types = {"Utf8": "string", "Int64": "int64", "Float64": "double", "Boolean": "bool", "Date32": "date32[day]"}
read = pyarrow.parquet.read_schema(file("all-parquet.parquet"))
check("pyarrow schema", [(f["name"], types[f["type"]]) for f in published] == [(f.name, str(f.type)) for f in read])
lazy = polars.read_parquet(file("all-parquet.parquet"))
check("polars parquet", lazy.height == count and lazy.schema["date"] == polars.Date and lazy.schema["reciprocal"] == polars.Boolean)
csv = polars.read_csv(file("all-csv.csv"), schema_overrides={"cameo": polars.String}, infer_schema_length=None)
check("polars csv", csv["id"].to_list() == lazy["id"].to_list())
rows = duckdb.sql(f"SELECT count(*), count(DISTINCT id), min(date) IS NOT NULL FROM '{file('all-parquet.parquet')}'").fetchall()[0]
check("duckdb parquet", rows == (count, count, True))
rows = duckdb.sql(f"SELECT count(*) FROM read_csv('{file('all-csv.csv')}', header = true, all_varchar = true)").fetchall()[0]
check("duckdb csv", rows == (count,))

# Records: what each line says is what `read` would say, and each span slices to its words.
records = [json.loads(line) for line in open(file("all-jsonl.jsonl"), encoding="utf-8")]
check("jsonl", sum(len(r["events"]) for r in records) == count)
for record in records:
    text = record["report"]["text"].encode()
    for e in record["events"]:
        start, end = e["trigger"]["span"]
        check("jsonl spans", text[start:end].decode() == e["trigger"]["text"])
check("duckdb jsonl", duckdb.sql(f"SELECT count(*) FROM read_json_auto('{file('all-jsonl.jsonl')}')").fetchall()[0] == (len(records),))

# The older formats: as many columns as their readers expect, numbers where they expect numbers, ids that a double holds.
for name, columns, header in [("gdelt2", 61, None), ("icews", 20, 0), ("polecat", 40, 0), ("phoenix", 26, None)]:
    for kind in ["plain", "all"]:
        table = pandas.read_csv(file(f"{kind}-{name}.{name}"), sep="\t", header=0 if kind == "all" else header, dtype=str, keep_default_na=False, quoting=3)
        check(f"{name} columns", table.shape[1] == columns and len(table) > 0)
        ids = table.iloc[:, 0].astype(int)
        check(f"{name} ids", (ids < 2**52).all() and (ids.astype(float).astype(int) == ids).all())
        check(f"{name} empty is empty", not table.isin(["None", "null", "NaN"]).any().any())
        beside = pandas.read_csv(file(f"{kind}-{name}.chancery.csv"))
        check("sidecar", set(beside["number"]) == set(ids) and beside["rows"].sum() == len(table))
# gdeltPyR reads columns by its own list, which comes beside its code.
heading = pandas.read_csv(Path(sys.prefix) / "data" / "events2.csv")["name"].tolist()
check("gdeltPyR columns", pandas.read_csv(file("all-gdelt2.gdelt2"), sep="\t", nrows=1, quoting=3).columns.tolist() == heading)
gdelt = pandas.read_csv(file("all-gdelt2.gdelt2"), sep="\t", dtype={"EventCode": str}, quoting=3)
check("gdelt2 numbers", gdelt.QuadClass.between(1, 4).all() and gdelt.GoldsteinScale.dropna().between(-10, 10).all())
check("gdelt2 days", pandas.to_datetime(gdelt.SQLDATE.dropna().astype(int).astype(str), format="%Y%m%d").notna().all())
polecat = pandas.read_csv(file("all-polecat.polecat"), sep="\t", dtype=str, keep_default_na=False, quoting=3)
check("polecat names of the report", all((polecat[f"Story {what}"] != "").any() for what in ["People", "Organizations", "Locations"]))
icews = pandas.read_csv(file("all-icews.icews"), sep="\t", dtype={"CAMEO Code": str}, quoting=3)
check("icews days", pandas.to_datetime(icews["Event Date"].dropna()).notna().all() and icews.Intensity.dropna().between(-10, 10).all())
phoenix = pandas.read_csv(file("all-phoenix.phoenix"), sep="\t", dtype={"EventCode": str, "EventRootCode": str}, quoting=3)
check("phoenix numbers", phoenix.PentaClass.between(0, 4).all() and (phoenix.EventCode.str[:2] == phoenix.EventRootCode).all())

network = networkx.read_graphml(file("all-graphml.graphml"))
check("networkx", network.is_directed() and network.number_of_edges() > 0 and all(w > 0 for *_, w in network.edges(data="weight")))

points = geojson.load(open(file("all-geojson.geojson"), encoding="utf-8"))
check("geojson", points.is_valid and len(points["features"]) > 0)

# Label Studio: the project that schema/labelstudio.xml describes takes our tasks and predictions.
interface = LabelInterface(open(Path(__file__).parents[2] / "schema/labelstudio.xml", encoding="utf-8").read())
tasks = json.load(open(file("all-labelstudio.labelstudio"), encoding="utf-8"))
for task in tasks:
    # The task alone: with predictions the check of tasks fails in itself (label-studio-sdk 2.1).
    check("label studio task", interface.validate_task({"data": task["data"]}))
    for prediction in task["predictions"]:
        wrong = interface.validate_prediction(prediction, return_errors=True)
        check(f"label studio prediction {wrong}", not wrong)
        for region in prediction["result"]:
            if region["type"] == "labels":
                value = region["value"]
                check("label studio offsets", task["data"]["text"][value["start"] : value["end"]] == value["text"])

# What comes back as it went changes nothing.
for task in tasks:
    task["annotations"] = [{"completed_by": {"id": 1, "email": "ada"}, "result": p["result"]} for p in task["predictions"]]
back = work / "annotated.json"
back.write_text(json.dumps(tasks), encoding="utf-8")
subprocess.run([program, "-q", "review", "--import", str(back), "--ledger", ledger], check=True)
again = work / "again.csv"
subprocess.run([program, "-q", "export", "--as", "csv", "--ledger", ledger, "-o", str(again)], check=True)
check("label studio round trip", pandas.read_csv(again, dtype=str).equals(pandas.read_csv(file("plain-csv.csv"), dtype=str)))

panel = pandas.read_parquet(file("panel.parquet"))
check("panel", (panel.reports_read.dropna() >= 0).all() and pandas.read_csv(file("panel.csv")).shape == panel.shape)
print(f"readers: {len(checked)} checks of {len(set(checked))} kinds hold")
