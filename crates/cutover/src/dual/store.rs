//! The store itself.

use super::compare::{Comparison, compare_area, compare_items, item_of, keep};
use super::mirror::{Drained, copy_items, drain};
use super::recorder::{Recorder, Seen};
use super::shadow::{Counter, Shadow};
use super::state::{Known, KnownStage, load};
use super::turn::{Held, Turn};
use crate::error::Result;
use crate::transact::{read, write};
use landfast_domain::cutover::{Area, ItemKey, Mismatch, Side, Stage, WHOLE_TABLE};
use landfast_domain::store::{StoreKind, Work};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Repositories, Store};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How a [`DualStore`] behaves.
pub struct DualOptions {
    /// Stage of an area about which nothing was ever recorded.
    pub fallback: Box<dyn Fn(Area) -> Stage + Send + Sync>,
    /// Which reads are compared with the other store.
    pub shadow: Shadow,
    /// How many mismatches of an area may be found by reads; with more the area steps back. `None`: any number.
    pub budget: Option<u64>,
    /// Who changes stages: host, process and a random part.
    pub holder: String,
    /// The time, UTC.
    pub clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

impl DualOptions {
    /// No shadow reads, no budget, everything in the database unless recorded otherwise.
    #[must_use]
    pub fn new(holder: impl Into<String>, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            fallback: Box::new(|_| Stage::Database),
            shadow: Shadow::Off,
            budget: None,
            holder: holder.into(),
            clock: Box::new(clock),
        }
    }
}

/// Legacy files and a database as one store; reads come from the leader, and what the follower lacks is marked.
///
/// A transaction touches areas that the same store leads; one that touches areas of both is refused with
/// [`DomainError::Unsupported`]. When the following store cannot be written, the write succeeds all the same and
/// what it touched stays marked. A transaction must not be begun inside another one of the same store.
pub struct DualStore {
    files: Arc<dyn Store>,
    database: Arc<dyn Store>,
    folder: String,
    turn: Turn,
    known: RwLock<Arc<Known>>,
    pub(super) options: DualOptions,
    pub(super) counter: Counter,
    /// Which store the last transaction worked in.
    on_database: AtomicBool,
    pub(super) trouble: Mutex<Option<Trouble>>,
}

/// The following store could not be written.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    since: Instant,
    pub(super) reason: String,
}

/// How long writes do not try a following store again that could not be reached.
const REST: Duration = Duration::from_secs(5);

/// How often a transaction follows a change of its stage.
const TRIES: usize = 20;

impl DualStore {
    /// A pair of stores. `folder`: where the files are; `None` for files in the memory of this process.
    ///
    /// # Errors
    /// [`crate::Error::StagesDisagree`] when one store was replaced; [`crate::Error::Store`].
    pub fn new(
        files: Arc<dyn Store>,
        database: Arc<dyn Store>,
        folder: Option<&Path>,
        options: DualOptions,
    ) -> Result<Self> {
        let known = load(&*files, &*database, &options.fallback)?;
        let turn = folder.map_or_else(|| Turn::Process(Mutex::default()), Turn::of_folder);
        Ok(Self {
            on_database: AtomicBool::new(known.of(Area::Tasks).stage.leader() == Side::Database),
            known: RwLock::new(Arc::new(known)),
            folder: folder.map(|folder| folder.display().to_string()).unwrap_or_default(),
            files,
            database,
            turn,
            options,
            counter: Counter::default(),
            trouble: Mutex::default(),
        })
    }

    /// The files.
    #[must_use]
    pub fn files(&self) -> &dyn Store {
        &*self.files
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &dyn Store {
        &*self.database
    }

    /// Where an area is, as far as this process knows.
    #[must_use]
    pub fn stage(&self, area: Area) -> KnownStage {
        self.known().of(area)
    }

    /// Compares both stores, an area at a time, and keeps what differs in place of what was kept before.
    ///
    /// A difference that is seen while others write is looked at again when nobody does and all marks are gone.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn compare(&self, area: Area) -> Result<Comparison> {
        let mut found = compare_area(self, area, self.now())?;
        if found.differences > 0 {
            let _turn = self.take_turn()?;
            let known = self.reload()?;
            self.catch_up(&known, false)?;
            found = compare_area(self, area, self.now())?;
        }
        keep(self, area, &found.mismatches, true)?;
        Ok(found)
    }

