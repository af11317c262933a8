//! Eight processes write one SQLite file without an error and without losing anything.

use std::process::Command;

#[test]
fn eight_processes_write_one_file() {
    let output = Command::new(env!("CARGO_BIN_EXE_stress")).args(["--seconds", "3"]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert!(!err.contains("locked"), "{err}");
}

#[test]
fn nonsense_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_stress")).arg("--minutes").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("usage"));
}
