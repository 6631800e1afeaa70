//! Text with one byte for a letter of most scripts, in the manner of SCSU (Unicode Technical Standard 6).
//!
//! ASCII stands for itself, but for control characters, which become spaces. A byte from 0x80 on is a letter of the window that was
//! opened last (Latin-1 at first), or the first of two for an ideograph or a Hangul syllable. Bytes below 0x20 open windows, and
//! escape one character that no window has. The code of a beginning is a beginning of the code, and a space is always a space.

/// First letter of each window of 128; its opening byte is its index plus 1.
const WINDOWS: [u32; 26] = [
    0x80, 0x100, 0x180, 0x370, 0x400, 0x480, 0x530, 0x590, 0x600, 0x680, 0x900, 0x980, 0xa00, 0xa80, 0xb80, 0xc00, 0xc80, 0xd00, 0xd80,
    0xe00, 0x1000, 0x10a0, 0x1e00, 0x1e80, 0x30a0, 0x3040,
];
/// Two bytes a letter: first letter, number of letters; opened by 0x1b and 0x1c.
const WIDE: [(u32, u32); 2] = [(0x4e00, 0x5200), (0xac00, 0x2ba4)];
const FIRST_WIDE: u8 = 0x1b;
const ESCAPE: u8 = 0x1f;
/// Values of the second of two bytes, from 0x21 on.
const SECOND: u32 = 0xff - 0x20;

/// Encodes a text.
pub fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut open = 1;
    for c in text.chars() {
        let code = c as u32;
        if c.is_ascii() {
            out.push(if c.is_control() { b' ' } else { c as u8 });
        } else if let Some(window) = WINDOWS.iter().position(|&base| (base..base + 0x80).contains(&code)) {
            switch(&mut out, &mut open, window as u8 + 1);
            out.push(0x80 + (code - WINDOWS[window]) as u8);
        } else if let Some(wide) = WIDE.iter().position(|&(base, length)| (base..base + length).contains(&code)) {
            switch(&mut out, &mut open, FIRST_WIDE + wide as u8);
            let code = code - WIDE[wide].0;
            out.extend([0x80 + (code / SECOND) as u8, 0x21 + (code % SECOND) as u8]);
        } else {
            out.push(ESCAPE);
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    out
}

fn switch(out: &mut Vec<u8>, open: &mut u8, wanted: u8) {
    if *open != wanted {
        out.push(wanted);
        *open = wanted;
    }
}

/// Decodes a text; bytes that no text is encoded as are left out.
pub fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut open = 1;
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            0x20..=0x7f => text.push(byte.into()),
            ESCAPE => {
                let length = rest.iter().take(4).position(|byte| byte & 0xc0 != 0x80 && *byte < 0x80).unwrap_or(rest.len().min(4));
                let valid = (1..=length).find_map(|length| std::str::from_utf8(&rest[..length]).ok());
                text.push_str(valid.unwrap_or_default());
                rest = &rest[valid.map_or(0, str::len)..];
            }
            0x80.. if open >= FIRST_WIDE => {
                let Some((&second, after)) = rest.split_first() else { break };
                rest = after;
                let code = u32::from(byte - 0x80) * SECOND + u32::from(second.saturating_sub(0x21));
                let base = WIDE.get(usize::from(open - FIRST_WIDE)).map_or(0, |wide| wide.0);
                text.extend(char::from_u32(base + code));
            }
            0x80.. => {
                let base = WINDOWS.get(usize::from(open).wrapping_sub(1)).copied().unwrap_or(0x80);
                text.extend(char::from_u32(base + u32::from(byte - 0x80)));
            }
            window => open = window,
        }
    }
    text
}

/// The first character of a text, without decoding the others; `None` where it is one that is spelt out, or there is none.
pub fn first_letter(bytes: &[u8]) -> Option<char> {
    let (&first, rest) = bytes.split_first()?;
    let (open, rest) = if first < 0x20 { (first, rest) } else { (1, bytes) };
    match *rest.first()? {
        byte @ 0x20..=0x7f if first >= 0x20 => Some(byte.into()),
        byte @ 0x80.. if open >= FIRST_WIDE => {
            let base = WIDE.get(usize::from(open - FIRST_WIDE))?.0;
            char::from_u32(base + u32::from(byte - 0x80) * SECOND + u32::from(rest.get(1)?.saturating_sub(0x21)))
        }
        byte @ 0x80.. => char::from_u32(WINDOWS.get(usize::from(open).wrapping_sub(1))? + u32::from(byte - 0x80)),
        _ => None,
    }
}

