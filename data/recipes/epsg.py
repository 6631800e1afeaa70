"""The reference systems of data/crs/: which codes of the crate crs-definitions agree with PROJ, and in which order their axes are.

    pip install pyproj==3.7.2
    python3 data/recipes/epsg.py ~/.cargo/registry/src/*/crs-definitions-0.6.0/src/defs.rs

writes data/crs/epsg.tsv, data/crs/shifts.tsv, data/crs/esri.tsv and data/crs/points.tsv. The grids of PROJ must not be installed.

A code is kept where it is a geographic or projected system and its PROJ.4 text, with the datum shift of that text or else with the one
that PROJ uses in the system's area, gives what PROJ gives to 1 m at three points of the area. Where PROJ uses several shifts in the
area, each in a part of it, all of them are kept (shifts.tsv) if they give what PROJ gives at a grid of points. Left out is what has no
known shift to WGS 84 and another ellipsoid than GRS 80 or WGS 84: its coordinates would be hundreds of metres off without a word.
The codes of Esri are kept where no code of EPSG says the same, else named as that (esri.tsv).
"""

import math
import re
import sys
import warnings
from itertools import groupby
from pathlib import Path

from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info

CLOSE = 1.0  # metres
EDGE = 0.01  # degrees
STEPS = 9  # of the grid of points, along each side of an area
# Projections of the codes of Esri that proj4rs computes.
ESRI = ("longlat", "aea", "lcc", "tmerc", "utm", "laea", "merc", "webmerc", "stere", "eqdc", "sinu", "moll", "robin", "aeqd", "eqc", "cea", "eqearth", "mill", "cass", "poly", "krovak")
# Of three dimensions the two on the ground are compared.
KINDS = ("Projected CRS", "Geographic 2D CRS", "Geographic 3D CRS", "Compound CRS", "Bound CRS")
# The crate proj4rs gives other coordinates for these, as its test against points.tsv showed.
OTHERWISE = {2170, 3787, 8441, "ESRI:102143"}
# The text leaves out that the axes go south and west.
SOUTH_WEST = {2065, 5513}


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


def written(numbers):
    return ",".join(f"{number:.10g}" for number in numbers)


def shifted(text, shift):
    text = re.sub(r"\+(towgs84|nadgrids)=\S+ ?", "", text)
    named = {"+datum=NAD27": "+ellps=clrk66", "+datum=nzgd49": "+ellps=intl", "+datum=hermannskogel": "+ellps=bessel",
             "+datum=potsdam": "+ellps=bessel", "+datum=carthage": "+a=6378249.2 +b=6356515", "+datum=NAD83": "+ellps=GRS80",
             "+datum=OSGB36": "+ellps=airy", "+datum=ire65": "+ellps=mod_airy", "+datum=WGS84": "+ellps=WGS84"}
    for datum, ellipsoid in named.items():
        text = text.replace(datum, ellipsoid)
    return f"{text} +towgs84={shift}"


def system(code):
    crs = CRS.from_user_input(code)
    return crs.to_2d() if len(crs.axis_info) > 2 else crs


def look(code, text):
    """None, or order, shift and points of a code."""
    crs = system(code)
    if crs.type_name not in KINDS or code in OTHERWISE:
        return None
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
        return order, "", points, used.accuracy
    numbers = helmert(used.definition)
    if numbers is None:
        return None
    shift = written(numbers)
    return (order, shift, points, used.accuracy) if agrees(shifted(text, shift), points) else None