    /// Copies what is marked, also what was refused before; then, if `all`, everything of the area in which the
    /// following store differs from the leading one. Does nothing for an area that is not written twice.
    ///
    /// This is how writes of a program that knows only the files get into the database while the files lead.
    ///
    /// # Errors
    /// [`crate::Error::Store`] when a store cannot be reached.
    pub fn repair(&self, area: Area, all: bool) -> Result<Drained> {
        let _turn = self.take_turn()?;
        let known = self.reload()?;
        self.repair_as(&known, area, all)
    }

    /// As [`Self::repair`] while the turn is held, for a stage that may be one to come.
    pub(super) fn repair_as(&self, known: &Known, area: Area, all: bool) -> Result<Drained> {
        let stage = known.of(area).stage;
        if !stage.is_dual() {
            return Ok(Drained::default());
        }
        let leader = stage.leader();
        let mut drained = drain(self, known, leader, true)?;
        // The last comparison is the one that finds nothing, or what cannot be copied.
        let mut last = u64::MAX;
        while all && !drained.is_equal {
            let found = compare_area(self, area, self.now())?;
            if found.differences >= last {
                break;
            }
            last = found.differences;
            let lacking = users_lacking(&found, leader);
            if !lacking.is_empty() {
                copy_items(self, leader.other(), &lacking)?;
                drained.copied += crate::bytes::to_u64(lacking.len());
                continue;
            }
            let items: BTreeSet<ItemKey> = found.mismatches.iter().map(item_of).collect();
            let items: Vec<ItemKey> = items.into_iter().collect();
            drained.is_equal = items.is_empty();
            if drained.is_equal {
                break;
            }
            write(self.side(leader), |repositories| Ok(repositories.cutover()?.add_dirty(&items)?))?;
            let more = drain(self, known, leader, true)?;
            drained.add(more);
            if more.copied == 0 || more.refused > 0 {
                break;
            }
            // When all differences were listed, it is enough to look at them again.
            let were_listed = found.differences == crate::bytes::to_u64(found.mismatches.len());
            if were_listed && items.iter().all(|item| item.key != WHOLE_TABLE) {
                let items: BTreeSet<ItemKey> = items.into_iter().collect();
                drained.is_equal = compare_items(self, &items, self.now())?.is_empty();
                break;
            }
        }
        self.forget_trouble();
        Ok(drained)
    }

