//! Several runs with one id: all are kept.
//!
//! The one that changed last keeps the id; of equally recent ones the one whose directory has the name of the
//! id, then the first by the name of the directory. The others get the name of their directory as id and keep
//! the id of their documents beside it.

use super::{Run, RunId, TimeText, codes, last_part};
use crate::finding::{Finding, shown};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Gives each run an id of its own. Returns findings with the index of their run, in the order of the runs.
///
/// Where the name of the directory is taken, too, `~2`, `~3` and so on are added to it.
pub fn settle(runs: &mut [Run]) -> Vec<(usize, Finding)> {
    let mut groups: BTreeMap<RunId, Vec<usize>> = BTreeMap::new();
    for (index, run) in runs.iter().enumerate() {
        groups.entry(run.id.clone()).or_default().push(index);
    }
    let mut taken: BTreeSet<RunId> = groups.keys().cloned().collect();
    let mut losers = Vec::new();
    for (id, mut members) in groups {
        let rank = |index: &usize| {
            runs.get(*index).map(|run| {
                let name = last_part(&run.directory).to_owned();
                let updated = run.updated_at.as_ref().and_then(TimeText::instant);
                (Reverse(updated), name != id.as_str(), name, run.directory.clone())
            })
        };
        members.sort_by_key(rank);
        losers.extend(members.into_iter().skip(1));
    }
    losers.sort_unstable();
    let mut findings = Vec::new();
    for index in losers {
        let Some(run) = runs.get_mut(index) else { continue };
        let name = last_part(&run.directory).to_owned();
        let free = (1_u64..)
            .map(|n| RunId::existing(&if n == 1 { name.clone() } else { format!("{name}~{n}") }))
            .find(|id| !taken.contains(id));
        let Some(new) = free else { continue };
        taken.insert(new.clone());
        let message = format!("{} belongs to a newer run; this one is {}", shown(run.id.as_str()), shown(new.as_str()));
        findings.push((index, Finding::new(codes::DUPLICATE_RUN_ID, "run_id", message)));
        run.original_id = Some(std::mem::replace(&mut run.id, new).to_string());
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::{Layout, RunDocuments, documents};

    fn run(directory: &str, id: &str, updated: &str) -> Run {
        let state = format!(r#"{{"run_id": "{id}", "status": "pending", "source": "x", "updated_at": "{updated}"}}"#);
        let documents = RunDocuments { state: Some(state), ..Default::default() };
        documents::read(Layout::State, directory, documents).unwrap().run
    }

    #[test]
    fn the_newest_keeps_the_id() {
        let (old, new) = ("2025-01-01T00:00:00.9Z", "2025-01-01T00:00:00.900001+00:00");
        let mut runs = [
            run("runs/a", "a", old),
            run("runs/b", "a", new),
            run("runs/c", "c", new),
            run("runs/d", "c", new),
            run("runs/f", "e", "soon"),
            run("runs/e1", "e", old),
            run("outputs/a", "x", old),
            run("experiments/x", "x", old),
        ];
        let findings = settle(&mut runs);
        let ids: Vec<_> = runs.iter().map(|run| (run.id.as_str(), run.original_id.as_deref())).collect();
        assert_eq!(
            ids,
            [
                ("a~2", Some("a")),
                ("a", None),
                ("c", None),
                ("d", Some("c")),
                ("f", Some("e")),
                ("e", None),
                ("a~3", Some("x")),
                ("x", None),
            ]
        );
        assert_eq!(findings.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 3, 4, 6]);
    }
}
