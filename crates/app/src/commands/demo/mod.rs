//! `landfast demo`: everything once, with made-up data.

mod report;
mod run;

pub(super) use report::made_page;
pub(super) use run::run;
