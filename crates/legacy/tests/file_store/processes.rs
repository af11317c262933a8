//! Several processes and threads on one folder.

use crate::support::{Fixture, all_files, dynamic, guest, task};
use landfast_domain::Store;
use landfast_domain::tasks::Task;
use landfast_legacy::files::FileStore;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

const FOLDER: &str = "LANDFAST_FILE_STORE_TEST_FOLDER";
const ENDLESS: &str = "LANDFAST_FILE_STORE_TEST_ENDLESS";
const STEPS: usize = 25;

fn increment(store: &dyn Store, key: &str) {
    store
        .write(|r| {
            let mut task = r.tasks().get(&guest(), &key.into())?.unwrap();
            let count: usize = task.name.raw().parse().unwrap();
            task.name.set_raw((count + 1).to_string());
            r.tasks().update(&guest(), &task)
        })
        .unwrap();
}

/// Counts in a folder named by the environment; does nothing but that, and nothing without it.
///
/// The test below starts this one in processes of their own.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = FileStore::open(folder).unwrap();
    for step in 0..STEPS {
        increment(&store, "t1");
        dynamic(&store)
            .write(|r| r.tasks().insert(&guest(), &task(&format!("{}-{step}", std::process::id()))))
            .unwrap();
    }
}

/// Commits two files over and over until it is killed; nothing without the environment.
#[test]
fn endless_child() {
    let Some(folder) = std::env::var_os(ENDLESS) else { return };
    let store = FileStore::open(folder).unwrap();
    for step in 0.. {
        dynamic(&store)
            .write(|r| {
                let mut task = r.tasks().get(&guest(), &"t1".into())?.unwrap();
                task.name.set_raw(format!("{step} {}", "x".repeat(step % 500)));
                r.tasks().update(&guest(), &task)?;
                let mut job = r.jobs().get(&guest(), &"j1".into())?.unwrap();
                job.name.set_raw(task.name.raw());
                r.jobs().update(&guest(), &job)
            })
            .unwrap();
    }
}

#[test]
fn a_process_killed_at_any_moment_leaves_whole_commits() {
    let fixture = Fixture::new(&[("tasks.csv", b"task_id,name\nt1,start\n"), ("jobs.csv", b"job_id,name\nj1,start\n")]);
    for round in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["processes::endless_child", "--exact"])
            .env(ENDLESS, fixture.folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let before = fixture.text("tasks.csv");
        while fixture.text("tasks.csv") == before {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(round * 1700 % 5000));
        child.kill().unwrap();
        child.wait().unwrap();
        let (tasks, jobs) =
            dynamic(&fixture.store).read(|r| Ok((r.tasks().list(&guest())?, r.jobs().list(&guest())?))).unwrap();
        assert_eq!(tasks[0].name.raw(), jobs[0].name.raw(), "round {round}");
    }
    FileStore::open(fixture.folder.path()).unwrap();
    let left: Vec<String> = all_files(fixture.folder.path()).into_keys().collect();
    assert_eq!(left, ["jobs.csv", "tasks.csv"]);
}

#[test]
fn four_processes_lose_nothing_of_each_other() {
    let fixture = Fixture::tasks("task_id,name\nt1,0\n");
    let start = || -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["processes::child", "--exact"])
            .env(FOLDER, fixture.folder.path())
            .spawn()
            .unwrap()
    };
    let children: Vec<Child> = (0..4).map(|_| start()).collect();
    for _ in 0..STEPS {
        increment(&fixture.store, "t1");
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let tasks = fixture.list::<Task>();
    assert_eq!(tasks[0].name.raw(), (5 * STEPS).to_string());
    assert_eq!(tasks.len(), 1 + 4 * STEPS);
}

#[test]
fn four_threads_with_stores_of_their_own_lose_nothing() {
    let fixture = Fixture::tasks("task_id,name\nt1,0\n");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = FileStore::open(fixture.folder.path()).unwrap();
                (0..STEPS).for_each(|_| increment(&store, "t1"));
            });
        }
    });
    assert_eq!(fixture.text("tasks.csv"), format!("task_id,name\nt1,{}\n", 4 * STEPS));
}

#[test]
fn a_writer_gets_its_turn_among_readers_that_never_stop() {
    let fixture = Fixture::tasks("task_id,name\nt1,0\n");
    let done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = FileStore::open(fixture.folder.path()).unwrap();
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    dynamic(&store).read(|r| r.tasks().count(&guest())).unwrap();
                }
            });
        }
        (0..STEPS).for_each(|_| increment(&fixture.store, "t1"));
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(fixture.list::<Task>()[0].name.raw(), STEPS.to_string());
}
