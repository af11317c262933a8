//! Users.

use diesel::prelude::*;
use landfast_domain::accounts::{AccountRepository, User, UserId};
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::schema::users;
use crate::time::StoredTime;
use crate::transaction::{Transaction, query};

/// Longest name in bytes; an index of PostgreSQL refuses entries of more than 2704.
const LONGEST_NAME: usize = 1000;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_default_value = false)]
struct UserRow {
    id: String,
    name: String,
    created_at: StoredTime,
}

impl UserRow {
    fn into_user(self) -> DomainResult<User> {
        let corrupt = |column: &str, value: String| DomainError::Corrupt {
            entity: "user",
            key: self.id.clone(),
            column: column.to_owned(),
            value,
        };
        Ok(User {
            id: UserId::new(self.id.as_str()).map_err(|_| corrupt("id", self.id.clone()))?,
            created_at: self.created_at.known().map_err(|text| corrupt("created_at", text))?,
            name: self.name,
        })
    }
}

impl AccountRepository for Transaction<'_> {
    /// Also refuses a name of more than 1000 bytes or with U+0000, with [`DomainError::Invalid`].
    fn insert(&mut self, user: &User) -> DomainResult<()> {
        self.require_write()?;
        if user.name.len() > LONGEST_NAME || user.name.contains('\0') {
            return Err(DomainError::Invalid {
                entity: "user",
                field: "name",
                value: user.name.clone(),
                reason: "must have at most 1000 bytes and no zero character",
            });
        }
        let row =
            UserRow { id: user.id.as_str().to_owned(), name: user.name.clone(), created_at: user.created_at.into() };
        let added =
            query!(self, |conn| diesel::insert_into(users::table).values(&row).on_conflict_do_nothing().execute(conn))?;
        if added > 0 {
            return Ok(());
        }
        let key = if AccountRepository::get(self, &user.id)?.is_some() { row.id } else { row.name };
        Err(DomainError::Conflict { entity: "user", key })
    }

    fn get(&mut self, id: &UserId) -> DomainResult<Option<User>> {
        let row = query!(self, |conn| users::table
            .find(id.as_str())
            .select(UserRow::as_select())
            .get_result(conn)
            .optional())?;
        row.map(UserRow::into_user).transpose()
    }

    fn find_by_name(&mut self, name: &str) -> DomainResult<Option<User>> {
        if name.contains('\0') {
            return Ok(None);
        }
        let row = query!(self, |conn| users::table
            .filter(users::name.eq(name))
            .select(UserRow::as_select())
            .get_result(conn)
            .optional())?;
        row.map(UserRow::into_user).transpose()
    }

    fn list(&mut self) -> DomainResult<Vec<User>> {
        let rows = query!(self, |conn| users::table.order(users::id.asc()).select(UserRow::as_select()).load(conn))?;
        rows.into_iter().map(UserRow::into_user).collect()
    }

    fn delete(&mut self, id: &UserId) -> DomainResult<bool> {
        self.require_write()?;
        if *id == UserId::guest() {
            return Err(DomainError::Invalid {
                entity: "user",
                field: "id",
                value: id.to_string(),
                reason: "must not be the guest",
            });
        }
        // Everything the user owns goes with it: every table refers to users with ON DELETE CASCADE.
        let deleted = query!(self, |conn| diesel::delete(users::table.find(id.as_str())).execute(conn))?;
        Ok(deleted > 0)
    }
}
