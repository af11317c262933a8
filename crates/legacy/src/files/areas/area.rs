//! What the areas have in common: loading, keeping, committing.

use super::super::backing::{Backing, Change, Listing};
use super::super::store::Cache;
use super::delivery::DeliveryArea;
use super::guard::Guard;
use super::presentations::PresentationArea;
use super::runs::RunArea;
use landfast_domain::{Error, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files to be written, or removed where there are no bytes, by path.
pub(super) type Edits = BTreeMap<String, Option<Vec<u8>>>;

/// An area: how it is read from its files and written back.
pub(in super::super) trait Area: Sized + Send + Sync + 'static {
    /// The area's records in memory.
    type Model: Clone + PartialEq + Send + Sync + 'static;

    /// The area's files as they are now.
    fn list(backing: &Backing) -> Result<Listing>;

    /// Reads the files. `known`: the area as it was read before, of which everything may be taken over whose
    /// files did not change.
    fn read(backing: &Backing, listing: &Listing, known: Option<&Loaded<Self>>) -> Result<(Self, Self::Model)>;

    /// What has to be written so that the files say what the model says.
    fn edits(loaded: &Loaded<Self>, backing: &Backing, model: &Self::Model) -> Result<Edits>;

    /// Folders that should be there beside the files, even when empty.
    fn folders(_edits: &Edits) -> Vec<String> {
        Vec::new()
    }
}

/// An area as its files say it.
#[derive(Debug)]
pub(in super::super) struct Loaded<A: Area> {
    /// The files this was read from, as they were then.
    pub(super) listing: Listing,
    /// What of the files is not in the model.
    pub(super) form: A,
    pub(super) model: A::Model,
}

impl<A: Area> Loaded<A> {
    /// The area as it is now: the known one if no file changed.
    ///
    /// Files somebody writes at the same time without holding the lock are read again, a few times.
    pub(in super::super) fn now(backing: &Backing, known: Option<Arc<Self>>) -> Result<Arc<Self>> {
        const TRIES: usize = 20;
        for _ in 0..TRIES {
            let listing = A::list(backing)?;
            if let Some(known) = &known
                && known.listing == listing
            {
                return Ok(Arc::clone(known));
            }
            let read = A::read(backing, &listing, known.as_deref());
            if A::list(backing)? == listing {
                let (form, model) = read?;
                return Ok(Arc::new(Self { listing, form, model }));
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let holder = "a program that writes them again and again".to_owned();
        Err(Error::Busy { what: "files of the store".to_owned(), holder })
    }
}

/// An area in a transaction.
struct Open<A: Area> {
    loaded: Arc<Loaded<A>>,
    guard: Guard<A::Model>,
}

impl<A: Area> Open<A> {
    fn of<'o>(
        open: &'o mut Option<Self>,
        cache: &Cache,
        backing: &Backing,
        writable: bool,
    ) -> Result<&'o mut Guard<A::Model>> {
        let open = match open {
            Some(open) => open,
            None => {
                let loaded = cache.area::<A>(backing)?;
                let guard = Guard { model: loaded.model.clone(), writable };
                open.insert(Self { loaded, guard })
            }
        };
        Ok(&mut open.guard)
    }

    fn changes(open: Option<&Self>, backing: &Backing, changes: &mut Vec<Change>) -> Result<()> {
        let Some(Self { loaded, guard }) = open else { return Ok(()) };
        if guard.model == loaded.model {
            return Ok(());
        }
        let edits = A::edits(loaded, backing, &guard.model)?;
        changes.extend(A::folders(&edits).into_iter().map(|path| Change::MakeFolder { path }));
        for (path, bytes) in edits {
            refuse_links(&loaded.listing, &path)?;
            let expected = loaded.listing.files.get(&path).copied();
            match bytes {
                Some(bytes) => changes.push(Change::Replace { path, bytes, expected }),
                None if backing.stamp(&path)? == expected => changes.push(Change::Remove { path }),
                None => {
                    let holder = "a program that changed it without taking the lock".to_owned();
                    return Err(Error::Busy { what: path, holder });
                }
            }
        }
        Ok(())
    }
}

/// The areas a transaction has used.
#[derive(Default)]
pub(in super::super) struct Areas {
    delivery: Option<Open<DeliveryArea>>,
    presentations: Option<Open<PresentationArea>>,
    runs: Option<Open<RunArea>>,
}

macro_rules! access {
    ($($name:ident: $area:ty),*) => {
        impl Areas {
            $(
                pub(in super::super) fn $name(
                    &mut self,
                    cache: &Cache,
                    backing: &Backing,
                    writable: bool,
                ) -> Result<&mut Guard<<$area as Area>::Model>> {
                    Open::of(&mut self.$name, cache, backing, writable)
                }
            )*

            /// Adds what has to be written for all areas.
            pub(in super::super) fn changes(&self, backing: &Backing, changes: &mut Vec<Change>) -> Result<()> {
                $( Open::changes(self.$name.as_ref(), backing, changes)?; )*
                Ok(())
            }
        }
    };
}
access! { delivery: DeliveryArea, presentations: PresentationArea, runs: RunArea }

/// The error for writing over a file that could not be read, or through a link.
pub(super) fn unreadable(path: &str, reason: impl Into<String>) -> Error {
    Error::Corrupt { entity: "file", key: path.to_owned(), column: "document".to_owned(), value: reason.into() }
}

fn refuse_links(listing: &Listing, path: &str) -> Result<()> {
    let mut ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    match ends.find_map(|end| path.get(..end).filter(|above| listing.refused.contains_key(*above))) {
        Some(above) => Err(unreadable(above, "no regular file: links are not followed and not written over")),
        None => Ok(()),
    }
}
