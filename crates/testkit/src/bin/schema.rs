//! `schema --check | --write`: checks the migrations on both databases, then checks or writes
//! `docs/schema.md`.

use landfast_testkit::schema;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let write = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--check"] => false,
        ["--write"] => true,
        _ => {
            eprintln!("usage: schema --check | --write");
            return ExitCode::from(2);
        }
    };
    let faults = schema::check();
    for fault in &faults {
        eprintln!("{fault}");
    }
    if !faults.is_empty() {
        return ExitCode::FAILURE;
    }
    match if write { write_page() } else { check_page() } {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn write_page() -> Result<(), String> {
    let path = page();
    fs::write(&path, schema::document()).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn check_page() -> Result<(), String> {
    let path = page();
    let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    if text == schema::document() {
        Ok(())
    } else {
        Err("docs/schema.md is not current; run `cargo xtask schema`".to_owned())
    }
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema.md")
}
