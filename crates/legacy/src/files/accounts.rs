//! Users of a store, in `.landfast/accounts.json`. The guest is not in it.

use super::backing::{Backing, Stamp};
use landfast_domain::accounts::{User, UserId};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const PATH: &str = ".landfast/accounts.json";

/// All users but the guest.
#[derive(Debug, Clone, Default)]
pub(super) struct Accounts {
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) stamp: Option<Stamp>,
    pub(super) changed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct AccountFile {
    version: u32,
    users: Vec<Account>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Account {
    id: String,
    name: String,
    created_at: String,
}

/// The guest as every store has it.
pub(super) fn guest() -> User {
    let created_at = Timestamp::parse("1970-01-01 00:00").expect("a well-formed time");
    User { id: UserId::guest(), name: UserId::GUEST.to_owned(), created_at }
}

impl Accounts {
    pub(super) fn load(backing: &Backing) -> Result<Self> {
        let stamp = backing.stamp(PATH)?;
        let Some(bytes) = backing.read(PATH)? else { return Ok(Self::default()) };
        let file: AccountFile = serde_json::from_slice(&bytes).map_err(|error| corrupt("", &error.to_string()))?;
        if file.version != 1 {
            return Err(corrupt("version", &file.version.to_string()));
        }
        let mut users = BTreeMap::new();
        for account in file.users {
            let id = UserId::new(account.id.as_str()).map_err(|_| corrupt("id", &account.id))?;
            let created_at =
                Timestamp::parse(&account.created_at).ok_or_else(|| corrupt("created_at", &account.created_at))?;
            users.insert(id.clone(), User { id, name: account.name, created_at });
        }
        Ok(Self { users, stamp, changed: false })
    }

    pub(super) fn render(&self) -> Vec<u8> {
        let users = self.users.values().map(|user| Account {
            id: user.id.to_string(),
            name: user.name.clone(),
            created_at: user.created_at.to_iso_text(),
        });
        let file = AccountFile { version: 1, users: users.collect() };
        let mut text = serde_json::to_vec_pretty(&file).expect("texts are always JSON");
        text.push(b'\n');
        text
    }

    pub(super) fn insert(&mut self, user: &User) -> Result<()> {
        if user.id == UserId::guest() || self.users.contains_key(&user.id) {
            return Err(Error::Conflict { entity: "user", key: user.id.to_string() });
        }
        if self.find(&user.name).is_some() {
            return Err(Error::Conflict { entity: "user", key: user.name.clone() });
        }
        self.users.insert(user.id.clone(), user.clone());
        self.changed = true;
        Ok(())
    }

    pub(super) fn get(&self, id: &UserId) -> Option<User> {
        if *id == UserId::guest() { Some(guest()) } else { self.users.get(id).cloned() }
    }

    pub(super) fn find(&self, name: &str) -> Option<User> {
        if name == UserId::GUEST { Some(guest()) } else { self.users.values().find(|user| user.name == name).cloned() }
    }

    pub(super) fn list(&self) -> Vec<User> {
        let mut users: Vec<User> = self.users.values().cloned().chain([guest()]).collect();
        users.sort_by(|a, b| a.id.cmp(&b.id));
        users
    }

    pub(super) fn delete(&mut self, id: &UserId) -> Result<bool> {
        if *id == UserId::guest() {
            return Err(Error::Invalid {
                entity: "user",
                field: "id",
                value: id.to_string(),
                reason: "is the guest, who cannot be removed",
            });
        }
        let found = self.users.remove(id).is_some();
        self.changed |= found;
        Ok(found)
    }
}

fn corrupt(column: &str, value: &str) -> Error {
    Error::Corrupt { entity: "user", key: PATH.to_owned(), column: column.to_owned(), value: value.to_owned() }
}
