//! Numbers as filters compute with them.

use std::{cmp::Ordering, fmt};

/// A number: whole where it is written whole and fits 64 bits, else a double. Never infinite, never not-a-number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Num {
    /// A whole number.
    Int(i64),
    /// Any other.
    Real(f64),
}

/// An operation of arithmetic (OGC 21-065r2, clause 7.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`: the exact quotient.
    Divide,
    /// `div`: the quotient cut to a whole number, towards zero.
    Div,
    /// `%`: what `div` leaves, with the sign of the dividend.
    Modulo,
    /// `^`
    Power,
}

impl Arithmetic {
    /// Every operation with its sign.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Add, "+"),
        (Self::Subtract, "-"),
        (Self::Multiply, "*"),
        (Self::Divide, "/"),
        (Self::Div, "div"),
        (Self::Modulo, "%"),
        (Self::Power, "^"),
    ];

    /// Its sign.
    pub fn sign(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The result; `None` for a division by zero and where the result is no finite number.
    pub fn of(self, left: Num, right: Num) -> Option<Num> {
        let exact = match (self, left, right) {
            (Self::Add, Num::Int(a), Num::Int(b)) => a.checked_add(b),
            (Self::Subtract, Num::Int(a), Num::Int(b)) => a.checked_sub(b),
            (Self::Multiply, Num::Int(a), Num::Int(b)) => a.checked_mul(b),
            (Self::Div, Num::Int(a), Num::Int(b)) => a.checked_div(b),
            (Self::Modulo, Num::Int(a), Num::Int(b)) => a.checked_rem(b),
            _ => None,
        };
        if let Some(number) = exact {
            return Some(Num::Int(number));
        }
        let (a, b) = (left.as_f64(), right.as_f64());
        Num::from_f64(match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Div => (a / b).trunc(),
            Self::Modulo => a % b,
            Self::Power => a.powf(b),
        })
    }
}

/// Up to here every whole number is a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Num {
    /// A double, as a whole number where it is one that doubles hold exactly; `None` where it is infinite or not a number.
    pub fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let whole = value.trunc() == value && value.abs() <= EXACT;
        Some(if whole { Self::Int(value as i64) } else { Self::Real(value) })
    }

    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Real(value) => value,
        }
    }

    /// The number that a rounding function makes of it; a whole number stays whole.
    #[must_use]
    pub fn map(self, round: impl Fn(f64) -> f64) -> Self {
        match self {
            // The least whole number has no counterpart with the other sign; as a double it has.
            Self::Int(value) if value.unsigned_abs() > EXACT as u64 => {
                if round(value as f64) < 0.0 || value > 0 {
                    self
                } else {
                    value.checked_neg().map_or(Self::Real(-(value as f64)), Self::Int)
                }
            }
            _ => Self::from_f64(round(self.as_f64())).unwrap_or(self),
        }
    }

    /// Which is greater, exactly: a whole number is not rounded to a double to compare it with one.
    pub fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            (Self::Real(a), Self::Real(b)) => a.partial_cmp(&b).expect("neither is not a number"),
            (Self::Int(a), Self::Real(b)) => compare(a, b),
            (Self::Real(a), Self::Int(b)) => compare(b, a).reverse(),
        }
    }
}

fn compare(whole: i64, real: f64) -> Ordering {
    // Beyond the range of 64 bits the sign decides; within it the whole part of a double is a whole number of 64 bits.
    if real >= 9_223_372_036_854_775_808.0 {
        return Ordering::Less;
    }
    if real < -9_223_372_036_854_775_808.0 {
        return Ordering::Greater;
    }
    let floor = real.floor();
    whole.cmp(&(floor as i64)).then(if real > floor { Ordering::Less } else { Ordering::Equal })
}

/// Prints what reads back as the same number.
impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            // Without an exponent a large number takes hundreds of digits.
            Self::Real(value) if value.abs() >= 1e16 || value.abs() < 1e-5 => write!(f, "{value:E}"),
            Self::Real(value) => value.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_not_rounded() {
        let big = 9_007_199_254_740_993;
        assert_eq!(Num::Int(big).compare(Num::Real(9_007_199_254_740_992.0)), Ordering::Greater);
        assert_eq!(Num::Real(0.5).compare(Num::Int(0)), Ordering::Greater);
        assert_eq!(Num::Real(-0.5).compare(Num::Int(0)), Ordering::Less);
        assert_eq!(Num::Int(i64::MAX).compare(Num::Real(9.3e18)), Ordering::Less);
        assert_eq!(Num::Int(i64::MIN).compare(Num::Real(-1e300)), Ordering::Greater);
        assert_eq!(Num::from_f64(3.0), Some(Num::Int(3)));
    }

    #[test]
    fn arithmetic_is_that_of_the_standard() {
        let of = |operation: Arithmetic, a, b| operation.of(Num::Int(a), Num::Int(b));
        assert_eq!(of(Arithmetic::Divide, 7, 2), Some(Num::Real(3.5)));
        assert_eq!(of(Arithmetic::Div, -7, 2), Some(Num::Int(-3)));
        assert_eq!(of(Arithmetic::Modulo, -7, 2), Some(Num::Int(-1)));
        assert_eq!(of(Arithmetic::Power, 2, 10), Some(Num::Int(1024)));
        for operation in [Arithmetic::Divide, Arithmetic::Div, Arithmetic::Modulo] {
            assert_eq!(of(operation, 1, 0), None);
        }
        assert_eq!(of(Arithmetic::Add, i64::MAX, 1), Some(Num::Real(9_223_372_036_854_775_808.0)));
        assert_eq!(of(Arithmetic::Power, 10, 400), None);
    }
}
