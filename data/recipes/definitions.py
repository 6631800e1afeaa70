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
LEFT_OUT = ("$schema", "scope", "area", "bbox", "usages", "remarks", "vertical_extent", "temporal_extent")


def codes():
    for line in (HERE / "epsg.tsv").read_text().splitlines()[1:]:
        first, last = line.split("\t")[:2]
        yield from range(int(first), int(last) + 1)


def bare(value):
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items() if key not in LEFT_OUT}
    return [bare(inner) for inner in value] if isinstance(value, list) else value


def spelled_out(system):
    value = bare(system.to_json_dict())
    # PROJ says the code of the whole alone; readers that go by the part on the ground need its own.
    for part, own in zip(value.get("components", []), system.sub_crs_list):
        if own.to_authority(min_confidence=100):
            authority, code = own.to_authority(min_confidence=100)
            part["id"] = {"authority": authority, "code": int(code)}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main():
    lines = []
    for code in sorted(set(codes())):
        system = CRS.from_epsg(code)
        projjson = spelled_out(system)
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
