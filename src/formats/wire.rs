//! Numbers and fields as Protocol Buffers write them; PMTiles writes its numbers so too.

/// Appends a text as a field.
pub(super) fn text_field(out: &mut Vec<u8>, field: u8, text: &str) {
    out.push(field << 3 | 2);
    varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Bytes of a field of so many bytes: its number, their count, themselves.
pub(super) fn field_length(length: usize) -> usize {
    1 + varint_length(length as u64) + length
}

/// The groups of a number in the low bytes of a word, and how many they are.
#[inline]
pub(super) fn varint_word(number: u32) -> (u64, usize) {
    let number = u64::from(number);
    let group = |index: u32| (number & 0x7f << (7 * index)) << index;
    // Every group but the last says that there is another.
    match number {
        ..0x80 => (number, 1),
        0x80..0x4000 => (group(0) | group(1) | 0x80, 2),
        0x4000..0x20_0000 => (group(0) | group(1) | group(2) | 0x8080, 3),
        0x20_0000..0x1000_0000 => (group(0) | group(1) | group(2) | group(3) | 0x80_8080, 4),
        _ => (group(0) | group(1) | group(2) | group(3) | group(4) | 0x8080_8080, 5),
    }
}

/// Appends the low bytes of a word, eight at the most: written as a whole, which takes no call, and cut.
#[inline]
pub(super) fn word(out: &mut Vec<u8>, word: u64, length: usize) {
    let end = out.len() + length;
    out.extend_from_slice(&word.to_le_bytes());
    out.truncate(end);
}

/// Bytes of a number.
pub(super) fn varint_length(number: u64) -> usize {
    (64 - (number | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends a number in groups of seven bits, the lowest first.
#[inline]
pub(super) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_are_said_to_be() {
        for number in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, number);
            assert_eq!(out.len(), varint_length(number), "{number}");
            if let Ok(number) = u32::try_from(number) {
                let ((groups, length), mut cut) = (varint_word(number), vec![1]);
                word(&mut cut, groups, length);
                assert_eq!(cut[1..], out, "{number}");
            }
        }
    }
}
