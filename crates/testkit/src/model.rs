//! The contract as a program: a store that keeps everything in plain lists.
//!
//! [`ModelStore`] is as simple as a store can be and knows neither SQL nor files. Rules are checked
//! against it first, and random sequences of calls on a real store are compared with it.

mod company;
mod ledger;
mod security;
mod table;

use crate::contract::support;
use company::Company;
use landfast_domain::accounts::{AccountRepository, SecurityRepository, User, UserId};
use landfast_domain::cutover::CutoverRepository;
use landfast_domain::cutover::memory::MemoryCutover;
use landfast_domain::delivery::DeliveryRepository;
use landfast_domain::delivery::memory::MemoryDelivery;
use landfast_domain::imports::ImportRepository;
use landfast_domain::presentations::PresentationRepository;
use landfast_domain::presentations::memory::MemoryPresentations;
use landfast_domain::runs::RunRepository;
use landfast_domain::runs::memory::MemoryRuns;
use landfast_domain::store::{InstanceRepository, RecordRepository, Repositories, Store, StoreKind, Work};
use landfast_domain::tasks::{
    Emotion, Job, JobTask, LegacyRow, Note, PopupResponse, PopupTrigger, Preference, SurveyResponse, Task, TaskInstance,
};
use landfast_domain::{Error, Result};
use ledger::Ledger;
use security::Security;
use std::collections::BTreeMap;
use std::sync::Mutex;
use table::Table;

/// A store in memory that answers as the contract says, by the most direct means.
///
/// Transactions run one after the other on a copy of everything. It calls itself a database, because it
/// keeps positions and provenance.
#[derive(Debug)]
pub struct ModelStore {
    state: Mutex<State>,
    fault: Option<Fault>,
    company: Company,
}

/// Something a store can do wrong. A model with a fault shows that the rules notice it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// What a failed transaction did before it failed stays.
    KeepsFailedWork,
    /// A transaction overwrites what another one did meanwhile.
    LosesConcurrentUpdates,
    /// Lists and look-ups show everybody's records.
    ForgetsOwners,
    /// Inserting a taken key replaces the record.
    OverwritesOnInsert,
    /// Pages are as long as the list.
    IgnoresLimits,
    /// Lists are ordered by key.
    SortsByKey,
    /// White space at the ends of cells is lost.
    TrimsCells,
    /// `NA`, `null` and their like become empty.
    EmptiesMissingWords,
    /// Times are cut to the minute.
    CutsSeconds,
    /// Cells of unknown columns are lost.
    DropsUnknownColumns,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 10] = [
        Self::KeepsFailedWork,
        Self::LosesConcurrentUpdates,
        Self::ForgetsOwners,
        Self::OverwritesOnInsert,
        Self::IgnoresLimits,
        Self::SortsByKey,
        Self::TrimsCells,
        Self::EmptiesMissingWords,
        Self::CutsSeconds,
        Self::DropsUnknownColumns,
    ];
}

#[derive(Debug, Clone)]
struct State {
    users: Users,
    tasks: Table<Task>,
    instances: Table<TaskInstance>,
    emotions: Table<Emotion>,
    preferences: Table<Preference>,
    survey_responses: Table<SurveyResponse>,
    notes: Table<Note>,
    jobs: Table<Job>,
    job_tasks: Table<JobTask>,
    popup_triggers: Table<PopupTrigger>,
    popup_responses: Table<PopupResponse>,
    legacy_rows: Table<LegacyRow>,
    delivery: MemoryDelivery,
    presentations: MemoryPresentations,
    runs: MemoryRuns,
    ledger: Ledger,
    security: Security,
    cutover: MemoryCutover,
}

#[derive(Debug, Clone, Default)]
struct Users(BTreeMap<UserId, User>);

impl ModelStore {
    /// A store in which only the guest exists.
    #[must_use]
    pub fn new() -> Self {
        Self::made(None)
    }

    /// A store like [`ModelStore::new`] that does one thing wrong.
    #[must_use]
    pub fn with_fault(fault: Fault) -> Self {
        Self::made(Some(fault))
    }

    fn made(fault: Option<Fault>) -> Self {
        let guest = User { id: UserId::guest(), name: UserId::GUEST.to_owned(), created_at: support::moment() };
        let state = State {
            users: Users(BTreeMap::from([(guest.id.clone(), guest)])),
            tasks: Table::new(fault),
            instances: Table::new(fault),
            emotions: Table::new(fault),
            preferences: Table::new(fault),
            survey_responses: Table::new(fault),
            notes: Table::new(fault),
            jobs: Table::new(fault),
            job_tasks: Table::new(fault),
            popup_triggers: Table::new(fault),
            popup_responses: Table::new(fault),
            legacy_rows: Table::new(fault),
            delivery: MemoryDelivery::default(),
            presentations: MemoryPresentations::default(),
            runs: MemoryRuns::default(),
            ledger: Ledger::default(),
            security: Security::default(),
            cutover: MemoryCutover::default(),
        };
        Self { state: Mutex::new(state), fault, company: Company::default() }
    }
}

impl Default for ModelStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for ModelStore {
    fn run_read(&self, work: &mut Work<'_>) -> Result<()> {
        let mut copy = self.state.lock().expect("no rule panics inside a transaction").clone();
        work(&mut copy)
    }

