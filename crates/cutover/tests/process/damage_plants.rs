//! Ways to damage what was imported.

use crate::damage_table::Planted;
use landfast_domain::accounts::UserId;
use landfast_domain::delivery::{ProfileId, QueryKey};
use landfast_domain::imports::{Document, QuarantineEntry};
use landfast_domain::record::{Placed, Record as _, SourceRef};
use landfast_domain::runs::RunId;
use landfast_domain::tasks::Task;
use landfast_domain::{Repositories, Result, Store};
use std::fs;
use std::path::PathBuf;

/// Whether a check of this program can see the damage at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Seen,
    Unseen,
}
use Place::{Seen, Unseen};

type Plant = fn(&Planted);

/// What is damaged, in the order of the published table.
pub(crate) const PLANTS: &[(&str, Place, Plant)] = &[
    ("source: a byte changed after the import", Seen, |p| source(p, "tasks/tasks.csv", |bytes| bytes[20] ^= 1)),
    ("source: cut off after the import", Seen, |p| {
        source(p, "jobs/presentation_jobs.snapshot.json", |bytes| bytes.truncate(40))
    }),
    ("source: a file removed", Seen, |p| fs::remove_file(p.bench.source().join("tasks/emotions.csv")).unwrap()),
    ("source: a file added", Seen, |p| p.bench.write("tasks/jobs.csv", b"job_id\n")),
    ("source: a result file of a run changed", Seen, |p| p.bench.write("work/runs/r/output/VE.csv", b"9,2,3\n")),
    ("database: a row of a table deleted", Seen, |p| rows(p, |r| r.tasks().delete(&user(), &"b".into()).map(drop))),
    ("database: a cell changed by a blank", Seen, |p| task(p, "b", |task| task.name.set_raw("B "))),
    ("database: an unknown column lost", Seen, |p| task(p, "a", |task| task.extra.clear())),
    ("database: a row twice, the copy under another key", Seen, |p| {
        let place = Some(SourceRef { document: document(p, "tasks.csv").id, ordinal: 0 });
        twin(p, place);
    }),
    ("database: a row twice, the copy from no document", Seen, |p| twin(p, None)),
    ("database: two rows exchanged", Seen, |p| {
        let document = document(p, "tasks.csv");
        let at = |ordinal| Some(SourceRef { document: document.id, ordinal });
        rows(p, |r| {
            r.tasks().place(&user(), &"a".into(), document.first_position + 1, at(1))?;
            r.tasks().place(&user(), &"b".into(), document.first_position, at(0))
        });
    }),
    ("database: an issue changed", Seen, |p| issue(p, |text| *text = text.replace("\"key\"", "\"Key\""))),
    ("database: an issue lost", Seen, |p| {
        rows(p, |r| {
            let (query, cache) = cache(r)?;
            let mut issues = r.delivery()?.issues_page(&query, &cache.cache_key, None, 10_000)?;
            issues.pop();
            r.delivery()?.save_cache(&cache)?;
            r.delivery()?.save_issues(&query, &cache.cache_key, &issues)
        });
    }),
    ("database: an issue too many", Seen, |p| {
        rows(p, |r| {
            let (query, cache) = cache(r)?;
            let mut more = r.delivery()?.issues_page(&query, &cache.cache_key, None, 1)?.remove(0);
            more.ordinal = 9000;
            r.delivery()?.save_issues(&query, &cache.cache_key, &[more])
        });
    }),
    ("database: what a document says beside its issues changed", Seen, |p| {
        rows(p, |r| {
            let (_, mut cache) = cache(r)?;
            cache.envelope = cache.envelope.replacen("\"", "\"x", 1);
            r.delivery()?.update_cache(&cache)
        });
    }),
    ("database: a job changed", Seen, |p| {
        rows(p, |r| {
            let mut job = r.presentations()?.list(None, None, 1)?.remove(0);
            job.progress = Some(0.5);
            r.presentations()?.update(&job)
        });
    }),
    ("database: a value of a run changed", Seen, |p| {
        rows(p, |r| {
            let mut run = r.runs()?.get(&RunId::from("r"))?.unwrap();
            run.peak_hp = Some(1.0);
            r.runs()?.update(&run)
        });
    }),
    ("database: the list of a run's files cut short", Seen, |p| {
        rows(p, |r| {
            let id = RunId::from("r");
            let files = r.runs()?.files(&id)?;
            r.runs()?.replace_files(&id, files.get(1..).unwrap_or_default())
        });
    }),
    ("kept bytes: a bit turned over", Seen, |p| chunk(p, |compressed, _| compressed[10] ^= 1)),
    ("kept bytes: a wrong length noted", Seen, |p| chunk(p, |_, size| *size += 1)),
    ("kept bytes: exchanged for others of the same length", Seen, |p| {
        chunk(p, |compressed, size| {
            let other = vec![b'x'; usize::try_from(*size).unwrap()];
            *compressed = zstd::bulk::compress(&other, 3).unwrap();
        });
    }),
    ("kept bytes: a piece missing", Seen, |p| ledger(p, |document| document.chunks_done = 0)),
    ("ledger: a digest cut short", Seen, |p| ledger(p, |document| document.sha256.truncate(40))),
    ("ledger: a wrong checkpoint", Seen, |p| ledger(p, |document| document.records_done += 1)),
    ("ledger: a document forgotten, its rows stay", Seen, |p| {
        let id = document(p, "tasks.csv").id;
        rows(p, |r| r.imports()?.delete_document(id).map(drop));
    }),
    ("quarantine: an entry lost", Seen, |p| {
        let id = document(p, "tasks.csv").id;
        rows(p, |r| r.imports()?.delete_quarantine(id, 2).map(drop));
    }),
    ("quarantine: bytes of an entry changed", Seen, |p| entry(p, |entry| entry.raw = b"else".to_vec())),
    ("quarantine: an entry for a record that is loaded", Seen, |p| entry(p, |entry| entry.ordinal = 0)),
    ("quarantine: only the reason of an entry changed", Unseen, |p| {
        entry(p, |entry| entry.message = "else".to_owned())
    }),
    ("backup: a byte of a file changed", Seen, |p| {
        backup(p, |folder| fs::write(folder.join("emotions.csv"), "emotion\nJox\n").unwrap())
    }),
    ("backup: a file missing", Seen, |p| backup(p, |folder| fs::remove_file(folder.join("emotions.csv")).unwrap())),
    ("backup: the list of hashes cut short", Seen, |p| {
        backup(p, |folder| {
            let list = folder.join("SHA256SUMS");
            let text = fs::read_to_string(&list).unwrap();
            fs::write(&list, text.split_at(text.len() - 30).0).unwrap();
        });
    }),
    ("backup: gone", Seen, |p| backup(p, |folder| fs::remove_dir_all(folder).unwrap())),
    ("database file: an index that lacks a row", Seen, index_without_row),
    ("report of a run changed", Unseen, |p| {
        rows(p, |r| {
            let mut run = r.imports()?.list_runs(1)?.remove(0);
            run.report = "{}".to_owned();
            r.imports()?.save_run(&run)
        });
    }),
];

