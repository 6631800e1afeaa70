#!/usr/bin/env python3
"""Makes the three files of features beside it: recipe.py ne110m4cql2.gpkg

The file is in tests/samples/data of the Rust package ogc-cql2 0.7.4: the test data of OGC 21-065r2, annex A, as a GeoPackage. They are
Natural Earth at 1:110 million (public domain) with four columns that OGC added to the populated places. Only the columns that the
predicates ask for are kept. The coordinates of countries and rivers are rounded to two decimals except where the predicates ask for exact
ones (5-8 E, 49-51 N); the expected counts show that nothing asked for has changed.
"""

import csv
import gzip
import io
import pathlib
import sqlite3
import struct
import sys

NAMES = [None, "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"]


def wkt(blob, exact):
    """The well-known text of a geometry of a GeoPackage."""
    at = 8 + [0, 32, 48, 48, 64][blob[3] >> 1 & 7]

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, blob, at)
        at += struct.calcsize("<" + form)
        return values

    def corner():
        x, y = take("2d")
        if exact or (5 <= x <= 8 and 49 <= y <= 51):
            return f"{x!r} {y!r}"
        return f"{round(x, 2):g} {round(y, 2):g}"

    def line():
        corners = [corner() for _ in range(take("I")[0])]
        return [c for i, c in enumerate(corners) if i == 0 or c != corners[i - 1]]

    def geometry():
        _, kind = take("BI")
        if kind == 1:
            return kind, f"({corner()})"
        if kind == 2:
            return kind, "(" + ",".join(line()) + ")"
        if kind == 3:
            # A ring that rounding leaves without area is left out.
            rings = [ring for ring in (line() for _ in range(take("I")[0])) if len(ring) > 3]
            return kind, "(" + ",".join("(" + ",".join(ring) + ")" for ring in rings) + ")"
        parts = [geometry()[1] for _ in range(take("I")[0])]
        return kind, "(" + ",".join(part for part in parts if part != "()") + ")"

    kind, text = geometry()
    return f"{NAMES[kind]} {text}"


def write(path, columns, rows):
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(columns)
    out.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def main(source):
    here, data = pathlib.Path(__file__).parent, sqlite3.connect(source)

    def export(name, table, columns, exact=False, forms={}):
        rows = data.execute(f'SELECT fid, geom, {", ".join(chr(34) + column + chr(34) for column in columns)} FROM ne_110m_{table}')
        form = [forms.get(column, lambda value: value) for column in columns]
        out = ([fid, wkt(geom, exact), *(None if v is None else f(v) for f, v in zip(form, values))] for fid, geom, *values in rows)
        write(here / name, ["id", "geom", *columns], out)

    export("countries.csv.gz", "admin_0_countries", ["NAME", "POP_EST"], forms={"POP_EST": int})
    export("rivers.csv.gz", "rivers_lake_centerlines", ["name"])
    utc = lambda text: text.split(".")[0].removesuffix("Z") + "Z"
    forms = {"start": utc, "end": utc, "boolean": lambda value: "true" if value else "false"}
    columns = ["name", "nameascii", "pop_max", "pop_min", "pop_other", "date", "start", "end", "boolean"]
    export("cities.csv", "populated_places_simple", columns, exact=True, forms=forms)


main(sys.argv[1])