    fn run_write(&self, work: &mut Work<'_>) -> Result<()> {
        if self.fault == Some(Fault::LosesConcurrentUpdates) {
            let mut copy = self.state.lock().expect("no rule panics inside a transaction").clone();
            // On a busy machine threads could take turns by chance, and nothing would be lost.
            self.company.wait();
            work(&mut copy)?;
            *self.state.lock().expect("no rule panics inside a transaction") = copy;
            return Ok(());
        }
        let mut state = self.state.lock().expect("no rule panics inside a transaction");
        let mut copy = state.clone();
        let done = work(&mut copy);
        if self.fault == Some(Fault::KeepsFailedWork) {
            state.clone_from(&copy);
        }
        done?;
        // Foreign keys: what belongs to nobody is refused at the end of the transaction.
        copy.check_owners()?;
        *state = copy;
        Ok(())
    }

    fn kind(&self) -> StoreKind {
        StoreKind::Sqlite
    }
}

macro_rules! tables {
    ($($table:ident: $record:ty),* $(,)?) => {
        impl State {
            fn forget(&mut self, user: &UserId) {
                $( self.$table.forget(user); )*
                self.ledger.forget(user);
            }

            fn check_owners(&self) -> Result<()> {
                let known = |user: &UserId| self.users.0.contains_key(user);
                let all_known = $( self.$table.owners().all(known) && )* self.ledger.owners().all(known);
                if all_known { Ok(()) } else { Err(Error::backend("a record belongs to a user who does not exist")) }
            }
        }
    };
}
tables! {
    tasks: Task, instances: TaskInstance, emotions: Emotion, preferences: Preference, survey_responses: SurveyResponse,
    notes: Note, jobs: Job, job_tasks: JobTask, popup_triggers: PopupTrigger, popup_responses: PopupResponse,
    legacy_rows: LegacyRow,
}

impl Repositories for State {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        self
    }
    fn tasks(&mut self) -> &mut dyn RecordRepository<Task> {
        &mut self.tasks
    }
    fn instances(&mut self) -> &mut dyn InstanceRepository {
        &mut self.instances
    }
    fn emotions(&mut self) -> &mut dyn RecordRepository<Emotion> {
        &mut self.emotions
    }
    fn preferences(&mut self) -> &mut dyn RecordRepository<Preference> {
        &mut self.preferences
    }
    fn survey_responses(&mut self) -> &mut dyn RecordRepository<SurveyResponse> {
        &mut self.survey_responses
    }
    fn notes(&mut self) -> &mut dyn RecordRepository<Note> {
        &mut self.notes
    }
    fn jobs(&mut self) -> &mut dyn RecordRepository<Job> {
        &mut self.jobs
    }
    fn job_tasks(&mut self) -> &mut dyn RecordRepository<JobTask> {
        &mut self.job_tasks
    }
    fn popup_triggers(&mut self) -> &mut dyn RecordRepository<PopupTrigger> {
        &mut self.popup_triggers
    }
    fn popup_responses(&mut self) -> &mut dyn RecordRepository<PopupResponse> {
        &mut self.popup_responses
    }
    fn legacy_rows(&mut self) -> &mut dyn RecordRepository<LegacyRow> {
        &mut self.legacy_rows
    }
    fn delivery(&mut self) -> Result<&mut dyn DeliveryRepository> {
        Ok(&mut self.delivery)
    }
    fn presentations(&mut self) -> Result<&mut dyn PresentationRepository> {
        Ok(&mut self.presentations)
    }
    fn runs(&mut self) -> Result<&mut dyn RunRepository> {
        Ok(&mut self.runs)
    }
    fn imports(&mut self) -> Result<&mut dyn ImportRepository> {
        Ok(&mut self.ledger)
    }
    fn security(&mut self) -> Result<&mut dyn SecurityRepository> {
        Ok(self)
    }
    fn cutover(&mut self) -> Result<&mut dyn CutoverRepository> {
        Ok(&mut self.cutover)
    }
}

impl AccountRepository for State {
    fn insert(&mut self, user: &User) -> Result<()> {
        let taken = |known: &User| known.id == user.id || known.name == user.name;
        if self.users.0.values().any(taken) {
            return Err(Error::Conflict { entity: "user", key: user.id.to_string() });
        }
        self.users.0.insert(user.id.clone(), user.clone());
        Ok(())
    }

    fn get(&mut self, id: &UserId) -> Result<Option<User>> {
        Ok(self.users.0.get(id).cloned())
    }

    fn find_by_name(&mut self, name: &str) -> Result<Option<User>> {
        Ok(self.users.0.values().find(|user| user.name == name).cloned())
    }

    fn list(&mut self) -> Result<Vec<User>> {
        Ok(self.users.0.values().cloned().collect())
    }

    fn delete(&mut self, id: &UserId) -> Result<bool> {
        if *id == UserId::guest() {
            return Err(Error::Invalid {
                entity: "user",
                field: "id",
                value: id.to_string(),
                reason: "must not be the guest",
            });
        }
        self.forget(id);
        self.security.forget(id);
        Ok(self.users.0.remove(id).is_some())
    }
}
