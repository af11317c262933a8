//! Names for logging in and hashes of passwords.

use diesel::prelude::*;
use landfast_domain::accounts::{Credential, Login, PasswordHash, UserId};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use super::Reader;
use crate::exact::index_text;
use crate::schema::credentials;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = credentials)]
#[diesel(treat_none_as_default_value = false)]
struct CredentialRow {
    user_id: String,
    login: String,
    login_key: String,
    password_hash: String,
    changed_at: StoredTime,
}

impl CredentialRow {
    fn into_credential(self) -> DomainResult<Credential> {
        let reader = Reader { entity: "credential", key: &self.user_id };
        Ok(Credential {
            user: reader.user(&self.user_id)?,
            login: Login::new(&self.login).map_err(|_| reader.corrupt("login", &self.login))?,
            changed_at: reader.time("changed_at", self.changed_at)?,
            password_hash: PasswordHash::new(self.password_hash),
        })
    }
}

fn key(login: &Login) -> String {
    index_text(&login.key()).into_owned()
}

pub(super) fn of_user(transaction: &mut Transaction<'_>, user: &UserId) -> DomainResult<Option<Credential>> {
    let row = query!(transaction, |conn| credentials::table
        .find(user.as_str())
        .select(CredentialRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(CredentialRow::into_credential).transpose()
}

pub(super) fn find(transaction: &mut Transaction<'_>, login: &Login) -> DomainResult<Option<Credential>> {
    let key = key(login);
    let row = query!(transaction, |conn| credentials::table
        .filter(credentials::login_key.eq(&key))
        .select(CredentialRow::as_select())
        .get_result(conn)
        .optional())?;
    row.map(CredentialRow::into_credential).transpose()
}

pub(super) fn count(transaction: &mut Transaction<'_>) -> DomainResult<u64> {
    let count: i64 = query!(transaction, |conn| credentials::table.count().get_result(conn))?;
    u64::try_from(count).map_err(DomainError::backend)
}

pub(super) fn save(transaction: &mut Transaction<'_>, credential: &Credential) -> DomainResult<()> {
    let row = CredentialRow {
        user_id: credential.user.as_str().to_owned(),
        login: credential.login.as_str().to_owned(),
        login_key: key(&credential.login),
        password_hash: credential.password_hash.reveal().to_owned(),
        changed_at: credential.changed_at.into(),
    };
    // A unique violation would end a transaction on PostgreSQL, and only there.
    if find(transaction, &credential.login)?.is_some_and(|other| other.user != credential.user) {
        return Err(DomainError::Conflict { entity: "account", key: row.login });
    }
    query!(transaction, |conn| diesel::insert_into(credentials::table)
        .values(&row)
        .on_conflict(credentials::user_id)
        .do_update()
        .set(&row)
        .execute(conn))?;
    Ok(())
}
