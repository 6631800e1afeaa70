//! What one request may spend on looking at features one by one.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

/// Leave to look at features one by one: where no index and no column answers, a question costs as much as there are features, and
/// some questions far more. Whoever looks takes leave first and stops where there is none; what was found until then is no answer,
/// and whoever gave the budget looks whether it [is spent](Self::is_spent).
///
/// Nothing here reads a clock: the rule is given. Clones share one budget; by default there is no end of it.
#[derive(Clone, Default)]
pub struct Budget(Option<Arc<Inner<Rule>>>);

type Rule = dyn Fn(u64) -> bool + Send + Sync;

struct Inner<F: ?Sized> {
    looked: AtomicU64,
    is_spent: AtomicBool,
    is_over: F,
}

impl Budget {
    /// A budget that is spent once `is_over` says so; it is told how many features were looked at until then.
    pub fn new(is_over: impl Fn(u64) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(Inner { looked: AtomicU64::new(0), is_spent: AtomicBool::new(false), is_over })))
    }

    /// Takes leave to look at this many features more.
    ///
    /// Cost: one call of the rule.
    pub fn allows(&self, features: u64) -> bool {
        let Some(inner) = &self.0 else { return true };
        if inner.is_spent.load(Relaxed) {
            return false;
        }
        let is_over = (inner.is_over)(inner.looked.fetch_add(features, Relaxed));
        if is_over {
            inner.is_spent.store(true, Relaxed);
        }
        !is_over
    }

    /// Whether leave was refused to anybody.
    pub fn is_spent(&self) -> bool {
        self.0.as_ref().is_some_and(|inner| inner.is_spent.load(Relaxed))
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("Budget(without end)"),
            Some(inner) => write!(f, "Budget({} looked at{})", inner.looked.load(Relaxed), if self.is_spent() { ", spent" } else { "" }),
        }
    }
}

impl PartialEq for Budget {
    /// Always: two questions are the same whatever may be spent on them.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Budget {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leave_is_given_until_the_rule_says_no_and_never_after() {
        let budget = Budget::new(|looked| looked >= 100);
        let shared = budget.clone();
        assert!(budget.allows(64) && shared.allows(64) && !budget.is_spent());
        assert!(!budget.allows(1) && !shared.allows(0));
        assert!(budget.is_spent() && shared.is_spent());
        assert!((0..1000).all(|_| Budget::default().allows(u64::MAX)) && !Budget::default().is_spent());
    }
}
