"""A GeoParquet file as Apache Arrow reads it: its metadata and its rows as JSON. Arguments: the file, and a box (west south east north)
that row groups and rows must meet, by the column of boxes."""

import json
import struct
import sys

import pyarrow.compute as pc
import pyarrow.parquet as pq

path, box = sys.argv[1], [float(edge) for edge in sys.argv[2:]]
file = pq.ParquetFile(path)
text = {key.decode(): value.decode() for key, value in (file.metadata.metadata or {}).items() if key != b"ARROW:schema"}
geo = json.loads(text["geo"]) if "geo" in text else None
wanted = None
if box:
    west, south, east, north = box
    field = lambda edge: pc.field("bbox", edge)
    wanted = (field("xmin") <= east) & (field("xmax") >= west) & (field("ymin") <= north) & (field("ymax") >= south)
table = pq.read_table(path, filters=wanted)


def point(wkb):
    """Longitude and latitude of a point; the other types are read back elsewhere."""
    if wkb is None:
        return None
    order, kind = struct.unpack_from("<BI", wkb)
    assert order == 1 and kind in (1, 1001), wkb
    return list(struct.unpack_from("<2d", wkb, 5))


rows = table.to_pylist()
for row in rows:
    if geo:
        row[geo["primary_column"]] = point(row[geo["primary_column"]])
types = {field.name: str(field.type) for field in table.schema}
groups = [file.metadata.row_group(index).num_rows for index in range(file.metadata.num_row_groups)]
print(json.dumps({"geo": geo, "types": types, "groups": groups, "text": text, "rows": rows}, default=str))
