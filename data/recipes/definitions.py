"""The definitions of the reference systems of data/crs/epsg.tsv, as files of tables want them.

    pip install pyproj==3.7.2
    python3 data/recipes/definitions.py

writes data/crs/definitions.tsv.gz: code, PROJJSON (for GeoParquet), well-known text of version 1 (for GeoPackage; empty where that version
cannot say it). What a definition says of where and for what a system is used is left out.
"""

import gzip
import json
from pathlib import Path

from pyproj import CRS
from pyproj.enums import WktVersion

HERE = Path(__file__).parent.parent / "crs"
# Of these the order of the axes alone differs from CRS84.
OWN = [4326, 4979]
LEFT_OUT = ("$schema", "scope", "area", "bbox", "usages", "remarks", "vertical_extent", "temporal_extent")


def codes():
    for line in (HERE / "epsg.tsv").read_text().splitlines()[1:]:
        first, last = line.split("\t")[:2]
        yield from range(int(first), int(last) + 1)


def bare(value):
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items() if key not in LEFT_OUT}
    return [bare(inner) for inner in value] if isinstance(value, list) else value


def main():
    lines = []
    for code in sorted(set(codes()) | set(OWN)):
        system = CRS.from_epsg(code)
        projjson = json.dumps(bare(system.to_json_dict()), ensure_ascii=False, separators=(",", ":"))
        assert CRS.from_json(projjson).to_epsg() == code, code
        try:
            text = system.to_wkt(WktVersion.WKT1_GDAL) or ""
        except Exception:
            text = ""
        assert not any(letter in projjson + text for letter in "\t\n")
        lines.append(f"{code}\t{projjson}\t{text}\n")
    data = "".join(lines).encode()
    (HERE / "definitions.tsv.gz").write_bytes(gzip.compress(data, 9, mtime=0))
    print(len(lines), "systems,", len(data), "bytes")


main()