fn user() -> UserId {
    UserId::guest()
}

fn rows(planted: &Planted, mut work: impl FnMut(&mut dyn Repositories) -> Result<()>) {
    let database = planted.database();
    let store: &dyn Store = &database;
    store.write(|repositories| work(repositories)).unwrap();
}

fn source(planted: &Planted, path: &str, damage: impl Fn(&mut Vec<u8>)) {
    let path = planted.bench.source().join(path);
    let mut bytes = fs::read(&path).unwrap();
    damage(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn task(planted: &Planted, key: &str, change: impl Fn(&mut Task)) {
    rows(planted, |r| {
        let mut task = r.tasks().get(&user(), &key.into())?.unwrap();
        change(&mut task);
        r.tasks().update(&user(), &task)
    });
}

fn twin(planted: &Planted, source: Option<SourceRef>) {
    rows(planted, |r| {
        let mut record = r.tasks().get(&user(), &"a".into())?.unwrap();
        record.set_key("a~2".into());
        r.tasks().insert_batch(&user(), &[Placed { position: 900, source, record }]).map(drop)
    });
}

/// The one query of the bench and its cached response.
fn cache(r: &mut dyn Repositories) -> Result<(QueryKey, landfast_domain::delivery::JiraCache)> {
    let profile: ProfileId = r.delivery()?.list_profiles()?.remove(0).id;
    let query = r.delivery()?.list_queries(&profile)?.remove(0).key().clone();
    let cache = r.delivery()?.list_caches(&query)?.remove(0);
    Ok((query, cache))
}

fn issue(planted: &Planted, change: impl Fn(&mut String)) {
    rows(planted, |r| {
        let (query, cache) = cache(r)?;
        let mut issue = r.delivery()?.issues_page(&query, &cache.cache_key, None, 1)?.remove(0);
        change(&mut issue.text);
        r.delivery()?.save_issues(&query, &cache.cache_key, &[issue])
    });
}

fn document(planted: &Planted, path: &str) -> Document {
    let database = planted.database();
    let store: &dyn Store = &database;
    let documents = store.read(|r| r.imports()?.list_documents(&user())).unwrap();
    documents.into_iter().find(|document| document.path == path).unwrap()
}

fn ledger(planted: &Planted, change: impl Fn(&mut Document)) {
    let mut document = document(planted, "tasks.csv");
    change(&mut document);
    rows(planted, |r| r.imports()?.save_document(&document));
}

fn chunk(planted: &Planted, change: impl Fn(&mut Vec<u8>, &mut i64)) {
    let id = document(planted, "tasks.csv").id;
    rows(planted, |r| {
        let mut chunk = r.imports()?.get_chunk(id, 0)?.unwrap();
        change(&mut chunk.compressed, &mut chunk.size_bytes);
        r.imports()?.save_chunk(&chunk)
    });
}

fn entry(planted: &Planted, change: impl Fn(&mut QuarantineEntry)) {
    let id = document(planted, "tasks.csv").id;
    rows(planted, |r| {
        let mut entry = r.imports()?.list_quarantine(id, None, 1)?.remove(0);
        change(&mut entry);
        r.imports()?.save_quarantine(&[entry])
    });
}

fn backup(planted: &Planted, damage: impl Fn(PathBuf)) {
    let folders = fs::read_dir(planted.bench.backups()).unwrap().map(|entry| entry.unwrap().path());
    damage(folders.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("tasks-")).unwrap());
}

/// Changes a name in one of the places where the database file has it: in the table or in its index.
fn index_without_row(planted: &Planted) {
    let name = {
        let database = planted.database();
        let store: &dyn Store = &database;
        store.read(|r| Ok(r.delivery()?.list_profiles()?.remove(0).name)).unwrap().to_lowercase()
    };
    landfast_store::Database::alone(&planted.file, std::time::Duration::from_secs(5)).unwrap();
    let whole = fs::read(&planted.file).unwrap();
    let places = whole.windows(name.len()).enumerate().filter(|(_, window)| *window == name.as_bytes());
    let is_seen = places.into_iter().any(|(at, _)| {
        let mut bytes = whole.clone();
        bytes[at] = b'~';
        fs::write(&planted.file, bytes).unwrap();
        let is_seen = planted.database().migrations().check().unwrap().iter().any(|fault| fault.contains("index"));
        landfast_store::Database::alone(&planted.file, std::time::Duration::from_secs(5)).unwrap();
        is_seen
    });
    assert!(is_seen, "{name:?} stands in no index");
}
