//! Which crate may use which, and that each says what it is.

use super::Finding;
use super::repository::Repository;
use crate::workspace::{self, Member};

/// For each crate the crates of this repository it may use in what it ships. Development
/// dependencies are free: every crate may test itself with the test kit.
const ALLOWED: [(&str, &[&str]); 9] = [
    ("landfast-domain", &[]),
    ("landfast-store", &["landfast-domain"]),
    ("landfast-legacy", &["landfast-domain"]),
    ("landfast-analytics", &["landfast-domain"]),
    ("landfast-cutover", &["landfast-domain", "landfast-legacy"]),
    (
        "landfast-testkit",
        &[
            "landfast-analytics",
            "landfast-cutover",
            "landfast-demo",
            "landfast-domain",
            "landfast-legacy",
            "landfast-store",
        ],
    ),
    (
        "landfast",
        &[
            "landfast-analytics",
            "landfast-cutover",
            "landfast-demo",
            "landfast-domain",
            "landfast-legacy",
            "landfast-store",
            "landfast-testkit",
        ],
    ),
    ("landfast-demo", &[]),
    ("xtask", &[]),
];

/// Crates use only the layers below them; a new crate needs a line in the table of this rule.
pub(crate) fn direction(members: &[Member]) -> Vec<Finding> {
    let ours = |name: &str| members.iter().any(|member| member.name == name);
    let mut findings = Vec::new();
    for member in members {
        let place = member.manifest.display().to_string();
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == member.name) else {
            let message = format!("`{}` has no place among the layers (tidy/layers.rs)", member.name);
            findings.push(Finding::error(place, message));
            continue;
        };
        for used in &member.dependencies {
            if ours(used) && !allowed.contains(&used.as_str()) {
                let message = format!("`{}` must not depend on `{used}`", member.name);
                findings.push(Finding::error(place.clone(), message));
            }
        }
    }
    findings
}

/// Every library and program begins with documentation of the whole crate.
pub(crate) fn crate_documentation(members: &[Member], repository: &Repository) -> Vec<Finding> {
    let root = workspace::root();
    let roots = members.iter().flat_map(|member| &member.crate_roots);
    let paths = roots.filter_map(|path| path.strip_prefix(&root).ok()?.to_str());
    paths
        .filter_map(|path| repository.file(path))
        .filter(|file| !begins_with_documentation(&file.text))
        .map(|file| Finding::at_line(file, 1, "does not begin with `//!` documentation"))
        .collect()
}

fn begins_with_documentation(text: &str) -> bool {
    let is_comment = |line: &str| line.starts_with("//") && !line.starts_with("//!");
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !is_comment(line) && !line.starts_with("#!["));
    let by_attribute = text.lines().any(|line| line.starts_with("#![doc = "));
    by_attribute || first.is_some_and(|line| line.starts_with("//!") || line.starts_with("/*!"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, dependencies: &[&str]) -> Member {
        Member {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml").into(),
            dependencies: dependencies.iter().map(|&name| name.to_owned()).collect(),
            library: None,
            crate_roots: Vec::new(),
        }
    }

    #[test]
    fn an_arrow_upwards_or_sideways_is_found() {
        let members = [
            member("landfast-domain", &["serde", "landfast-store"]),
            member("landfast-store", &["landfast-domain", "landfast-legacy", "diesel"]),
            member("landfast-legacy", &["landfast-domain"]),
            member("xtask", &["clap", "landfast-domain"]),
        ];
        let messages: Vec<_> = direction(&members).into_iter().map(|f| f.message).collect();
        assert_eq!(
            messages,
            [
                "`landfast-domain` must not depend on `landfast-store`",
                "`landfast-store` must not depend on `landfast-legacy`",
                "`xtask` must not depend on `landfast-domain`",
            ]
        );
    }

    #[test]
    fn the_arrows_of_the_plan_are_allowed() {
        let members: Vec<_> = ALLOWED.iter().map(|(name, allowed)| member(name, allowed)).collect();
        assert_eq!(direction(&members), []);
    }

    #[test]
    fn a_crate_without_a_layer_is_found() {
        let found = direction(&[member("landfast-misc", &[])]);
        assert!(found.first().unwrap().message.contains("landfast-misc"));
    }

    #[test]
    fn a_crate_without_documentation_is_found() {
        let path = |path: &str| workspace::root().join(path);
        let mut crates = member("landfast", &[]);
        crates.crate_roots = vec![path("a/lib.rs"), path("b/lib.rs"), path("c/lib.rs")];
        let repository = Repository::of(&[
            ("a/lib.rs", "// Licence.\n\n//! What it is.\nmod x;\n"),
            ("b/lib.rs", "mod x;\n//! Too late.\n"),
            ("c/lib.rs", "#![doc = include_str!(\"../README.md\")]\n"),
        ]);
        let found = crate_documentation(&[crates], &repository);
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().unwrap().place, "b/lib.rs:1");
    }
}