    /// How many items of an area the following store lacks.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn count_dirty(&self, area: Area) -> Result<u64> {
        let leader = self.known().of(area).stage.leader();
        read(self.side(leader), |repositories| Ok(repositories.cutover()?.count_dirty(area)?))
    }

    /// Copies the marks of both directions. The turn is held.
    pub(super) fn catch_up(&self, known: &Known, again: bool) -> Result<Drained> {
        let mut drained = drain(self, known, Side::Files, again)?;
        drained.add(drain(self, known, Side::Database, again)?);
        Ok(drained)
    }

    pub(super) fn side(&self, side: Side) -> &dyn Store {
        match side {
            Side::Files => &*self.files,
            Side::Database => &*self.database,
        }
    }

    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.options.clock)()
    }

    pub(super) fn take_turn(&self) -> Result<Held<'_>> {
        Ok(self.turn.take()?)
    }

    pub(super) fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the stages again.
    pub(super) fn reload(&self) -> Result<Arc<Known>> {
        let known = Arc::new(load(&*self.files, &*self.database, &self.options.fallback)?);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&known);
        Ok(known)
    }

    /// Does the work in the store that leads what it touches.
    fn attempt(&self, writes: bool, notes_reads: bool, work: &mut Work<'_>) -> landfast_domain::Result<(Side, Seen)> {
        let mut known = self.known();
        let mut side = if self.on_database.load(Ordering::Relaxed) { Side::Database } else { Side::Files };
        let mut turned = false;
        for _ in 0..TRIES {
            let mut seen = Seen::default();
            let mut run = |repositories: &mut dyn Repositories| {
                let mut recorder = Recorder::new(repositories, side, &known, notes_reads);
                let result = work(&mut recorder);
                seen = std::mem::take(&mut recorder.seen);
                if seen.stale {
                    return Err(super::error::stale());
                }
                if seen.elsewhere.is_some() {
                    return Err(super::error::elsewhere());
                }
                result?;
                if writes && !seen.written.is_empty() {
                    repositories.cutover()?.add_dirty(&seen.marks())?;
                }
                Ok(())
            };
            let store = self.side(side);
            let result = if writes { store.run_write(&mut run) } else { store.run_read(&mut run) };
            if seen.stale {
                known = self.reload().map_err(crate::error::Error::into_domain)?;
                turned = false;
            } else if seen.elsewhere.is_some() {
                if turned {
                    let what = "one transaction over areas that are led by different stores";
                    return Err(DomainError::Unsupported { store: "two stores in one", what });
                }
                turned = true;
                side = side.other();
            } else {
                self.on_database.store(side == Side::Database, Ordering::Relaxed);
                return result.map(|()| (side, seen));
            }
        }
        Err(DomainError::Busy {
            what: "the stage of an area".to_owned(),
            holder: "who changes it again and again".to_owned(),
        })
    }

    /// Copies what a write has marked. A following store that cannot be written is no failure of the write.
    fn follow(&self, leader: Side) {
        let mut trouble = self.trouble();
        if trouble.as_ref().is_some_and(|trouble| trouble.since.elapsed() < REST) {
            return;
        }
        *trouble = match drain(self, &self.known(), leader, false) {
            Ok(_) => None,
            Err(error) => Some(Trouble { since: Instant::now(), reason: error.to_string() }),
        };
    }

    /// Why the following store could not be written the last time, if it could not.
    #[must_use]
    pub fn trouble_reason(&self) -> Option<String> {
        self.trouble().as_ref().map(|trouble| trouble.reason.clone())
    }

    fn forget_trouble(&self) {
        *self.trouble() = None;
    }

    fn trouble(&self) -> MutexGuard<'_, Option<Trouble>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Users that only the following store has. Accounts are made in the database whoever leads, and nobody's account
/// is to be removed because files do not know it; a removal that was asked for has a mark.
fn users_lacking(found: &Comparison, leader: Side) -> BTreeSet<ItemKey> {
    let lacks = |mismatch: &Mismatch| match leader {
        Side::Files => mismatch.files.is_none(),
        Side::Database => mismatch.database.is_none(),
    };
    let users = found.mismatches.iter().filter(|found| found.item.table == "user" && found.field.is_empty());
    users.filter(|found| lacks(found)).map(|found| found.item.clone()).collect()
}

impl Store for DualStore {
    fn run_read(&self, work: &mut Work<'_>) -> landfast_domain::Result<()> {
        let sampled = self.counter.is_sampled(self.options.shadow);
        let (_, seen) = self.attempt(false, sampled, work)?;
        if sampled && !seen.read.is_empty() {
            // A comparison that fails is no failure of the read.
            if let Err(error) = self.shadow(&seen.read) {
                self.counter.note_failure(&error.to_string());
            }
        }
        Ok(())
    }

    fn run_write(&self, work: &mut Work<'_>) -> landfast_domain::Result<()> {
        let _turn = self.turn.take()?;
        let (side, seen) = self.attempt(true, false, work)?;
        if !seen.written.is_empty() {
            self.follow(side);
        }
        Ok(())
    }

    /// The kind of the store that leads the tasks.
    fn kind(&self) -> StoreKind {
        self.side(self.known().of(Area::Tasks).stage.leader()).kind()
    }
}

impl std::fmt::Debug for DualStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DualStore").field("folder", &self.folder).field("known", &self.known()).finish_non_exhaustive()
    }
}
