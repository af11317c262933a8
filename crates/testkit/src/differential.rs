//! Random sequences of transactions on a store, compared with the model after each.

mod delivery;
mod presentations;
mod runs;

pub use delivery::compare_delivery;
pub use presentations::compare_presentations;
pub use runs::compare_runs;

use crate::contract::support;
use crate::model::ModelStore;
use landfast_domain::accounts::{User, UserId};
use landfast_domain::record::{DocumentId, Placed, Record, RecordKey, SourceRef};
use landfast_domain::store::{Repositories, Store};
use landfast_domain::tasks::{Task, TaskInstance};
use landfast_domain::{Error, Result};

/// What a transaction does; the same on both stores.
#[derive(Debug, Clone)]
enum Step {
    Insert(usize, Box<TaskInstance>),
    InsertTask(usize, Box<Task>),
    Batch(usize, Vec<TaskInstance>),
    Update(usize, Box<TaskInstance>),
    Delete(usize, RecordKey),
    DeleteTask(usize, RecordKey),
    Place(usize, RecordKey, i64, Option<SourceRef>),
    Fail,
}

/// Texts that have broken a store before, or could.
const TEXTS: [&str; 30] = [
    "",
    " ",
    "NA",
    "null",
    "True",
    "TRUE",
    "False",
    "cancelled",
    "Cancelled",
    " cancelled ",
    "completed",
    "draft",
    "active",
    "35",
    "35.0",
    "-0.0",
    "nan",
    "1e400",
    "2026-01-02 10:00",
    "2026-01-02 10:00:30.000001",
    "2025-13-45 99:99",
    "zzz",
    "ä\u{301}🌱",
    "a\0b",
    "a\r\nb",
    "\"q\", 'q'",
    "{}",
    "{\"a\": NaN}",
    "t1",
    "~",
];

/// Runs random transactions of one area on an empty store and on a model; panics with the seed when what they hold or
/// answer differs. `step` makes up a step, `run` takes all steps of a transaction, `state` tells what a store holds.
fn compare_steps<S: std::fmt::Debug, A: std::fmt::Debug + PartialEq, T: std::fmt::Debug + PartialEq>(
    store: &dyn Store,
    seed: u64,
    transactions: usize,
    step: impl Fn(&mut Random) -> S,
    run: impl Fn(&mut dyn Repositories, &[S]) -> Result<A>,
    state: impl Fn(&mut dyn Repositories) -> Result<T>,
) {
    let model = ModelStore::new();
    let model: &dyn Store = &model;
    let mut random = Random(seed);
    for number in 0..transactions {
        let steps: Vec<S> = (0..=random.below(4)).map(|_| step(&mut random)).collect();
        let run_all = |store: &dyn Store| store.write(|r| run(r, &steps));
        let (ours, theirs) = (run_all(store), run_all(model));
        let context = format!("seed {seed}, transaction {number}: {steps:?}");
        match (&ours, &theirs) {
            (Ok(a), Ok(b)) => assert_eq!(a, b, "{context}"),
            (Err(a), Err(b)) => assert_eq!(kind(a), kind(b), "{context}: {a} and {b}"),
            _ => panic!("{context}: {ours:?} and {theirs:?}"),
        }
        let state_of = |store: &dyn Store| store.read(|r| state(r)).unwrap();
        assert_eq!(state_of(store), state_of(model), "{context}");
    }
}

/// Runs `transactions` random transactions on the store and on a model; panics with the sequence number and
/// the seed when what they hold or answer differs.
///
/// Two new users take part. `folder` leaves out what a folder of files cannot keep: positions, provenance and
/// records with columns of their own.
pub fn compare_with_model(store: &dyn Store, seed: u64, transactions: usize, folder: bool) {
    let model = ModelStore::new();
    let model: &dyn Store = &model;
    let users = [support::user(store), support::user(store)];
    for id in &users {
        let user = User { id: id.clone(), name: id.to_string(), created_at: support::moment() };
        model.write(|r| r.accounts().insert(&user)).unwrap();
    }
    let mut random = Random(seed);
    for number in 0..transactions {
        let steps: Vec<Step> = (0..=random.below(4)).map(|_| step(&mut random, folder)).collect();
        let (ours, theirs) = (store.write(|r| run(r, &users, &steps)), model.write(|r| run(r, &users, &steps)));
        let context = format!("seed {seed}, transaction {number}: {steps:?}");
        match (&ours, &theirs) {
            (Ok(a), Ok(b)) => assert_eq!(a, b, "{context}"),
            (Err(a), Err(b)) => assert_eq!(kind(a), kind(b), "{context}"),
            _ => panic!("{context}: {ours:?} and {theirs:?}"),
        }
        for user in &users {
            assert_eq!(state(store, user, folder), state(model, user, folder), "{context}");
        }
    }
}

/// A small generator, so that a seed always means the same sequence.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }

    fn text(&mut self) -> &'static str {
        TEXTS[self.below(TEXTS.len())]
    }
}

fn key(random: &mut Random, kind: char) -> RecordKey {
    RecordKey::new(format!("{kind}{}", random.below(12)))
}

