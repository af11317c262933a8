//! Pages every checkout has.

use super::Finding;
use super::repository::Repository;

/// What the README tells a person to run, in this order. `.ci/run` runs the same.
const README_COMMANDS: [&str; 2] = ["cargo run --release -- demo", "cargo xtask test"];

/// How `.ci/run` runs them; `cargo xtask ci` holds the second one.
const CI_COMMANDS: [&str; 2] = ["cargo run --release -- demo --exit", "cargo xtask ci"];

/// There is a change log, and it has entries.
pub(crate) fn changelog(repository: &Repository) -> Vec<Finding> {
    let path = "CHANGELOG.md";
    match repository.file(path) {
        None => vec![Finding::error(path, "is missing")],
        Some(file) if !file.text.lines().any(|line| line.starts_with("## ")) => {
            vec![Finding::error(path, "has no entry (a heading of the second level)")]
        }
        Some(_) => Vec::new(),
    }
}

/// The commands the README begins with are the commands the gate runs.
pub(crate) fn readme_commands(repository: &Repository) -> Vec<Finding> {
    let Some(readme) = repository.file("README.md") else {
        return vec![Finding::error("README.md", "is missing")];
    };
    let mut findings = Vec::new();
    let found: Vec<Option<usize>> = README_COMMANDS.iter().map(|command| line_of(&readme.text, command)).collect();
    for (command, _) in README_COMMANDS.iter().zip(&found).filter(|(_, line)| line.is_none()) {
        findings.push(Finding::error("README.md", format!("has no line `{command}`")));
    }
    if findings.is_empty() && !found.is_sorted() {
        findings.push(Finding::error("README.md", "names `cargo xtask test` before the demo"));
    }
    let gate = repository.file(".ci/run").map_or("", |file| file.text.as_str());
    for command in CI_COMMANDS.iter().filter(|command| !gate.contains(**command)) {
        findings.push(Finding::error(".ci/run", format!("does not run `{command}`")));
    }
    findings
}

/// Number of the first line that is this command, perhaps with a comment behind it.
fn line_of(text: &str, command: &str) -> Option<usize> {
    text.lines().position(|line| {
        let rest = line.trim().trim_start_matches("$ ").strip_prefix(command);
        rest.is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('#'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATE: (&str, &str) = (".ci/run", "cargo run --release -- demo --exit\ncargo xtask ci\n");

    fn problems(readme: &str, gate: &str) -> Vec<String> {
        let repository = Repository::of(&[("README.md", readme), (".ci/run", gate)]);
        readme_commands(&repository).into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn both_commands_in_order_are_fine() {
        let readme = "```sh\ncargo run --release -- demo   # look\ncargo xtask test\n```\n";
        assert_eq!(problems(readme, GATE.1), [""; 0]);
    }

    #[test]
    fn a_missing_command_and_another_order_are_found() {
        assert_eq!(problems("cargo xtask test\n", GATE.1), ["has no line `cargo run --release -- demo`"]);
        let found = problems("cargo xtask test\ncargo run --release -- demo\n", GATE.1);
        assert!(found.first().unwrap().contains("before"), "{found:?}");
    }

    #[test]
    fn a_gate_that_runs_something_else_is_found() {
        let readme = "cargo run --release -- demo\ncargo xtask test\n";
        assert_eq!(problems(readme, "cargo test\n").len(), 2);
    }

    #[test]
    fn a_missing_and_an_empty_change_log_are_found() {
        assert_eq!(changelog(&Repository::default()).len(), 1);
        assert_eq!(changelog(&Repository::of(&[("CHANGELOG.md", "# Changes\n")])).len(), 1);
        let written = Repository::of(&[("CHANGELOG.md", "# Changes\n\n## 0.1.0\n")]);
        assert_eq!(changelog(&written), []);
    }
}
