//! The grammar: from a text to what it says, or to the rule that it breaks.

use super::{
    civil,
    clock::{Clock, ClockFault, Grammar},
    error::{Spot, WhenError},
    form::{Dated, End, Form, Member, Part, Point, Qualifier, TimeOfDate},
    scan::Scanner,
};

/// The longest text read, in bytes.
pub(super) const MAX_BYTES: usize = 256;

const DATE_SHAPE: &str = "'-' or the end (a year of more than four digits is written with Y)";

/// Reads a whole text.
pub(super) fn form(text: &str) -> Result<Form, WhenError> {
    if text.is_empty() {
        return Err(WhenError::Empty(Spot::new(text, 0)));
    }
    if text.len() > MAX_BYTES {
        let shown: String = text.chars().take(24).chain(['…']).collect();
        let at = text.char_indices().take_while(|(byte, _)| *byte < MAX_BYTES).count();
        return Err(WhenError::TooLong(Spot { text: shown, at }, text.len(), MAX_BYTES));
    }
    let mut scan = Scanner::new(text).map_err(|(spot, found)| WhenError::NotAscii(spot, found))?;
    match (scan.peek(), text.find('/')) {
        (Some(b'['), _) => set(&mut scan),
        (Some(b'{'), _) => Err(WhenError::LevelTwo(scan.spot(), "a set that means all of its members is")),
        (_, Some(slash)) => interval(&scan, slash, text.len()),
        _ => whole_point(&mut scan).map(Form::Single),
    }
}

fn interval(scan: &Scanner<'_>, slash: usize, length: usize) -> Result<Form, WhenError> {
    let mut after = scan.part(slash + 1, length);
    let start = end(&mut scan.part(0, slash))?;
    let end = end(&mut after)?;
    if !matches!((start, end), (End::At(_), _) | (_, End::At(_))) {
        return Err(WhenError::NoEnds(scan.spot()));
    }
    let form = Form::Interval(start, end);
    if form.bounds().is_none() {
        return Err(WhenError::EndBeforeStart(scan.spot_at(slash + 1)));
    }
    Ok(form)
}

fn end(scan: &mut Scanner<'_>) -> Result<End, WhenError> {
    match scan.rest() {
        "" => Ok(End::Unknown),
        ".." => {
            scan.eat("..");
            Ok(End::Open)
        }
        _ => whole_point(scan).map(End::At),
    }
}

fn set(scan: &mut Scanner<'_>) -> Result<Form, WhenError> {
    scan.bump();
    let mut members = Vec::new();
    loop {
        members.push(member(scan)?);
        if scan.eat("]") {
            break;
        }
        if !scan.eat(",") {
            return Err(expected(scan, "',' or ']'"));
        }
        // The specification's own examples have a space there.
        scan.take(usize::MAX, |byte| byte == b' ');
    }
    finish(scan)?;
    Ok(Form::OneOf(members))
}

fn member(scan: &mut Scanner<'_>) -> Result<Member, WhenError> {
    let at_end = |scan: &Scanner<'_>| matches!(scan.peek(), None | Some(b']' | b','));
    let start = scan.at();
    if scan.eat("..") {
        if at_end(scan) {
            return Err(WhenError::NoEnds(scan.spot_at(start)));
        }
        return member_date(scan).map(Member::Until);
    }
    let first = member_date(scan)?;
    if !scan.eat("..") {
        return Ok(Member::At(first));
    }
    if at_end(scan) {
        return Ok(Member::From(first));
    }
    let last_at = scan.at();
    let member = Member::Between(first, member_date(scan)?);
    if member.bounds().is_none() {
        return Err(WhenError::RangeOrder(scan.spot_at(last_at)));
    }
    Ok(member)
}

fn member_date(scan: &mut Scanner<'_>) -> Result<Dated, WhenError> {
    let date = dated(scan)?;
    if scan.peek() == Some(b'T') { Err(WhenError::TimeInSet(scan.spot())) } else { Ok(date) }
}

fn whole_point(scan: &mut Scanner<'_>) -> Result<Point, WhenError> {
    let date = dated(scan)?;
    if scan.peek() != Some(b'T') {
        finish(scan)?;
        return Ok(Point::Date(date));
    }
    let Dated { part: Part::Day(year, month, day), qualifier: None } = date else {
        return Err(WhenError::TimeNeedsDay(scan.spot()));
    };
    scan.bump();
    let clock = Clock::read(scan, Grammar::Edtf).map_err(|fault| match fault {
        ClockFault::Expected(what) => expected(scan, what),
        ClockFault::Outside(at, unit, number, last) => WhenError::Time(scan.spot_at(at), unit, number, last),
        ClockFault::LeapSecond(at) => WhenError::LeapSecond(scan.spot_at(at)),
    })?;
    if is_qualifier(scan.peek()) {
        return Err(WhenError::QualifiedTime(scan.spot()));
    }
    finish(scan)?;
    Ok(Point::Time(TimeOfDate { year, month, day, clock }))
}

/// A date with its qualifier, as far as it goes; what follows is the caller's.
fn dated(scan: &mut Scanner<'_>) -> Result<Dated, WhenError> {
    if is_qualifier(scan.peek()) {
        return Err(WhenError::LevelTwo(scan.spot(), "a qualifier before a date or a part of it is"));
    }
    let part = if scan.eat("Y") { long_year(scan)? } else { part(scan)? };
    let qualifier = match scan.peek() {
        Some(b'?') => Some(Qualifier::Uncertain),
        Some(b'~') => Some(Qualifier::Approximate),
        Some(b'%') => Some(Qualifier::UncertainAndApproximate),
        Some(b'S') => return Err(WhenError::LevelTwo(scan.spot(), "a number of significant digits is")),
        _ => return Ok(Dated::plain(part)),
    };
    let at = scan.at();
    scan.bump();
    if scan.peek() == Some(b'-') {
        return Err(WhenError::LevelTwo(scan.spot_at(at), "a qualifier of a part of a date is"));
    }
    Ok(Dated { part, qualifier })
}

