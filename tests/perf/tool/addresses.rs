//! The addresses that are asked for: 50,000 different ones of each kind.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

use crate::{
    counted::{Counted, Edges},
    features::{centres, places},
    seeded::Random,
};

/// How many addresses a list has.
const EACH: usize = 50_000;
/// Features on a page.
const LIMITS: [usize; 4] = [10, 100, 1000, 10_000];
/// How many polygons are served beside the points.
const POLYGONS: usize = 50_000;
/// Half of the 40 years in which the features' dates lie.
const HALF_OF_TIME: &str = "2000-01-01T00:00:00Z/2019-12-31T23:59:59Z";

/// Writes the lists for the first `count` points: `bbox-LIMIT`, boxes sized to hold the limit; `runs-LIMIT`, cells of the quadtree,
/// whose features stand one after another along the curve; `time-100`, boxes of 200 features of which a datetime leaves half; `polygons-100`,
/// boxes sized by the polygons' centres; `item`; `filter-100`, boxes of 400 features of which a datetime and a comparison leave a quarter.
pub(crate) fn write(count: usize, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let points = Counted::new(places(count).collect());
    let mut random = Random(3);
    let mut list = |name: &str, address: &mut dyn FnMut(&mut Random) -> String| -> io::Result<()> {
        let mut out = BufWriter::new(File::create(folder.join(name))?);
        (0..EACH).try_for_each(|_| writeln!(out, "/collections/{}", address(&mut random)))?;
        out.flush()
    };
    for limit in LIMITS.into_iter().filter(|limit| *limit < count) {
        list(&format!("bbox-{limit}"), &mut |random| format!("points/items?bbox={}&limit={limit}", square(&points, limit, random)))?;
        list(&format!("runs-{limit}"), &mut |random| format!("points/items?bbox={}&limit={limit}", cell(&points, limit, random)))?;
    }
    list("time-100", &mut |random| format!("points/items?bbox={}&datetime={HALF_OF_TIME}&limit=100", square(&points, 200, random)))?;
    let centres = Counted::new(centres(POLYGONS).collect());
    list("polygons-100", &mut |random| format!("polygons/items?bbox={}&limit=100", square(&centres, 100, random)))?;
    list("item", &mut |random| format!("points/items/{:07}", random.below(count)))?;
    let few_people = "filter=people%3C500000";
    list("filter-100", &mut |random| {
        format!("points/items?bbox={}&datetime={HALF_OF_TIME}&{few_people}&limit=100", square(&points, 400, random))
    })
}

/// The smallest square about a random point that holds `hits`, cut off at the edges of the world.
fn square(points: &Counted, hits: usize, random: &mut Random) -> String {
    let [x, y] = points.points()[random.below(points.points().len())];
    let square = |half: f64| [(x - half).max(-180.0), (y - half).max(-90.0), (x + half).min(180.0), (y + half).min(90.0)];
    // Halving the ratio finds a size of any order of magnitude; 180° hold everything.
    let (mut low, mut high) = (1e-7_f64, 180.0);
    while high > low * 1.001 {
        let half = (low * high).sqrt();
        if points.inside(&square(half)) < hits { low = half } else { high = half }
    }
    text(square(high))
}

/// The smallest cell of the quadtree about a random point that holds `hits`.
fn cell(points: &Counted, hits: usize, random: &mut Random) -> String {
    let [x, y] = points.points()[random.below(points.points().len())];
    let mut cell = [-180.0, -90.0, 180.0, 90.0];
    loop {
        let (mid_x, mid_y) = ((cell[0] + cell[2]) / 2.0, (cell[1] + cell[3]) / 2.0);
        let (west, east) = if x < mid_x { (cell[0], mid_x) } else { (mid_x, cell[2]) };
        let (south, north) = if y < mid_y { (cell[1], mid_y) } else { (mid_y, cell[3]) };
        let quarter = [west, south, east, north];
        if points.inside(&quarter) < hits {
            return text(cell);
        }
        cell = quarter;
    }
}

fn text(edges: Edges) -> String {
    let [west, south, east, north] = edges;
    format!("{west:.7},{south:.7},{east:.7},{north:.7}")
}
