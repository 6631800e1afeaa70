"""The reference systems of data/crs/: which codes of the crate crs-definitions agree with PROJ, and in which order their axes are.

    pip install pyproj==3.7.2
    python3 data/recipes/epsg.py ~/.cargo/registry/src/*/crs-definitions-0.6.0/src/defs.rs

writes data/crs/epsg.tsv and data/crs/points.tsv. The grids of PROJ must not be installed.

A code is kept where it is a geographic or projected system and its PROJ.4 text, with the datum shift of that text or else with the one
that PROJ uses in the system's area, gives what PROJ gives to 1 m at three points of the area. Left out is what has no known shift
to WGS 84 and another ellipsoid than GRS 80 or WGS 84: its coordinates would be hundreds of metres off without a word.
"""

import math
import re
import sys
from itertools import groupby
from pathlib import Path

from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest

CLOSE = 1.0  # metres
# Of three dimensions the two on the ground are compared.
KINDS = ("Projected CRS", "Geographic 2D CRS", "Geographic 3D CRS", "Compound CRS", "Bound CRS")
# The crate proj4rs gives other coordinates for these, as its test against points.tsv showed.
OTHERWISE = {2170, 3787, 8441, 27200}


def helmert(definition):
    """The seven parameters of a PROJ pipeline in the order and signs of +towgs84, or None."""
    total, found = [0.0] * 7, False
    for step in definition.split(" step ") if " step " in definition else [definition]:
        if "proj=helmert" not in step:
            continue
        found = True
        values = dict(re.findall(r"(\w+)=(\S+)", step))
        if any(name in values for name in ("dx", "drx", "ds", "t_epoch", "exact")):
            return None
        turn = -1 if values.get("convention") == "coordinate_frame" else 1
        sign = -1 if re.search(r"\binv\b", step) else 1
        for index, name in enumerate(("x", "y", "z", "rx", "ry", "rz", "s")):
            value = float(values.get(name, 0)) * sign
            total[index] += value * turn if name.startswith("r") else value
    return total if found else None


def metres(a, b):
    across = abs(a[0] - b[0]) % 360
    across = min(across, 360 - across) * math.cos(math.radians(b[1]))
    distance = math.hypot(across, a[1] - b[1]) * 111_320
    return distance if math.isfinite(distance) else math.inf


def agrees(text, points):
    try:
        own = Transformer.from_crs(CRS.from_proj4(text), 4326, always_xy=True)
        return all(metres(own.transform(x, y), at) < CLOSE for x, y, at in points)
    except Exception:
        return False


def shifted(text, shift):
    text = re.sub(r"\+(towgs84|nadgrids)=\S+ ?", "", text)
    named = {"+datum=NAD27": "+ellps=clrk66", "+datum=nzgd49": "+ellps=intl", "+datum=hermannskogel": "+ellps=bessel",
             "+datum=potsdam": "+ellps=bessel", "+datum=carthage": "+a=6378249.2 +b=6356515", "+datum=NAD83": "+ellps=GRS80",
             "+datum=OSGB36": "+ellps=airy", "+datum=ire65": "+ellps=mod_airy", "+datum=WGS84": "+ellps=WGS84"}
    for datum, ellipsoid in named.items():
        text = text.replace(datum, ellipsoid)
    return f"{text} +towgs84={shift}"


def look(code, text):
    """None, or order, shift and points of a code."""
    crs = CRS.from_epsg(code)
    if crs.type_name not in KINDS or code in OTHERWISE:
        return None
    crs = crs.to_2d() if len(crs.axis_info) > 2 else crs
    west, south, east, north = crs.area_of_use.bounds
    area = AreaOfInterest(west, south, east, north)
    east += 360 if west > east else 0
    to = Transformer.from_crs(crs, 4326, always_xy=True, area_of_interest=area)
    out = Transformer.from_crs(4326, crs, always_xy=True, area_of_interest=area)
    own = Transformer.from_crs(4326, crs, always_xy=False, area_of_interest=area)
    points, order = [], None
    for part in (0.5, 0.25, 0.7):
        lon, lat = west + (east - west) * part, south + (north - south) * part
        lon -= 360 if lon > 180 else 0
        x, y = out.transform(lon, lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        first = own.transform(lat, lon)
        order = "yx" if math.hypot(first[0] - y, first[1] - x) < math.hypot(first[0] - x, first[1] - y) else "xy"
        points.append((x, y, to.transform(x, y)))
    try:
        used = to.get_last_used_operation()
    except Exception:  # where there is nothing to do, nothing is used
        used = to
    if used.accuracy < 0 and not re.search(r"\+(ellps=GRS80|ellps=WGS84|datum=WGS84|datum=NAD83|nadgrids=@null)", text):
        return None
    if agrees(text, points) and "+datum=NAD27" not in text and not re.search(r"nadgrids=[^@]", text):
        return order, "", points
    numbers = helmert(used.definition)
    if numbers is None:
        return None
    shift = ",".join(f"{number:.10g}" for number in numbers)
    return (order, shift, points) if agrees(shifted(text, shift), points) else None


def main():
    defs = re.findall(r'^EPSG_\d+\|(\d+)\|"([^"]*)"', Path(sys.argv[1]).read_text(), re.M)
    kept = []
    for code, text in defs:
        try:
            found = look(int(code), text)
        except Exception:
            found = None
        if found:
            kept.append((int(code), *found))
    here = Path("data/crs")
    here.mkdir(exist_ok=True, parents=True)
    lines, index = [], 0
    while index < len(kept):
        last = index
        while last + 1 < len(kept) and kept[last + 1][0] == kept[last][0] + 1 and kept[last + 1][1:3] == kept[index][1:3]:
            last += 1
        lines.append(f"{kept[index][0]}\t{kept[last][0]}\t{kept[index][1]}\t{kept[index][2]}")
        index = last + 1
    (here / "epsg.tsv").write_text("\n".join(["first\tlast\torder\ttowgs84", *lines]) + "\n")
    rows = []
    for code, _, _, points in kept:
        x, y, (lon, lat) = points[0]
        rows.append(f"{code}\t{round(x, 7):.12g}\t{round(y, 7):.12g}\t{lon:.8f}\t{lat:.8f}")
    (here / "points.tsv").write_text("\n".join(["code\tx\ty\tlon\tlat", *rows]) + "\n")
    print(f"{len(kept)} of {len(defs)} codes in {len(lines)} ranges")


main()
