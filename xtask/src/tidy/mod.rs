//! `cargo xtask tidy`: rules of this repository that the compiler does not know.
//!
//! A rule is a function from what it needs to its findings, without I/O, so that its tests can
//! plant a violation. Reading the files and the workspace happens here, once.

mod coverage;
mod decisions;
mod documents;
mod layers;
mod links;
mod manifests;
mod migrations;
mod repository;
mod rust;
mod text;

use anyhow::{Result, bail};

use crate::workspace::{self, Member};
use repository::{Repository, TextFile};

/// Options of `cargo xtask tidy`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct TidyArgs {
    /// Also measure which share of the public items is documented, which takes a minute
    #[arg(long)]
    pub(crate) doc_coverage: bool,
    /// First remove trailing white space and add missing final newlines
    #[arg(long)]
    pub(crate) fix: bool,
}

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// File, with the line where there is one: `docs/a.md:12`.
    place: String,
    message: String,
    /// A warning is printed and does not fail the run.
    warning: bool,
}

impl Finding {
    fn error(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into(), warning: false }
    }

    fn at_line(file: &TextFile, line: usize, message: impl Into<String>) -> Self {
        Self::error(format!("{}:{line}", file.path), message)
    }
}

/// Runs the verb.
///
/// # Errors
/// When a rule is broken; the findings are printed before.
pub(crate) fn run(args: &TidyArgs) -> Result<()> {
    let root = workspace::root();
    let members = workspace::members()?;
    let mut repository = Repository::read(&root)?;
    if args.fix {
        for file in text::repaired(&repository.files) {
            eprintln!("fixed {}", file.path);
            std::fs::write(root.join(&file.path), &file.text)?;
        }
        repository = Repository::read(&root)?;
    }
    let mut findings = findings(&repository, &members);
    if args.doc_coverage {
        findings.extend(coverage::measure(&members)?);
    }
    report(&findings)
}

fn findings(repository: &Repository, members: &[Member]) -> Vec<Finding> {
    let files = &repository.files;
    let names = &repository.names;
    let rules = [
        layers::direction(members),
        layers::crate_documentation(members, repository),
        manifests::versions_at_the_root(members, repository),
        manifests::one_registry(repository),
        migrations::same_on_both_sides(names),
        rust::length(files),
        rust::unfinished_code(files),
        text::whitespace(files),
        text::machine_paths(files),
        text::registry_hosts(files),
        links::resolve(repository),
        decisions::complete(files),
        documents::changelog(repository),
        documents::readme_commands(repository),
    ];
    rules.into_iter().flatten().collect()
}

fn report(findings: &[Finding]) -> Result<()> {
    for finding in findings {
        let kind = if finding.warning { "warning" } else { "error" };
        eprintln!("{kind}: {}: {}", finding.place, finding.message);
    }
    let errors = findings.iter().filter(|finding| !finding.warning).count();
    if errors > 0 {
        bail!("tidy: {errors} to repair, {} warnings", findings.len() - errors);
    }
    eprintln!("tidy: nothing to repair, {} warnings", findings.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_fails_the_run_and_a_warning_does_not() {
        let error = Finding::error("a.rs", "broken");
        let warning = Finding { warning: true, ..error.clone() };
        assert!(report(&[]).is_ok());
        assert!(report(std::slice::from_ref(&warning)).is_ok());
        assert!(report(&[warning, error]).unwrap_err().to_string().starts_with("tidy: 1 "));
    }

    #[test]
    fn the_rules_are_all_called() {
        // An empty repository lacks what must be there, and holds nothing else to complain about.
        let found = findings(&Repository::default(), &[]);
        let places: Vec<&str> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["CHANGELOG.md", "README.md"]);
    }
}
