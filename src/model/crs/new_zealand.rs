//! The New Zealand Map Grid (EPSG method 9811), which the library does not have.
//!
//! A conformal projection made of a polynomial of complex numbers, of least change of scale over the country: W. I. Reilly,
//! "A conformal mapping projection with minimum scale error", Survey Review 22 (1973), pp. 57–71. The coefficients are those that
//! Land Information New Zealand publishes; the inverse is found by Newton's method on the polynomial itself, and so leads back exactly.

/// The origin, in degrees.
const ORIGIN: [f64; 2] = [173.0, -41.0];
/// Its easting and northing, in metres.
const FALSE: [f64; 2] = [2_510_000.0, 6_023_150.0];
/// Semi-major axis of the International ellipsoid of 1924, in metres.
const AXIS: f64 = 6_378_388.0;
/// 100,000 seconds of arc in a degree: the unit in which the polynomials take differences of latitude.
const UNITS: f64 = 3600.0 * 1e-5;
/// Difference of latitude → of isometric latitude, from the first power on.
const ISOMETRIC: [f64; 10] = [
    0.639_917_507_3,
    -0.135_879_761_3,
    0.063_294_409,
    -0.025_268_53,
    0.011_787_9,
    -0.005_516_1,
    0.002_690_6,
    -0.001_333,
    0.000_67,
    -0.000_34,
];
/// The way back.
const LATITUDE: [f64; 9] =
    [1.562_701_424_3, 0.518_540_639_8, -0.033_330_98, -0.105_290_6, -0.036_859_4, 0.007_317, 0.012_20, 0.003_94, -0.001_3];
/// Isometric latitude and longitude → northing and easting, real and imaginary part of each power.
const PLANE: [Complex; 6] = [
    Complex(0.755_785_322_8, 0.0),
    Complex(0.249_204_646, 0.003_371_507),
    Complex(-0.001_541_739, 0.041_058_560),
    Complex(-0.101_629_07, 0.017_276_09),
    Complex(-0.266_234_89, -0.362_492_18),
    Complex(-0.687_098_3, -1.165_196_7),
];
/// Steps of Newton's method at the most; within the country four are enough.
const STEPS: usize = 20;
/// How far from the origin the polynomials mean anything, in degrees: beyond the country's area they soon do not.
const REACH: f64 = 12.0;

#[derive(Clone, Copy)]
struct Complex(f64, f64);

impl Complex {
    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }

    fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0, self.1 - other.1)
    }

    fn times(self, other: Self) -> Self {
        Self(self.0 * other.0 - self.1 * other.1, self.0 * other.1 + self.1 * other.0)
    }

    fn over(self, other: Self) -> Self {
        let norm = other.0 * other.0 + other.1 * other.1;
        let Self(re, im) = self.times(Self(other.0, -other.1));
        Self(re / norm, im / norm)
    }
}

/// The polynomial without constant, and its derivative.
fn plane(at: Complex) -> (Complex, Complex) {
    let (mut value, mut slope) = (Complex(0.0, 0.0), Complex(0.0, 0.0));
    for (index, factor) in PLANE.into_iter().enumerate().rev() {
        value = value.plus(factor).times(at);
        let times = (index + 1) as f64;
        slope = slope.times(at).plus(Complex(factor.0 * times, factor.1 * times));
    }
    (value, slope)
}

fn real(coefficients: &[f64], at: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, factor| (sum + factor) * at)
}

/// Longitude and latitude in degrees on NZGD49 → easting and northing in metres; `None` far from New Zealand.
pub(super) fn forward([lon, lat]: [f64; 2]) -> Option<[f64; 2]> {
    let east = (lon - ORIGIN[0] + 180.0).rem_euclid(360.0) - 180.0;
    let north = lat - ORIGIN[1];
    if !(east.abs() < REACH && north.abs() < REACH) {
        return None;
    }
    let (Complex(north, east), _) = plane(Complex(real(&ISOMETRIC, north * UNITS), east.to_radians()));
    Some([FALSE[0] + east * AXIS, FALSE[1] + north * AXIS])
}

/// Easting and northing in metres → longitude and latitude in degrees on NZGD49; `None` far from New Zealand.
pub(super) fn inverse([x, y]: [f64; 2]) -> Option<[f64; 2]> {
    let wanted = Complex((y - FALSE[1]) / AXIS, (x - FALSE[0]) / AXIS);
    let mut at = wanted.over(PLANE[0]);
    for _ in 0..STEPS {
        let (value, slope) = plane(at);
        let step = value.minus(wanted).over(slope);
        at = at.minus(step);
        if step.0.abs().max(step.1.abs()) < 1e-15 {
            break;
        }
    }
    let place = [ORIGIN[0] + at.1.to_degrees(), latitude(ORIGIN[1] + real(&LATITUDE, at.0) / UNITS, at.0)];
    let is_near = (place[0] - ORIGIN[0]).abs() < REACH && (place[1] - ORIGIN[1]).abs() < REACH;
    is_near.then(|| [if place[0] > 180.0 { place[0] - 360.0 } else { place[0] }, place[1]])
}

/// The published way back from the isometric latitude is good to some centimetres; a step or two makes it exact.
fn latitude(mut guess: f64, isometric: f64) -> f64 {
    for _ in 0..3 {
        let north = (guess - ORIGIN[1]) * UNITS;
        let slope = ISOMETRIC.iter().enumerate().rev().fold(0.0, |sum, (index, factor)| sum * north + factor * (index + 1) as f64);
        guess -= (real(&ISOMETRIC, north) - isometric) / slope / UNITS;
    }
    guess
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Longitude and latitude on NZGD49, easting and northing, as `gdaltransform -s_srs EPSG:4272 -t_srs EPSG:27200` of GDAL 3.6.2
    /// with PROJ 9.1.1 has them.
    const GDAL: [([f64; 2], [f64; 2]); 6] = [
        ([174.7772114, -41.2887953], [2658856.75592838, 5989563.19937607]),
        ([173.0, -41.0], [2510000.0, 6023150.0]),
        ([166.5, -46.8], [2013932.0370438, 5359134.68027976]),
        ([172.7389194, -34.4440658], [2487075.42708427, 6751049.79154559]),
        ([178.5, -37.7], [2994976.01640426, 6374559.34332453]),
        ([170.5, -45.87], [2315761.98099783, 5479186.07875871]),
    ];

    #[test]
    fn places_have_the_coordinates_that_gdal_has() {
        for (place, [x, y]) in GDAL {
            let own = forward(place).unwrap();
            assert!((own[0] - x).abs() < 0.001 && (own[1] - y).abs() < 0.001, "{place:?}: {own:?}");
            let back = inverse([x, y]).unwrap();
            assert!((back[0] - place[0]).abs() < 1e-8 && (back[1] - place[1]).abs() < 1e-8, "{place:?}: {back:?}");
        }
    }

    #[test]
    fn far_places_have_none() {
        assert_eq!(forward([-3.0, 16.0]), None);
        assert_eq!(forward([f64::NAN, -41.0]), None);
        assert_eq!(inverse([f64::NAN, 0.0]), None);
        assert_eq!(inverse([1e12, 6e6]), None);
    }

    proptest! {
        #[test]
        fn any_place_of_the_country_comes_back(lon in 165.5..179.9_f64, lat in -48.0..-33.5_f64) {
            let back = inverse(forward([lon, lat]).unwrap()).unwrap();
            prop_assert!((back[0] - lon).abs() < 1e-10 && (back[1] - lat).abs() < 1e-10, "{:?}", back);
        }
    }
}
