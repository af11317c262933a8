//! Damages to the folder: files that are missing, elsewhere, of another kind, or too many.

use super::Case;
use crate::folder::Tree;
use std::fs;
use std::path::Path;

/// What is done to the folder after its files are written.
pub(super) type Change = fn(&Path);

/// The file of each area that is tampered with.
fn main_file(area: &str) -> &'static str {
    match area {
        "tasks" => "tasks.csv",
        "delivery" => "profiles/aland/queries/main/jira_cache.json",
        "presentations" => "presentation_jobs.snapshot.json",
        _ => "runs/run_2026-03-07T09-27-16Z-a7d668/run_state.json",
    }
}

pub(super) fn cases(area: &'static str, base: &Tree) -> Vec<Case> {
    let file = main_file(area);
    let mut cases = files(area, file, base);
    let mut add = |damage: &str, change: Change| {
        let mut tree = base.clone();
        // The change needs to know where the file is.
        tree.insert(".target".to_owned(), file.as_bytes().to_vec());
        cases.push(Case { after: Some(change), ..Case::new(area, damage, file, tree) });
    };
    add("folder-in-place-of", |folder| {
        let file = target(folder);
        fs::remove_file(&file).expect("a file");
        fs::create_dir(&file).expect("a folder");
        fs::write(file.join("inside.txt"), "x").expect("a file");
    });
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        add("link-to-elsewhere", |folder| {
            let file = target(folder);
            let aside = file.with_file_name("moved-away.bin");
            fs::rename(&file, &aside).expect("a file");
            symlink(aside.file_name().expect("a name"), &file).expect("a link");
        });
        add("link-to-nowhere", |folder| {
            let file = target(folder);
            fs::remove_file(&file).expect("a file");
            symlink("/nonexistent/file", &file).expect("a link");
        });
        add("link-to-itself", |folder| {
            let file = target(folder);
            fs::remove_file(&file).expect("a file");
            symlink(file.file_name().expect("a name"), &file).expect("a link");
        });
        add("folder-that-links-up", |folder| {
            let file = target(folder);
            symlink("..", file.with_file_name("up")).expect("a link");
        });
        add("pipe-in-place-of", |folder| {
            let file = target(folder);
            fs::remove_file(&file).expect("a file");
            let made = std::process::Command::new("mkfifo").arg(&file).status();
            assert!(made.is_ok_and(|status| status.success()), "mkfifo makes a pipe");
        });
        add("name-not-utf8-beside", |folder| {
            use std::os::unix::ffi::OsStrExt as _;
            let name = std::ffi::OsStr::from_bytes(b"odd-\xff\xfe.csv");
            fs::write(target(folder).with_file_name(name), "a,b\n1,2\n").expect("a file");
        });
        // To root every file can be read, so the case only shows something to others.
        add("not-readable", |folder| {
            use std::os::unix::fs::PermissionsExt as _;
            let file = target(folder);
            fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("permissions");
            if fs::read(&file).is_ok() {
                fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).expect("permissions");
            }
        });
    }
    cases
}

/// The file a change is about; the note that names it is removed.
fn target(folder: &Path) -> std::path::PathBuf {
    let note = folder.join(".target");
    let path = fs::read_to_string(&note).expect("a note");
    fs::remove_file(&note).expect("a note");
    folder.join(path)
}

/// Damages that are files only.
fn files(area: &'static str, file: &str, base: &Tree) -> Vec<Case> {
    let original = base.get(file).expect("the file is there");
    let mut cases = Vec::new();
    let mut add = |damage: &str, change: &dyn Fn(&mut Tree)| {
        let mut tree = base.clone();
        change(&mut tree);
        cases.push(Case::new(area, damage, file, tree));
    };
    let (folder, name) = file.rsplit_once('/').map_or(("", file), |(folder, name)| (folder, name));
    let beside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    add("missing", &|tree| drop(tree.remove(file)));
    add("half-written-beside", &|tree| {
        tree.insert(beside(&format!("{name}.tmp")), original[..original.len() / 2].to_vec());
    });
    add("editor-backup-beside", &|tree| drop(tree.insert(beside(&format!("{name}~")), original.clone())));
    add("copy-beside", &|tree| {
        tree.insert(beside(&format!("{stem} (1).{extension}")), original.clone());
    });
    add("case-clash", &|tree| {
        tree.insert(beside(&name.to_uppercase()), original[..original.len() / 2].to_vec());
    });
    add("whole-folder-again-below", &|tree| {
        for (path, content) in base {
            tree.insert(format!("old copy/{path}"), content.clone());
        }
    });
    add("hidden-copy", &|tree| drop(tree.insert(beside(&format!(".{name}")), original.clone())));
    add("system-files-beside", &|tree| {
        tree.insert(beside(".DS_Store"), b"\0\0\0\x01Bud1".to_vec());
        tree.insert(beside("Thumbs.db"), vec![0xd0, 0xcf, 0x11, 0xe0]);
        tree.insert(beside("desktop.ini"), b"[.ShellClassInfo]\r\n".to_vec());
    });
    add("odd-names-beside", &|tree| {
        for name in ["a\nb.csv", "..hidden.json", "-rf.csv", "con.json", "tab\tname.csv", "é\u{301}.json"] {
            tree.insert(beside(name), b"x,y\n1,2\n".to_vec());
        }
    });
    add("long-name-beside", &|tree| drop(tree.insert(beside(&"n".repeat(250)), b"x".to_vec())));
    let other = base.keys().find(|path| *path != file && path.ends_with(extension));
    if let Some(other) = other {
        add("swapped-with-another", &|tree| {
            let own = tree.insert(file.to_owned(), base[other].clone());
            tree.insert(other.clone(), own.unwrap_or_default());
        });
    }
    for (damage, name) in [("content-of-csv", "tasks/emotions.csv"), ("content-of-json", "delivery/task_progress.json")]
    {
        let content = crate::folder::small().remove(name).unwrap_or_default();
        add(damage, &|tree| drop(tree.insert(file.to_owned(), content.clone())));
    }
    cases
}
