//! What every store does, rule by rule.
//!
//! A rule is a function that takes a store and panics when the store breaks it; its name is the rule. Rules
//! make users, profiles, rendering jobs and runs of their own and touch nothing else, so they run on an empty store as
//! well as on one in use.
//! All rules are named once, in `for_each_rule!`; tests and the registry [`RULES`] are made from that list.

pub mod accounts;
mod area_rules;
pub mod basics;
pub mod completion;
pub mod concurrency;
pub mod cutover;
pub mod delivery;
pub mod imports;
pub mod instances;
pub mod isolation;
pub mod jobs;
pub mod lifecycle;
pub mod maintenance;
pub mod notes;
pub mod order;
pub mod preferences;
pub mod presentations;
mod report;
mod rules;
pub mod runs;
pub mod security;
pub mod spellings;
pub(crate) mod support;
pub mod templates;
pub mod transactions;
pub mod values;
pub mod vocabulary;

pub use report::{Outcome, RuleResult, remove_leftovers, run_rule, run_rules};

use landfast_domain::Store;

/// A rule of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Topic the rule belongs to, for instance `values`.
    pub room: &'static str,
    /// The rule as a sentence with underscores.
    pub name: &'static str,
    /// Panics when the store breaks the rule.
    pub check: fn(&dyn Store),
}

macro_rules! registry {
    ($($room:ident: [$($rule:ident),* $(,)?])*) => {
        /// Every rule, by topic.
        pub static RULES: &[Rule] = &[
            $($(Rule { room: stringify!($room), name: stringify!($rule), check: $room::$rule },)*)*
        ];
    };
}
crate::for_each_rule!(registry);