fn instance(random: &mut Random, folder: bool) -> TaskInstance {
    let key = key(random, 'i');
    let mut row = support::instance(key.as_str(), ["t1", "t2", ""][random.below(3)]);
    for column in [
        "status",
        "is_completed",
        "is_deleted",
        "completed_at",
        "cancelled_at",
        "relief_score",
        "predicted",
        "task_name",
        "task_version",
    ] {
        if random.below(3) == 0 {
            row.set_cell_named(column, random.text().to_owned());
        }
    }
    if !folder && random.below(4) == 0 {
        row.extra.push((format!("own {}", random.below(3)), random.text().to_owned()));
    }
    row
}

fn step(random: &mut Random, folder: bool) -> Step {
    let user = random.below(2);
    match random.below(if folder { 14 } else { 16 }) {
        0..=4 => Step::Insert(user, Box::new(instance(random, folder))),
        5 => {
            let key = key(random, 't');
            Step::InsertTask(user, Box::new(support::task(key.as_str())))
        }
        6 => {
            let count = random.below(4);
            Step::Batch(user, (0..count).map(|_| instance(random, folder)).collect())
        }
        7..=9 => Step::Update(user, Box::new(instance(random, folder))),
        10 | 11 => Step::Delete(user, key(random, 'i')),
        12 => Step::DeleteTask(user, key(random, 't')),
        13 if random.below(3) == 0 => Step::Fail,
        13 => Step::Insert(user, Box::new(instance(random, folder))),
        _ => {
            let source = (random.below(2) == 0).then_some(SourceRef { document: DocumentId(5), ordinal: 9 });
            // Every position once, so that the order is defined.
            let position = i64::try_from(1_000 + random.below(1_000_000)).unwrap_or(1);
            Step::Place(user, key(random, 'i'), position, source)
        }
    }
}

/// Runs steps until one fails; conflicts and missing records are part of the answer and not failures.
fn run(r: &mut dyn Repositories, users: &[UserId; 2], steps: &[Step]) -> Result<Vec<String>> {
    let mut answers = Vec::new();
    for step in steps {
        let answer = match step {
            Step::Insert(user, row) => r.instances().insert(&users[*user], row).map(|()| "inserted".to_owned()),
            Step::InsertTask(user, row) => r.tasks().insert(&users[*user], row).map(|()| "inserted".to_owned()),
            Step::Update(user, row) => r.instances().update(&users[*user], row).map(|()| "updated".to_owned()),
            Step::Delete(user, key) => r.instances().delete(&users[*user], key).map(|deleted| deleted.to_string()),
            Step::DeleteTask(user, key) => r.tasks().delete(&users[*user], key).map(|deleted| deleted.to_string()),
            Step::Place(user, key, position, source) => {
                r.instances().place(&users[*user], key, *position, *source).map(|()| "placed".to_owned())
            }
            // After a conflict in a batch the transaction must be given up.
            Step::Batch(user, rows) => {
                let start = r.instances().last_position(&users[*user])?;
                let batch = support::placed((start + 1..).zip(rows.iter().cloned()));
                Ok(r.instances().insert_batch(&users[*user], &batch)?.to_string())
            }
            Step::Fail => return Err(Error::aborted("on purpose")),
        };
        answers.push(match answer {
            Ok(answer) => answer,
            Err(error @ (Error::Conflict { .. } | Error::NotFound { .. })) => error.to_string(),
            Err(error) => return Err(error),
        });
        answers.push(format!("{} {}", r.instances().count(&users[0])?, r.instances().list_active(&users[1])?.len()));
    }
    Ok(answers)
}

fn kind(error: &Error) -> std::mem::Discriminant<Error> {
    std::mem::discriminant(error)
}

/// Everything a user's repositories answer.
#[derive(Debug, PartialEq)]
struct State {
    tasks: Vec<Placed<Task>>,
    instances: Vec<Placed<TaskInstance>>,
    active: Vec<TaskInstance>,
    recent: Vec<TaskInstance>,
    cancelled: Vec<TaskInstance>,
    by_task: Vec<TaskInstance>,
    numbers: (u64, i64),
}

fn state(store: &dyn Store, user: &UserId, folder: bool) -> State {
    let mut state = store
        .read(|r| {
            Ok(State {
                tasks: r.tasks().page(user, None, usize::MAX)?,
                instances: r.instances().page(user, None, usize::MAX)?,
                active: r.instances().list_active(user)?,
                recent: r.instances().list_recent_completed(user, 5)?,
                cancelled: r.instances().list_cancelled(user)?,
                by_task: r.instances().list_by_task(user, "t1")?,
                numbers: (r.instances().count(user)?, r.instances().last_position(user)?),
            })
        })
        .unwrap();
    if folder {
        // Line numbers: dense and without provenance.
        state.tasks.iter_mut().for_each(|placed| placed.position = 0);
        state.instances.iter_mut().for_each(|placed| placed.position = 0);
        state.numbers.1 = 0;
    }
    state
}
