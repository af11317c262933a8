//! Dependencies are declared once, and come from one place.

use std::path::Path;

use toml::{Table, Value};

use super::Finding;
use super::repository::{Repository, TextFile};
use crate::workspace::{self, Member};

/// Tables of a manifest that hold dependencies.
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Keys that say where a dependency comes from, which only the root may do.
const SOURCES: [&str; 7] = ["version", "path", "git", "branch", "tag", "rev", "registry"];

/// The one source a locked package may have.
const REGISTRY: &str = concat!("registry+https://github.com/rust-lang/crates.io", "-index");

/// Members take every dependency from the workspace; versions stand in the root manifest alone.
pub(crate) fn versions_at_the_root(members: &[Member], repository: &Repository) -> Vec<Finding> {
    let root = workspace::root();
    members
        .iter()
        .filter_map(|member| relative(&member.manifest, &root))
        .filter_map(|path| repository.file(&path))
        .flat_map(own_versions)
        .collect()
}

/// Every package in `Cargo.lock` comes from this workspace or from the public registry, so that a
/// clone builds anywhere.
pub(crate) fn one_registry(repository: &Repository) -> Vec<Finding> {
    let Some(lock) = repository.file("Cargo.lock") else {
        return Vec::new();
    };
    lock.numbered_lines()
        .filter_map(|(number, line)| Some((number, line.strip_prefix("source = ")?)))
        .filter(|(_, source)| source.trim_matches('"') != REGISTRY)
        .map(|(number, source)| Finding::at_line(lock, number, format!("a package from another source: {source}")))
        .collect()
}

fn relative(path: &Path, root: &Path) -> Option<String> {
    Some(path.strip_prefix(root).ok()?.to_str()?.to_owned())
}

fn own_versions(manifest: &TextFile) -> Vec<Finding> {
    let table: Table = match manifest.text.parse() {
        Ok(table) => table,
        Err(error) => return vec![Finding::error(manifest.path.clone(), error.to_string())],
    };
    let targets = table.get("target").and_then(Value::as_table);
    let of_targets = targets.into_iter().flat_map(|targets| targets.values());
    let places = of_targets.filter_map(Value::as_table).chain([&table]);
    places
        .flat_map(|place| TABLES.iter().filter_map(|name| place.get(*name)?.as_table()))
        .flatten()
        .filter(|(_, dependency)| !is_inherited(dependency))
        .map(|(name, _)| {
            let message = format!("`{name}` must be written as `{name}.workspace = true`");
            Finding::error(manifest.path.clone(), message)
        })
        .collect()
}

fn is_inherited(dependency: &Value) -> bool {
    let inherits = dependency.get("workspace").and_then(Value::as_bool) == Some(true);
    inherits && SOURCES.iter().all(|key| dependency.get(key).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(path: &str) -> Member {
        Member {
            name: "landfast-store".to_owned(),
            manifest: workspace::root().join(path),
            dependencies: Vec::new(),
            library: None,
            crate_roots: Vec::new(),
        }
    }

    #[test]
    fn a_version_in_a_member_is_found_in_every_table() {
        let manifest = "[dependencies]\n\
                        good.workspace = true\n\
                        fine = { workspace = true, optional = true }\n\
                        plain = \"1\"\n\
                        [dev-dependencies]\n\
                        table = { version = \"1\" }\n\
                        [build-dependencies]\n\
                        local = { path = \"../x\" }\n\
                        [target.'cfg(unix)'.dependencies]\n\
                        platform = \"2\"\n";
        let repository = Repository::of(&[("crates/a/Cargo.toml", manifest)]);
        let found = versions_at_the_root(&[member("crates/a/Cargo.toml")], &repository);
        let mut names: Vec<_> = found.iter().map(|f| f.message.split('`').nth(1).unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["local", "plain", "platform", "table"]);
    }

    #[test]
    fn a_manifest_that_does_not_parse_is_found() {
        let repository = Repository::of(&[("crates/a/Cargo.toml", "[dependencies")]);
        assert_eq!(versions_at_the_root(&[member("crates/a/Cargo.toml")], &repository).len(), 1);
    }

    #[test]
    fn a_package_from_elsewhere_is_found() {
        let lock =
            format!("[[package]]\nsource = \"{REGISTRY}\"\n[[package]]\nsource = \"git+https://example.org/x\"\n");
        let found = one_registry(&Repository::of(&[("Cargo.lock", &lock)]));
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().unwrap().place, "Cargo.lock:4");
    }
}
