//! Typed values in bytes that are shared and never change: a section of a mapped file, or what was built just now.

use std::{fmt, marker::PhantomData, ops::Deref};

use bytemuck::Pod;
use bytes::Bytes;

/// A slice of plain values over [`Bytes`]; clones are the same values.
#[derive(Clone)]
pub(in crate::store) struct Array<T> {
    bytes: Bytes,
    of: PhantomData<T>,
}

/// Values that own their memory, as the bytes that they are.
struct Owned<T>(Vec<T>);

impl<T: Pod> AsRef<[u8]> for Owned<T> {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

impl<T: Pod + Send> Array<T> {
    /// The values of bytes; `None` where their length or place in memory does not fit the type.
    pub(in crate::store) fn new(bytes: Bytes) -> Option<Self> {
        let fits = bytes.is_empty() || bytemuck::try_cast_slice::<u8, T>(&bytes).is_ok();
        fits.then_some(Self { bytes, of: PhantomData })
    }

    /// The same values as bytes.
    pub(in crate::store) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl<T: Pod + Send> From<Vec<T>> for Array<T> {
    fn from(values: Vec<T>) -> Self {
        let bytes = if values.is_empty() { Bytes::new() } else { Bytes::from_owner(Owned(values)) };
        Self { bytes, of: PhantomData }
    }
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self { bytes: Bytes::new(), of: PhantomData }
    }
}

impl<T: Pod> Deref for Array<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // An empty slice of bytes need not be aligned; every other one was checked when the array was made.
        if self.bytes.is_empty() { &[] } else { bytemuck::cast_slice(&self.bytes) }
    }
}

impl<T: Pod> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_where_they_are() {
        let array = Array::from(vec![1_u64, 2, 3]);
        let again = Array::<u64>::new(array.bytes().clone()).unwrap();
        assert_eq!((&*again, again.as_ptr()), (&[1, 2, 3][..], array.as_ptr()));
        assert!(Array::<u64>::new(array.bytes().slice(..12)).is_none(), "half a value");
        assert!(Array::<u64>::new(array.bytes().slice(4..12)).is_none(), "not aligned");
        assert!(Array::<u64>::new(Bytes::from_static(b"x").slice(1..)).unwrap().is_empty());
    }
}
