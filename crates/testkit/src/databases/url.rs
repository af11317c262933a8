//! The address of the cluster that tests use.

use std::env;

/// Where the tests' PostgreSQL is; `None` when its absence was declared.
///
/// # Panics
/// When nothing is said: a test that was asked for must not pass by being skipped.
pub(super) fn cluster() -> Option<String> {
    match env::var("LANDFAST_TEST_POSTGRES_URL") {
        Ok(url) if !url.is_empty() => Some(url),
        _ if env::var("LANDFAST_TEST_POSTGRES").is_ok_and(|word| word == "absent") => {
            eprintln!("not run on PostgreSQL: LANDFAST_TEST_POSTGRES=absent");
            None
        }
        _ => panic!(
            "no PostgreSQL for this test: run `cargo xtask test`, which finds or starts one, or set \
             LANDFAST_TEST_POSTGRES_URL, or declare LANDFAST_TEST_POSTGRES=absent"
        ),
    }
}

/// The same URL for another database of the cluster.
pub(super) fn with_database(url: &str, database: &str) -> String {
    let (address, parameters) =
        url.split_once('?').map_or((url, None), |(address, parameters)| (address, Some(parameters)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = address.split_at(start);
    let authority = rest.split('/').next().unwrap_or_default();
    let parameters = parameters.map(|text| format!("?{text}")).unwrap_or_default();
    format!("{scheme}{authority}/{database}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_is_replaced() {
        for (url, other) in [
            ("postgres://root@127.0.0.1:5432/postgres", "postgres://root@127.0.0.1:5432/x"),
            ("postgres://localhost", "postgres://localhost/x"),
            ("postgresql://me:a%2Fb@h/db?sslmode=disable", "postgresql://me:a%2Fb@h/x?sslmode=disable"),
            ("postgres://%2Ftmp%2Fsocket/db?options=-c%20a%3D/b", "postgres://%2Ftmp%2Fsocket/x?options=-c%20a%3D/b"),
            ("postgres:///db?host=/run/postgresql", "postgres:///x?host=/run/postgresql"),
        ] {
            assert_eq!(with_database(url, "x"), other);
        }
    }
}
