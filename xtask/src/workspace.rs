//! Where the checkout is and what cargo knows about its members.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process;

/// The folder of the root `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// One member of the workspace, as `cargo metadata` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Package name, for instance `landfast-store`.
    pub(crate) name: String,
    /// Its `Cargo.toml`.
    pub(crate) manifest: PathBuf,
    /// Names of its normal and build dependencies. Development dependencies are left out.
    pub(crate) dependencies: Vec<String>,
    /// Root file of the library, when the package has one.
    pub(crate) library: Option<PathBuf>,
    /// Root files of the library and the programs.
    pub(crate) crate_roots: Vec<PathBuf>,
}

/// All members, without resolving or downloading dependencies.
///
/// # Errors
/// When cargo fails, for instance because a `Cargo.toml` does not parse.
pub(crate) fn members() -> Result<Vec<Member>> {
    let mut command = process::cargo();
    command.current_dir(root()).args(["metadata", "--no-deps", "--format-version", "1"]);
    parse_members(&process::capture(&mut command)?)
}

/// Reads the answer of `cargo metadata --no-deps --format-version 1`.
pub(crate) fn parse_members(json: &str) -> Result<Vec<Member>> {
    let metadata: Value = serde_json::from_str(json).context("`cargo metadata` is not JSON")?;
    list(&metadata, "packages").iter().map(member).collect()
}

fn member(package: &Value) -> Result<Member> {
    let is_shipped = |dependency: &&Value| dependency.get("kind").is_none_or(|kind| kind != "dev");
    let targets = list(package, "targets");
    let roots_of = |wanted: &[&str]| -> Result<Vec<PathBuf>> {
        let is_wanted =
            |target: &&Value| list(target, "kind").iter().filter_map(Value::as_str).any(|kind| wanted.contains(&kind));
        targets.iter().filter(is_wanted).map(|t| Ok(text(t, "src_path")?.into())).collect()
    };
    Ok(Member {
        name: text(package, "name")?,
        manifest: text(package, "manifest_path")?.into(),
        dependencies: list(package, "dependencies")
            .iter()
            .filter(is_shipped)
            .map(|dependency| text(dependency, "name"))
            .collect::<Result<_>>()?,
        library: roots_of(&["lib", "proc-macro"])?.into_iter().next(),
        crate_roots: roots_of(&["lib", "proc-macro", "bin"])?,
    })
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(value: &Value, key: &str) -> Result<String> {
    let found = value.get(key).and_then(Value::as_str);
    found.map(str::to_owned).with_context(|| format!("`cargo metadata` lacks the key `{key}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_without_development_dependencies() {
        let json = r#"{"packages": [{
            "name": "b", "manifest_path": "/x/b/Cargo.toml",
            "dependencies": [
                {"name": "a", "kind": null}, {"name": "gen", "kind": "build"},
                {"name": "helper", "kind": "dev"}],
            "targets": [
                {"kind": ["lib"], "src_path": "/x/b/src/lib.rs"},
                {"kind": ["bin"], "src_path": "/x/b/src/bin/t.rs"},
                {"kind": ["test"], "src_path": "/x/b/tests/t.rs"}]}]}"#;
        let expected = Member {
            name: "b".into(),
            manifest: "/x/b/Cargo.toml".into(),
            dependencies: vec!["a".into(), "gen".into()],
            library: Some("/x/b/src/lib.rs".into()),
            crate_roots: vec!["/x/b/src/lib.rs".into(), "/x/b/src/bin/t.rs".into()],
        };
        assert_eq!(parse_members(json).unwrap(), [expected]);
    }

    #[test]
    fn a_package_without_a_name_is_an_error() {
        let error = parse_members(r#"{"packages": [{}]}"#).unwrap_err();
        assert!(error.to_string().contains("name"), "{error}");
    }

    #[test]
    fn this_workspace_can_be_read() {
        let members = members().unwrap();
        assert!(members.iter().any(|member| member.name == "xtask"));
    }
}
