//! Opening databases: what is made, what is refused, what is never shown.

use crate::support;
use landfast_store::{Database, DatabaseUrl, Error, PoolOptions};
use std::time::Duration;

fn open(url: &str) -> Result<Database, Error> {
    let options = PoolOptions { connect_timeout: Duration::from_secs(2), ..PoolOptions::default() };
    Database::open(&DatabaseUrl::parse(url).unwrap(), options)
}

#[test]
fn a_folder_of_files_is_no_database() {
    assert!(open("files:/tmp").unwrap_err().to_string().contains("no database"));
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;

    #[test]
    fn a_missing_file_is_made_only_when_allowed() {
        let scratch = support::sqlite();
        let careful = PoolOptions { create: false, ..PoolOptions::default() };
        let error = Database::open(&scratch.url, careful.clone()).unwrap_err();
        assert!(error.to_string().contains("does not exist"), "{error}");
        assert!(!std::path::Path::new(&scratch.path()).exists());
        drop(scratch.open());
        Database::open(&scratch.url, careful).unwrap().ping().unwrap();
    }

    #[test]
    fn a_missing_folder_is_named() {
        let scratch = support::sqlite();
        let url = format!("sqlite:{}/no/such/test.db", scratch.path());
        let error = open(&url).unwrap_err();
        assert!(error.to_string().contains("/no/such does not exist"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_database_is_refused() {
        let scratch = support::sqlite();
        std::fs::write(scratch.path(), "task_id,name\nt1,a task that is not a database at all\n".repeat(100)).unwrap();
        let error = scratch.url.to_string();
        let refused = open(&error).unwrap_err();
        assert!(matches!(&refused, Error::Connect { .. }), "{refused:?}");
        assert!(refused.to_string().contains("not a database"), "{refused}");
    }

    #[test]
    fn strange_names_are_names() {
        let scratch = support::sqlite();
        let folder = std::path::Path::new(&scratch.path()).parent().unwrap().to_owned();
        for name in ["file:x.db", "a b?c#d%20.db", "ünï😀.db", "-.db"] {
            let database = Database::open(&DatabaseUrl::sqlite(folder.join(name)), PoolOptions::default()).unwrap();
            database.migrations().migrate().unwrap();
            assert!(folder.join(name).is_file(), "{name}");
        }
    }

    #[test]
    fn eight_processes_worth_of_pools_share_one_file() {
        let scratch = support::sqlite();
        let first = scratch.migrated();
        let others: Vec<_> = (0..8).map(|_| scratch.open()).collect();
        for database in others.iter().chain([&first]) {
            database.ping().unwrap();
            database.migrations().require_current().unwrap();
        }
    }
}

#[cfg(not(feature = "sqlite"))]
#[test]
fn sqlite_without_the_feature_names_the_feature() {
    assert!(open("sqlite:x.db").unwrap_err().to_string().contains("`sqlite`"));
}

#[cfg(not(feature = "postgres"))]
#[test]
fn postgres_without_the_feature_names_the_feature() {
    let error = open("postgres://me:s3cret@localhost/x").unwrap_err().to_string();
    assert!(error.contains("`postgres`") && !error.contains("s3cret"), "{error}");
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;

    #[test]
    fn no_error_shows_the_password() {
        for url in [
            // Nobody listens there.
            "postgres://me:s3cret@127.0.0.1:1/x",
            "postgres://127.0.0.1:1/x?user=me&password=s3cret",
            // The library repeats what it does not understand.
            "postgres://me:s3cret%zz@127.0.0.1:1/x",
            "postgres://me:s3cret@127.0.0.1:1/x?nonsense=1",
            "postgres://me:s3cret/more@127.0.0.1:1/x",
        ] {
            let error = open(url).unwrap_err();
            assert!(matches!(error, Error::Connect { .. }), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn debug_output_shows_no_password() {
        let Some(scratch) = support::postgres() else { return };
        let DatabaseUrl::Postgres(_) = &scratch.url else { panic!("a PostgreSQL URL") };
        let database = scratch.open();
        // Any parameter that may be secret, on a server that asks for none.
        assert!(!format!("{database:?}").contains("password"));
        assert!(format!("{database:?}").contains("PoolOptions"));
    }

    #[cfg(not(feature = "pg-tls"))]
    #[test]
    fn encryption_without_the_feature_names_the_feature() {
        let error = open("postgres://127.0.0.1:1/x?sslmode=require").unwrap_err();
        assert!(matches!(error, Error::Feature { feature: "pg-tls", .. }), "{error:?}");
    }
}
