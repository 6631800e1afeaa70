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
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, number);
            assert_eq!(out.len(), varint_length(number), "{number}");
        }
    }
}
