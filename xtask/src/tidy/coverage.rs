//! Which share of the public items has documentation, measured by rustdoc.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Finding;
use crate::process;
use crate::workspace::{self, Member};

/// Lowest share, in percent, a library may have.
const LOWEST_PERCENT: u64 = 90;

/// Sets the variable for rustdoc alone. Set for cargo it would reach the build scripts of the
/// dependencies, and everything would be built twice.
const RUSTDOC_WITH_UNSTABLE_OPTIONS: &str =
    "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec \"${LANDFAST_RUSTDOC:-rustdoc}\" \"$@\"\n";

/// Measures every library of the workspace and prints a line for each.
///
/// # Errors
/// When rustdoc fails or answers something else than expected.
pub(crate) fn measure(members: &[Member]) -> Result<Vec<Finding>> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let wrapper = folder.path().join("rustdoc");
    fs::write(&wrapper, RUSTDOC_WITH_UNSTABLE_OPTIONS).context("cannot write the wrapper")?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;

    let mut findings = Vec::new();
    for member in members.iter().filter(|member| member.library.is_some()) {
        let mut command = process::cargo();
        command.current_dir(workspace::root()).env("RUSTDOC", &wrapper);
        if let Some(rustdoc) = std::env::var_os("RUSTDOC") {
            command.env("LANDFAST_RUSTDOC", rustdoc);
        }
        command.args(["rustdoc", "--quiet", "--lib", "--package", &member.name, "--"]);
        command.args(["-Z", "unstable-options", "--show-coverage", "--output-format", "json"]);
        let share = Share::read(&process::capture(&mut command)?)?;
        eprintln!("{}: {} of {} public items documented", member.name, share.documented, share.items);
        findings.extend(share.finding(&member.name));
    }
    Ok(findings)
}

/// Public items of one crate, and how many of them have documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    documented: u64,
    items: u64,
}

impl Share {
    /// Reads rustdoc's answer: an object with one entry per file.
    fn read(json: &str) -> Result<Self> {
        let answer: Value = serde_json::from_str(json.trim()).context("rustdoc's answer")?;
        let files = answer.as_object().context("rustdoc's answer is not an object")?;
        let sum = |key: &str| -> Result<u64> {
            let counts = files.values().map(|file| file.get(key).and_then(Value::as_u64));
            counts.map(|count| count.with_context(|| format!("rustdoc's answer lacks `{key}`"))).sum()
        };
        Ok(Self { documented: sum("with_docs")?, items: sum("total")? })
    }

    fn finding(self, name: &str) -> Option<Finding> {
        let message =
            format!("{} of {} public items are documented, {LOWEST_PERCENT} % must be", self.documented, self.items);
        (self.documented * 100 < self.items * LOWEST_PERCENT).then(|| Finding::error(name, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_crate_are_added_up() {
        let json = r#"{"a.rs": {"total": 4, "with_docs": 4, "total_examples": 3, "with_examples": 0},
                       "b.rs": {"total": 6, "with_docs": 5, "total_examples": 3, "with_examples": 0}}"#;
        assert_eq!(Share::read(json).unwrap(), Share { documented: 9, items: 10 });
    }

    #[test]
    fn an_unexpected_answer_is_an_error() {
        assert!(Share::read("").is_err());
        assert!(Share::read("[]").is_err());
        assert!(Share::read(r#"{"a.rs": {"total": 4}}"#).is_err());
    }

    #[test]
    fn less_than_nine_of_ten_is_found() {
        assert_eq!(Share { documented: 9, items: 10 }.finding("a"), None);
        assert_eq!(Share { documented: 0, items: 0 }.finding("a"), None);
        assert!(Share { documented: 89, items: 100 }.finding("a").is_some());
    }
}
