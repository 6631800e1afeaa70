//! The indexes of a packed gazetteer, from sorted keys.

use fst::MapBuilder;

use super::{
    ID_IS_TEXT, PackError, decode, encode, put_numbers, put_varint, take_varint,
    write::{Held, Key, offset},
};

/// Numbers in their order, then texts in theirs.
pub(super) fn by_id(places: &[&Held], texts: &[u8]) -> Result<Vec<u8>, PackError> {
    let text = |at: u32| {
        let mut rest = &texts[at as usize..];
        let length = take_varint(&mut rest).unwrap_or(0) as usize;
        &rest[..length]
    };
    let key = |place: &Held| if place.flags & ID_IS_TEXT == 0 { (0, place.id, [].as_slice()) } else { (1, 0, text(place.id)) };
    let mut order = (0..places.len() as u32).collect::<Vec<_>>();
    order.sort_unstable_by(|&a, &b| key(places[a as usize]).cmp(&key(places[b as usize])));
    let same = order.windows(2).find(|pair| key(places[pair[0] as usize]) == key(places[pair[1] as usize]));
    match same.map(|pair| key(places[pair[0] as usize])) {
        Some((0, number, _)) => Err(PackError::Duplicate(number.to_string())),
        Some((_, _, text)) => Err(PackError::Duplicate(String::from_utf8_lossy(text).into_owned())),
        None => Ok(put_numbers(&order)),
    }
}

/// The fst over the keys and their lists, in the order of the best place of each; lists without a real name come last.
pub(super) fn key_index<'k>(keys: &'k [Key], text: impl Fn(&Key) -> &'k [u8]) -> Result<(Vec<u8>, Vec<u8>), PackError> {
    let mut groups = Vec::new();
    let mut start = 0;
    for group in keys.chunk_by(|a, b| text(a) == text(b)) {
        groups.push((group[0].junk, group[0].place, start as u32, group.len() as u32));
        start += group.len();
    }
    let mut order = (0..groups.len() as u32).collect::<Vec<_>>();
    order.sort_unstable_by_key(|&group| (groups[group as usize].0, groups[group as usize].1, group));
    let mut postings = Vec::new();
    let mut at = vec![0u32; groups.len()];
    for group in order {
        let (junk, _, start, length) = groups[group as usize];
        at[group as usize] = offset(postings.len(), "lists of names")?;
        let list = &keys[start as usize..][..length as usize];
        if let [only] = list {
            put_varint(&mut postings, u64::from(only.place) << 2 | u64::from(junk) << 1);
        } else {
            put_varint(&mut postings, (list.len() as u64) << 1 | 1);
            put_varint(&mut postings, list.iter().filter(|key| !key.junk).count() as u64);
            for run in list.chunk_by(|a, b| a.junk == b.junk) {
                differences(&mut postings, run.iter().map(|key| key.place));
            }
        }
    }
    let mut index = MapBuilder::memory();
    for (group, &at) in groups.iter().zip(&at) {
        index.insert(text(&keys[group.2 as usize]), at.into())?;
    }
    Ok((index.into_inner()?, postings))
}

/// Appends rising numbers, each as the difference from the one before.
fn differences(out: &mut Vec<u8>, numbers: impl Iterator<Item = u32>) {
    numbers.fold(0, |before, number| {
        put_varint(out, (number - before).into());
        number
    });
}

/// The fst over the words of real names that have several, and for each word its places: their number, then differences.
pub(super) fn word_index(keys: &[Key], folded: &[u8]) -> Result<(Vec<u8>, Vec<u8>), PackError> {
    let (mut texts, mut words) = (Vec::new(), Vec::<(u32, u16, u32)>::new());
    for key in keys.iter().filter(|key| !key.junk) {
        let name = &folded[key.at as usize..][..usize::from(key.length)];
        if !name.contains(&b' ') {
            continue;
        }
        for word in decode(name).split(' ').map(encode) {
            words.push((offset(texts.len(), "words")?, word.len() as u16, key.place));
            texts.extend(word);
        }
    }
    let text = |word: &(u32, u16, u32)| &texts[word.0 as usize..][..usize::from(word.1)];
    words.sort_unstable_by(|a, b| (text(a), a.2).cmp(&(text(b), b.2)));
    let mut groups = Vec::new();
    let mut start = 0;
    for group in words.chunk_by(|a, b| text(a) == text(b)) {
        groups.push((group[0].2, start as u32, group.len() as u32));
        start += group.len();
    }
    let mut order = (0..groups.len() as u32).collect::<Vec<_>>();
    order.sort_unstable_by_key(|&group| (groups[group as usize].0, group));
    let mut postings = Vec::new();
    let mut at = vec![0u32; groups.len()];
    for group in order {
        let (_, start, length) = groups[group as usize];
        at[group as usize] = offset(postings.len(), "lists of words")?;
        let mut list = words[start as usize..][..length as usize].iter().map(|word| word.2).collect::<Vec<_>>();
        list.dedup();
        put_varint(&mut postings, list.len() as u64);
        differences(&mut postings, list.into_iter());
    }
    let mut index = MapBuilder::memory();
    for (group, &at) in groups.iter().zip(&at) {
        index.insert(text(&words[group.1 as usize]), at.into())?;
    }
    Ok((index.into_inner()?, postings))
}

/// Countries (letters, two empty bytes, where their run begins and ends, counted in places), and the runs.
pub(super) fn country_index(places: &[&Held], regions: &[String]) -> (Vec<u8>, Vec<u8>) {
    let country = |place: u32| regions[usize::from(places[place as usize].region)].split('\t').next().unwrap_or_default();
    let mut order = (0..places.len() as u32).collect::<Vec<_>>();
    // Stable: within a country the most important stay first.
    order.sort_by_key(|&place| country(place));
    let (mut table, mut start) = (Vec::new(), 0u32);
    for run in order.chunk_by(|&a, &b| country(a) == country(b)) {
        let end = start + run.len() as u32;
        table.extend(country(run[0]).bytes().chain([b' '; 4]).take(4));
        table.extend_from_slice(&start.to_le_bytes());
        table.extend_from_slice(&end.to_le_bytes());
        start = end;
    }
    (table, put_numbers(&order))
}
