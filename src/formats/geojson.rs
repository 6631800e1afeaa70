//! GeoJSON (RFC 7946) pages and items: finished text from the store with a head and links around it.

use std::io::{self, Write};

use bytes::Bytes;

use super::{Link, Others, gzip::Member, write_links, write_links_and_others};
use crate::store::{
    Page, Piece,
    feature_text::{Form, Offsets, write_feature_as},
};

/// Media type of every answer.
pub const MEDIA: &str = "application/geo+json";

/// Runs of at least this many bytes leave as slices of the arena; shorter ones are copied, since a piece of its own costs more
/// than the copy. From 16 KiB on, pages of 10,000 features cost twice as much: what is copied is new memory for each of them.
const SLICE: usize = 4096;

/// One byte may be stored for so many that were compressed before. To compress the head and the features at the edges of a page of a
/// thousand costs as much as all the rest of it, and makes it a fifth shorter.
const STORED_SHARE: usize = 4;

/// A page as a FeatureCollection: counts and links first, so that a reader of a long answer has them at once; `others` are links too,
/// which follow the first one.
pub fn page(page: &Page, links: &[Link], others: &Others) -> Vec<Bytes> {
    let (whole, runs) = page.table.texts(&page.runs);
    let copied = runs.iter().map(|run| if run.len() < SLICE { run.len() + 1 } else { 1 }).sum::<usize>();
    // All that is copied lies in one allocation, which the pieces share.
    let mut text = Vec::with_capacity(room(links, others) + copied + TAIL.len());
    write_head(&mut text, page, links, others);
    let mut shared = Vec::new();
    for (index, run) in runs.into_iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        if run.len() < SLICE {
            text.extend_from_slice(&whole[run]);
        } else {
            shared.push((text.len(), whole.slice(run)));
        }
    }
    text.extend_from_slice(TAIL);
    let text = Bytes::from(text);
    let mut pieces = Vec::with_capacity(2 * shared.len() + 1);
    let mut from = 0;
    for (to, run) in shared {
        pieces.extend([text.slice(from..to), run]);
        from = to;
    }
    pieces.push(text.slice(from..));
    pieces
}

/// Whether some of a page's text was compressed before, so that [`gzip_page`] is cheaper than compressing the page.
pub fn is_packed(page: &Page) -> bool {
    pieces(page).any(|piece| matches!(piece, Piece::Packed(_)))
}

/// The same page as one gzip member, spliced from text that was compressed before and text that is compressed now.
pub fn gzip_page(page: &Page, links: &[Link], others: &Others) -> Vec<Bytes> {
    let pieces = pieces(page).collect::<Vec<_>>();
    let packed = pieces.iter().map(|piece| if let Piece::Packed(packed) = piece { packed.deflated.len() } else { 0 }).sum::<usize>();
    let mut member = Member::sparing(packed / STORED_SHARE);
    let mut head = Vec::with_capacity(room(links, others));
    write_head(&mut head, page, links, others);
    member.text(&head);
    splice(pieces, &mut member, |_| Ok(())).expect("nothing is written that could fail");
    member.text(TAIL);
    member.finish()
}

/// Writes what [`write()`] writes of whole features as one gzip member, spliced like [`gzip_page`].
///
/// # Errors
/// What `out` says.
pub fn write_gzip(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let mut member = Member::default();
    member.text(bare_head(page.matched, page.returned).as_bytes());
    splice(pieces(page), &mut member, |member| member.drain(out))?;
    member.text(TAIL);
    member.finish().iter().try_for_each(|piece| out.write_all(piece))
}

/// Splices the features of a page, and calls `after` each piece of them.
fn splice(
    pieces: impl IntoIterator<Item = Piece>,
    member: &mut Member,
    mut after: impl FnMut(&mut Member) -> io::Result<()>,
) -> io::Result<()> {
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Packed(packed) => member.packed(&packed),
            Piece::Text(text) => {
                member.text(&text);
                if pieces.peek().is_some() {
                    member.text(b",");
                }
            }
        }
        after(member)?;
    }
    Ok(())
}

fn pieces(page: &Page) -> impl Iterator<Item = Piece> {
    page.runs.iter().enumerate().flat_map(|(index, run)| page.table.pieces(run, index + 1 == page.runs.len()))
}

/// What stands before the features of a page.
pub(super) fn write_head(text: &mut Vec<u8>, page: &Page, links: &[Link], others: &Others) {
    let mut number = itoa::Buffer::new();
    text.extend_from_slice(br#"{"type":"FeatureCollection","numberMatched":"#);
    text.extend_from_slice(number.format(page.matched).as_bytes());
    text.extend_from_slice(br#","numberReturned":"#);
    text.extend_from_slice(number.format(page.returned).as_bytes());
    text.extend_from_slice(br#","links":"#);
    write_links_and_others(text, links, others);
    text.extend_from_slice(br#","features":["#);
}

/// Bytes that such a head hardly ever exceeds.
fn room(links: &[Link], others: &Others) -> usize {
    256 + links.iter().map(|link| link.href.len() + 128).sum::<usize>() + others.forms.len() * (others.address.len() + 160)
}

/// Writes a page as a FeatureCollection without links, as a file has no use for them.
///
/// # Errors
/// What `out` says.
pub fn write(page: &Page, form: &Form<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(bare_head(page.matched, page.returned).as_bytes())?;
    let mut separator: &[u8] = b"";
    for_each(page, form, |text| {
        out.write_all(std::mem::replace(&mut separator, b","))?;
        out.write_all(text)
    })?;
    out.write_all(TAIL)
}

/// What stands before the features of a file.
pub(super) fn bare_head(matched: u64, returned: u64) -> String {
    format!(r#"{{"type":"FeatureCollection","numberMatched":{matched},"numberReturned":{returned},"features":["#)
}

/// How many bytes [`write()`] writes around the features.
pub(super) fn around(matched: u64, returned: u64) -> u64 {
    (bare_head(matched, returned).len() + TAIL.len()) as u64
}

/// Writes a page as features alone, each after `before` and followed by a line break: newline-delimited GeoJSON, or, with the record
/// separator, a GeoJSON text sequence (RFC 8142).
///
/// # Errors
/// What `out` says.
pub fn write_lines(page: &Page, form: &Form<'_>, before: &[u8], out: &mut dyn Write) -> io::Result<()> {
    for_each(page, form, |text| {
        out.write_all(before)?;
        out.write_all(text)?;
        out.write_all(b"\n")
    })
}

/// Calls `write` with the text of each feature: the finished one where features are asked for as they are kept.
fn for_each(page: &Page, form: &Form<'_>, mut write: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let is_whole = form.is_whole();
    let mut text = Vec::new();
    for position in page.runs.iter().cloned().flatten() {
        if is_whole {
            write(&page.table.feature_text(position).0)?;
        } else {
            text.clear();
            write_feature_as(&mut text, &page.table.row(position), form);
            write(&text)?;
        }
    }
    Ok(())
}

/// What follows the last feature.
pub(super) const TAIL: &[u8] = b"]}\n";

/// One feature with its links.
pub fn item(feature: &Bytes, offsets: Offsets, links: &[Link]) -> Bytes {
    let (before, after) = feature.split_at(offsets.close as usize);
    let mut text = Vec::with_capacity(feature.len() + room(links, &Others::default()));
    text.extend_from_slice(before);
    text.extend_from_slice(br#","links":"#);
    write_links(&mut text, links);
    text.extend_from_slice(after);
    text.push(b'\n');
    text.into()
}
