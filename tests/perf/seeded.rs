//! Seeded data for figures: the same points, shapes and texts on every machine.

/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), <https://doi.org/10.1145/2714064.2660195>.
pub(crate) struct Random(pub(crate) u64);

/// Centre in degrees and standard deviation in degrees.
pub(crate) type Cluster = (f64, f64, f64);

impl Random {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In 0..end.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// In 0..1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Of mean 0 and variance 1 (Box and Muller).
    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.share()).ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }

    /// 2,000 clusters of σ 0.02–2°.
    pub(crate) fn clusters(&mut self) -> Vec<Cluster> {
        (0..2000).map(|_| (self.share() * 340.0 - 170.0, self.share() * 140.0 - 70.0, 0.02 * 100_f64.powf(self.share()))).collect()
    }

    /// A point of the world, as a town in a map of towns would lie: in a cluster, the first of them the most likely; one in ten anywhere.
    pub(crate) fn place(&mut self, clusters: &[Cluster]) -> geo::Point {
        if self.share() < 0.1 {
            return geo::Point::new(self.share() * 360.0 - 180.0, self.share() * 180.0 - 90.0);
        }
        let (x, y, sigma) = clusters[(self.share().powi(3) * clusters.len() as f64) as usize];
        geo::Point::new((x + self.normal() * sigma).clamp(-180.0, 180.0), (y + self.normal() * sigma).clamp(-90.0, 90.0))
    }

    /// A star of 24 corners, up to 0.1° wide.
    pub(crate) fn star(&mut self, centre: geo::Point) -> geo::Polygon {
        let size = 0.01 + 0.04 * self.share();
        let corner = |step: i32| {
            let (sin, cos) = (f64::from(step) / 24.0 * std::f64::consts::TAU).sin_cos();
            let radius = if step % 2 == 0 { size } else { size / 2.0 };
            geo::Coord { x: (centre.x() + radius * cos).clamp(-180.0, 180.0), y: (centre.y() + radius * sin).clamp(-90.0, 90.0) }
        };
        geo::Polygon::new((0..24).map(corner).collect(), Vec::new())
    }
}
