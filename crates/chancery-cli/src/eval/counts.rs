//! Counts that add up over cases, and metrics made from them.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Named sums. Whatever a metric needs must add up over cases: true and false positives by type, for example.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Counts(BTreeMap<Cow<'static, str>, f64>);

impl Counts {
    pub fn add(&mut self, key: impl Into<Cow<'static, str>>, n: impl Into<f64>) {
        *self.0.entry(key.into()).or_default() += n.into();
    }
    /// Adds 1 to `key`.
    pub fn count(&mut self, key: impl Into<Cow<'static, str>>) {
        self.add(key, 1.0);
    }
    /// The sum under `key`, 0 where there is none.
    pub fn get(&self, key: &str) -> f64 {
        self.0.get(key).copied().unwrap_or(0.0)
    }
    /// Keys that begin with `prefix`, without it, in order.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.range(Cow::Borrowed(prefix)..).take_while(move |(k, _)| k.starts_with(prefix)).map(move |(k, _)| &k[prefix.len()..])
    }
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(k, &v)| (k.as_ref(), v))
    }
    pub fn merge(&mut self, other: &Counts) {
        for (k, v) in &other.0 {
            *self.0.entry(k.clone()).or_default() += v;
        }
    }
    /// `tp`, `fp` and `fn` under `name/…` as precision, recall and F1.
    pub fn prf(&self, name: &str) -> Prf {
        Prf { tp: self.get(&format!("{name}/tp")), fp: self.get(&format!("{name}/fp")), fn_: self.get(&format!("{name}/fn")) }
    }
    /// Adds the outcome of one comparison under `name/…`: matched, given in all, expected in all.
    pub fn add_prf(&mut self, name: &str, matched: usize, given: usize, expected: usize) {
        self.add(format!("{name}/tp"), matched as f64);
        self.add(format!("{name}/fp"), given.saturating_sub(matched) as f64);
        self.add(format!("{name}/fn"), expected.saturating_sub(matched) as f64);
    }
}

/// True positives, false positives, false negatives.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Prf {
    pub tp: f64,
    pub fp: f64,
    pub fn_: f64,
}

impl Prf {
    pub fn precision(self) -> Option<f64> {
        ratio(self.tp, self.tp + self.fp)
    }
    pub fn recall(self) -> Option<f64> {
        ratio(self.tp, self.tp + self.fn_)
    }
    pub fn f1(self) -> Option<f64> {
        ratio(2.0 * self.tp, 2.0 * self.tp + self.fp + self.fn_)
    }
}

/// `a / b`, nothing where `b` is 0.
pub fn ratio(a: f64, b: f64) -> Option<f64> {
    (b != 0.0).then(|| a / b)
}

/// One figure of merit.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    pub key: String,
    /// A fraction or a count; none where there was nothing to measure.
    pub value: Option<f64>,
    /// Whether it gets an interval and stands in the summary.
    pub main: bool,
    /// 95% bootstrap interval.
    pub interval: Option<(f64, f64)>,
}

impl Metric {
    /// A figure the contract names.
    pub fn main(key: impl Into<String>, value: Option<f64>) -> Self {
        Metric { key: key.into(), value, main: true, interval: None }
    }
    /// A further figure: precision, recall, one type or relation.
    pub fn detail(key: impl Into<String>, value: Option<f64>) -> Self {
        Metric { main: false, ..Metric::main(key, value) }
    }
    /// Precision, recall and F1 under `p_NAME`, `r_NAME`, `f1_NAME`; F1 is the main one.
    pub fn prf(name: &str, prf: Prf) -> [Metric; 3] {
        [
            Metric::main(format!("f1_{name}"), prf.f1()),
            Metric::detail(format!("p_{name}"), prf.precision()),
            Metric::detail(format!("r_{name}"), prf.recall()),
        ]
    }
}