def ways(base):
    """The shifts from a geographic system to WGS 84, in the order in which PROJ has them: area, shift, accuracy, whether it is of the sea."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        group = TransformerGroup(base, 4326, always_xy=True, allow_ballpark=False)
    for way in group.transformers:
        numbers, area = helmert(way.definition), way.area_of_use
        if numbers is None or area is None or way.accuracy < 0:
            continue
        found.append((area.bounds, written(numbers), way.accuracy, "- offshore" in area.name))
    return found


def size(bounds):
    west, south, east, north = bounds
    return ((east - west) % 360 or 360) * (math.sin(math.radians(north)) - math.sin(math.radians(south)))


def best(found, lon, lat):
    """The shift at a place, as PROJ chooses it (pj_get_suggested_operation): the first whose area holds the place, unless a later one is
    exacter, or as exact and of a smaller area, and not of the sea. Where none is for the place, that of the largest area."""
    chosen = None
    for index, (bounds, _, accuracy, is_offshore) in enumerate(found):
        if holds(bounds, lon, lat) and (chosen is None or not is_offshore and (accuracy, size(bounds)) < (found[chosen][2], size(found[chosen][0]))):
            chosen = index
    return max(range(len(found)), key=lambda index: size(found[index][0])) if chosen is None else chosen


def holds(bounds, lon, lat):
    west, south, east, north = bounds
    return south <= lat <= north and (west <= lon <= east if west <= east else lon >= west or lon <= east)


def several(code, text, known, shifts, least=1):
    """None, or order, name of the list of shifts and points of a code whose shift is another in each part of its area."""
    crs = system(code)
    if crs.type_name not in KINDS or code in OTHERWISE or crs.area_of_use is None or not crs.geodetic_crs:
        return None
    base = crs.geodetic_crs.to_2d() if len(crs.geodetic_crs.axis_info) > 2 else crs.geodetic_crs
    if base.to_epsg() is None:
        return None
    name = str(base.to_epsg())
    if name not in known:
        known[name] = ways(base)
    if not known[name]:
        return None
    west, south, east, north = crs.area_of_use.bounds
    east += 360 if west > east else 0
    to, out = Transformer.from_crs(crs, 4326, always_xy=True), Transformer.from_crs(4326, crs, always_xy=True)
    own = Transformer.from_crs(4326, crs, always_xy=False)
    order, points, through = None, {}, {}
    for row in range(STEPS):
        for column in range(STEPS):
            lon = west + (east - west) * (column + 0.5) / STEPS
            lat = south + (north - south) * (row + 0.5) / STEPS
            lon -= 360 if lon > 180 else 0
            x, y = out.transform(lon, lat)
            at = to.transform(x, y)
            if not all(map(math.isfinite, (x, y, *at))):
                continue
            used = to.get_last_used_operation()
            if used.accuracy < 0 or helmert(used.definition) is None:
                continue
            first = own.transform(lat, lon)
            order = "yx" if math.hypot(first[0] - y, first[1] - x) < math.hypot(first[0] - x, first[1] - y) else "xy"
            # On the edge of an area two are as good.
            if not any(min(abs(at[0] - west), abs(at[0] - east), abs(at[1] - south), abs(at[1] - north)) < EDGE for (west, south, east, north), *_ in known[name]):
                through.setdefault(best(known[name], *at), []).append((x, y, at))
    compared = sum(map(len, through.values()))
    if len(through) < least:
        return None
    # At the edges of areas, which PROJ has in the coordinates of the system, it may choose another.
    far = []
    for way, found in through.items():
        there = Transformer.from_crs(CRS.from_proj4(shifted(text, known[name][way][1])), 4326, always_xy=True)
        near = max(CLOSE, 2 * known[name][way][2])
        far += [away for x, y, at in found if (away := metres(there.transform(x, y), at)) > near]
        same = [(x, y, at) for x, y, at in found if metres(there.transform(x, y), at) <= CLOSE]
        if same:
            points[way] = same[len(same) // 2]
    if far:
        print(f"{code}: {len(far)} of {compared} points otherwise, by {max(far):.0f} m at the most")
    if not points or len(far) > compared * 0.1 or max(far, default=0) > 100:
        return None
    shifts[name] = known[name]
    return order, f"@{name}", list(points.values()), -1


def esri(codes):
    """The codes of Esri: those of EPSG that say the same, and what is needed of the others."""
    for info in query_crs_info("ESRI", ["PROJECTED_CRS", "GEOGRAPHIC_2D_CRS"], allow_deprecated=True):
        crs = CRS.from_authority("ESRI", info.code)
        same = crs.to_epsg(min_confidence=100)
        if same is None:
            listed = [one for one in crs.list_authority(auth_name="EPSG", min_confidence=90) if crs.equals(CRS.from_epsg(one.code), ignore_axis_order=True)]
            same = int(listed[0].code) if listed else None
        if info.code in ("102100", "102113"):
            same = 3857
        if same in codes:
            yield int(info.code), same, None
        elif same is None:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    text = crs.to_proj4()
            except Exception:  # what the old texts cannot say
                continue
            yield int(info.code), None, re.sub(r" ?\+(type=crs|no_defs)", "", text)


def in_ranges(kept):
    index = 0
    while index < len(kept):
        last = index
        while last + 1 < len(kept) and kept[last + 1][0] == kept[last][0] + 1 and kept[last + 1][1] == kept[index][1]:
            last += 1
        yield kept[index][0], kept[last][0], kept[index][1]
        index = last + 1


def main():
    defs = re.findall(r'^EPSG_\d+\|(\d+)\|"([^"]*)"', Path(sys.argv[1]).read_text(), re.M)
    kept, esris, known, shifts = [], [], {}, {}

    def found(code, text, name):
        # One shift for the whole area is tried after those that are for parts of it, if the area has such parts.
        for look_at in (lambda: several(code, text, known, shifts, 2), lambda: look(code, text), lambda: several(code, text, known, shifts)):
            try:
                if seen := look_at():
                    return seen
            except Exception:
                pass

    for code, text in defs:
        text = text.replace("+no_defs", "+axis=swu +no_defs") if int(code) in SOUTH_WEST else text
        if seen := found(int(code), text, code):
            kept.append((int(code), *seen))
    here = Path("data/crs")
    here.mkdir(exist_ok=True, parents=True)

    def accuracy(value):
        return f"{value:.10g}" if value > 0 else ""

    lines = [f"{first}\t{last}\t" + "\t".join(said) for first, last, said in in_ranges([(code, (order, shift, accuracy(good))) for code, order, shift, _, good in kept])]
    (here / "epsg.tsv").write_text("\n".join(["first\tlast\torder\ttowgs84\taccuracy", *lines]) + "\n")
    same = []
    for code, epsg, text in esri({code for code, *_ in kept}):
        if epsg:
            same.append((code, f"{epsg}"))
        elif (seen := found(f"ESRI:{code}", text, code)) and re.match(r"\+proj=(%s) " % "|".join(ESRI), text):
            esris.append((code, text, *seen))
    rows = [f"{code}\t{epsg}\t\t\t" for code, epsg in same]
    rows += [f"{code}\t\t{text}\t{shift}\t{accuracy(good)}" for code, text, _, shift, _, good in esris]
    rows.sort(key=lambda row: int(row.split("\t")[0]))
    (here / "esri.tsv").write_text("\n".join(["code\tepsg\ttext\ttowgs84\taccuracy", *rows]) + "\n")
    rows = []
    for name in sorted(shifts, key=int):
        for (west, south, east, north), numbers, good, is_offshore in shifts[name]:
            place = "sea" if is_offshore else ""
            rows.append(f"{name}\t{west:.10g}\t{south:.10g}\t{east:.10g}\t{north:.10g}\t{numbers}\t{accuracy(good)}\t{place}")
    (here / "shifts.tsv").write_text("\n".join(["datum\twest\tsouth\teast\tnorth\ttowgs84\taccuracy\tplace", *rows]) + "\n")
    rows = []
    for authority, code, shift, points in [*(("EPSG", code, shift, points) for code, _, shift, points, _ in kept), *(("ESRI", code, shift, points) for code, _, _, shift, points, _ in esris)]:
        for x, y, (lon, lat) in points if shift.startswith("@") else points[:1]:
            rows.append(f"{authority}\t{code}\t{round(x, 7):.12g}\t{round(y, 7):.12g}\t{lon:.8f}\t{lat:.8f}")
    (here / "points.tsv").write_text("\n".join(["authority\tcode\tx\ty\tlon\tlat", *rows]) + "\n")
    print(f"{len(kept)} of {len(defs)} codes in {len(lines)} ranges, {len(same)} and {len(esris)} of Esri, {len(shifts)} datums with several shifts")


main()