/// Whether the folded form of a text may hold a letter or digit of ASCII, in lower case: it stands there, or a letter does that may be
/// folded to it.
pub fn may_hold(bytes: &[u8], letter: u8) -> bool {
    /// Latin-1, Latin Extended-A and -B, Additional: the windows of letters that are written as others in ASCII.
    const LATIN: [u8; 5] = [1, 2, 3, 23, 24];
    let mut open = 1;
    let mut second = false;
    bytes.iter().any(|&byte| {
        if std::mem::take(&mut second) {
            return false;
        }
        match byte {
            ESCAPE => true,
            0..0x20 => {
                open = byte;
                false
            }
            0x20..0x80 => byte.to_ascii_lowercase() == letter,
            _ => {
                second = open >= FIRST_WIDE;
                LATIN.contains(&open)
            }
        }
    })
}

/// Whether the folded form of a text may hold a letter beyond ASCII: a window of its script is open somewhere, or a character is spelt
/// out. Of Han characters, which are folded to themselves, whether this very one may stand there.
pub fn may_hold_other(bytes: &[u8], letter: char) -> bool {
    let code = letter as u32;
    let wide = |index: usize| WIDE.get(index).and_then(|&(base, length)| code.checked_sub(base).filter(|code| *code < length));
    if let Some(code) = wide(0) {
        let pair = [0x80 + (code / SECOND) as u8, 0x21 + (code % SECOND) as u8];
        return bytes.windows(2).any(|two| *two == pair) || bytes.contains(&ESCAPE);
    }
    let signs: &[u8] = match code {
        // Latin-1 has a mu.
        0x370..0x400 => &[4, 0xb5],
        0x400..0x500 => &[5, 6],
        0x530..0x590 => &[7],
        0x590..0x610 => &[8],
        0x610..0x700 => &[9, 10],
        0x900..0x980 => &[11],
        0x980..0xa00 => &[12],
        0xa00..0xa80 => &[13],
        0xa80..0xb00 => &[14],
        0xb80..0xc00 => &[15],
        0xc00..0xc80 => &[16],
        0xc80..0xd00 => &[17],
        0xd00..0xd80 => &[18],
        0xd80..0xe00 => &[19],
        0xe00..0xe80 => &[20],
        0x1000..0x10a0 => &[21],
        0x10a0..0x1100 => &[22],
        // What Hangul syllables are folded to.
        0x1100..0x1200 => &[22, FIRST_WIDE + 1],
        0x3040..0x3100 => &[25, 26],
        _ => return true,
    };
    bytes.iter().any(|byte| *byte == ESCAPE || signs.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn most_scripts_take_a_byte_a_letter() {
        for (text, length) in [("gao", 3), ("Ségou", 5), ("Бамако", 7), ("تمبكتو", 7), ("バマコ", 4), ("巴马科", 7), ("서울 a", 7)]
        {
            assert_eq!(encode(text).len(), length, "{text}");
        }
    }

    proptest! {
        #[test]
        fn texts_come_back(text in "\\PC{0,30}", more in "[aéжبあカ京서ᱟ ]{0,20}") {
            let text = text + &more;
            prop_assert_eq!(decode(&encode(&text)), text);
        }

        #[test]
        fn a_beginning_is_encoded_as_a_beginning(text in "[aéжبあカ京서ᱟ ]{0,20}", cut in 0usize..20) {
            let beginning: String = text.chars().take(cut).collect();
            prop_assert!(encode(&text).starts_with(&encode(&beginning)));
            prop_assert_eq!(encode(&text).iter().filter(|&&byte| byte == b' ').count(), text.matches(' ').count());
        }

        #[test]
        fn the_first_letter_is_that_of_the_text(text in "[aéжبあカ京서ᱟ ]{0,4}") {
            let first = first_letter(&encode(&text));
            prop_assert!(first.is_none() || first == text.chars().next());
            prop_assert!(first.is_some() || text.is_empty() || text.starts_with('ᱟ'));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            decode(&bytes);
            first_letter(&bytes);
            may_hold(&bytes, b'a');
            may_hold_other(&bytes, '京');
            may_hold_other(&bytes, 'ж');
        }
    }
}