fn long_year(scan: &mut Scanner<'_>) -> Result<Part, WhenError> {
    let start = scan.at();
    let negative = scan.eat("-");
    let digits = scan.take(usize::MAX, |byte| byte.is_ascii_digit());
    if scan.peek() == Some(b'E') && !digits.is_empty() {
        return Err(WhenError::LevelTwo(scan.spot(), "a year with an exponent is"));
    }
    if digits.len() < 5 || digits.starts_with('0') {
        return Err(WhenError::LongYear(scan.spot_at(start)));
    }
    let sign = if negative { "-" } else { "" };
    let year = digits.parse::<i64>().ok().map(|year| if negative { -year } else { year });
    match year.filter(|year| (civil::FIRST_YEAR..=civil::LAST_YEAR).contains(year)) {
        Some(year) => Ok(Part::Year(year)),
        None => Err(WhenError::Year(scan.spot_at(start), format!("{sign}{digits}"))),
    }
}

fn part(scan: &mut Scanner<'_>) -> Result<Part, WhenError> {
    let start = scan.at();
    let negative = scan.eat("-");
    let digits_at = scan.at();
    let digits = scan.take(4, |byte| byte.is_ascii_digit() || byte == b'X');
    if digits.len() < 4 {
        return Err(expected(scan, "a year of four digits"));
    }
    let known = digits.trim_end_matches('X');
    let unknown = digits.len() - known.len();
    if known.contains('X') || unknown > 2 {
        return Err(WhenError::LevelTwo(scan.spot_at(digits_at), "a year with unspecified digits other than the last one or two is"));
    }
    let number = known.bytes().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    let follows = scan.peek();
    if unknown > 0 {
        let years = if unknown == 1 { 10 } else { 100 };
        return match follows {
            Some(b'-') => Err(WhenError::LevelTwo(scan.spot_at(digits_at), "an unspecified digit left of a known part is")),
            _ => Ok(Part::SomeYear { before_christ: negative, from: number * years, years }),
        };
    }
    if negative && number == 0 {
        return Err(WhenError::NegativeZero(scan.spot_at(start)));
    }
    let year = if negative { -number } else { number };
    match follows {
        Some(b'-') => month(scan, year),
        Some(byte) if byte.is_ascii_digit() => Err(expected(scan, DATE_SHAPE)),
        Some(b'E') => Err(WhenError::LevelTwo(scan.spot(), "a year with an exponent is")),
        _ => Ok(Part::Year(year)),
    }
}

/// Two digits, or two unspecified ones (`None`).
fn pair(scan: &mut Scanner<'_>, what: &'static str) -> Result<Option<u8>, WhenError> {
    if is_qualifier(scan.peek()) {
        return Err(WhenError::LevelTwo(scan.spot(), "a qualifier of a part of a date is"));
    }
    let at = scan.at();
    match scan.take(2, |byte| byte.is_ascii_digit() || byte == b'X') {
        "XX" => Ok(None),
        two if two.len() < 2 => Err(expected(scan, what)),
        two => match two.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(WhenError::LevelTwo(scan.spot_at(at), "one unspecified digit of two is")),
        },
    }
}

fn month(scan: &mut Scanner<'_>, year: i64) -> Result<Part, WhenError> {
    scan.bump();
    let at = scan.at();
    let month = pair(scan, "two digits of a month")?;
    let has_day = scan.peek() == Some(b'-');
    match month {
        None if !has_day => Ok(Part::SomeMonth(year)),
        Some(month @ 1..=12) if !has_day => Ok(Part::Month(year, month)),
        Some(21..=24) if has_day => Err(WhenError::SeasonDay(scan.spot())),
        Some(season @ 21..=24) => Ok(Part::Season(year, season)),
        Some(25..=41) => Err(WhenError::LevelTwo(scan.spot_at(at), "a part of the year numbered 25..41 is")),
        Some(month) if !(1..=12).contains(&month) => Err(WhenError::Month(scan.spot_at(at), month)),
        month => day(scan, year, month),
    }
}

fn day(scan: &mut Scanner<'_>, year: i64, month: Option<u8>) -> Result<Part, WhenError> {
    scan.bump();
    let at = scan.at();
    match (month, pair(scan, "two digits of a day")?) {
        (None, None) => Ok(Part::SomeDayOfYear(year)),
        (None, Some(_)) => Err(WhenError::LevelTwo(scan.spot_at(at), "a known day of an unspecified month is")),
        (Some(month), None) => Ok(Part::SomeDayOfMonth(year, month)),
        (Some(month), Some(day)) => {
            let last = civil::month_days(year, month);
            if (1..=last).contains(&day) { Ok(Part::Day(year, month, day)) } else { Err(WhenError::Day(scan.spot_at(at), day, last)) }
        }
    }
}

fn is_qualifier(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'?' | b'~' | b'%'))
}

fn expected(scan: &Scanner<'_>, what: &'static str) -> WhenError {
    WhenError::Expected(scan.spot(), what, scan.found())
}

fn finish(scan: &Scanner<'_>) -> Result<(), WhenError> {
    match scan.rest() {
        "" => Ok(()),
        rest => Err(WhenError::Trailing(scan.spot(), rest.to_owned())),
    }
}
