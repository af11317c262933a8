//! URLs of PostgreSQL databases: hiding passwords, adding defaults, finding root certificates.
#![cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "without the feature, URLs are only shown"))]

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};

/// URL of a PostgreSQL database, as libpq reads it.
///
/// Neither `Display` nor `Debug` shows a password, wherever in the URL it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    text: String,
}

/// Files in which operating systems keep the root certificates they trust.
const ROOT_CERTIFICATES: [&str; 7] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/usr/local/etc/openssl/cert.pem",
];

/// What this process knows about its surroundings; libpq reads the same variables.
pub(crate) struct Surroundings<'a> {
    /// Value of an environment variable.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether a file exists.
    pub(crate) is_file: &'a dyn Fn(&Path) -> bool,
    /// Whether encrypted connections are compiled in.
    pub(crate) has_tls: bool,
}

impl Surroundings<'static> {
    /// The real ones.
    pub(crate) fn of_process() -> Self {
        Self {
            variable: &|name| std::env::var(name).ok().filter(|value| !value.is_empty()),
            is_file: &Path::is_file,
            has_tls: cfg!(feature = "pg-tls"),
        }
    }
}

impl PostgresUrl {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// The URL for libpq: as given, with a connection timeout, a name for the server's lists of
    /// connections and a file of root certificates where these are not given.
    pub(crate) fn for_libpq(&self, connect_timeout: Duration, around: &Surroundings<'_>) -> Result<String> {
        let mut text = self.text.clone();
        let mut add = |key: &str, value: &str| {
            let joint = if !text.contains('?') {
                "?"
            } else if text.ends_with(['?', '&']) {
                ""
            } else {
                "&"
            };
            text = format!("{text}{joint}{key}={}", encode(value));
        };
        if self.parameter("connect_timeout").is_none() && (around.variable)("PGCONNECT_TIMEOUT").is_none() {
            // libpq takes 1 for 2 and 0 for "wait for ever".
            add("connect_timeout", &connect_timeout.as_secs().max(2).to_string());
        }
        if self.parameter("application_name").is_none() && (around.variable)("PGAPPNAME").is_none() {
            add("application_name", "landfast");
        }
        for (key, value) in self.tls_parameters(around)? {
            add(key, &value);
        }
        Ok(text)
    }

    /// Parameters to add so that certificates can be verified.
    fn tls_parameters(&self, around: &Surroundings<'_>) -> Result<Vec<(&'static str, String)>> {
        let given = |key: &str, variable: &str| self.parameter(key).or_else(|| (around.variable)(variable));
        let mode = given("sslmode", "PGSSLMODE");
        let root = given("sslrootcert", "PGSSLROOTCERT");
        let wants_system = root.as_deref() == Some("system");
        let verifies = wants_system || matches!(mode.as_deref(), Some("verify-ca" | "verify-full"));
        if !around.has_tls {
            return if verifies || mode.as_deref() == Some("require") {
                let mode = mode.unwrap_or_else(|| "verify-full".to_owned());
                Err(Error::Feature { what: format!("an encrypted connection (sslmode={mode})"), feature: "pg-tls" })
            } else {
                Ok(Vec::new())
            };
        }
        if !verifies || (root.is_some() && !wants_system) {
            return Ok(Vec::new());
        }
        if root.is_none() && own_root_certificate(around).is_some_and(|path| (around.is_file)(&path)) {
            return Ok(Vec::new());
        }
        // The OpenSSL compiled in knows no system's certificates, so `system` has to become a file.
        let from_variable = (around.variable)("SSL_CERT_FILE").map(PathBuf::from);
        let found = from_variable
            .into_iter()
            .chain(ROOT_CERTIFICATES.iter().map(PathBuf::from))
            .find(|path| (around.is_file)(path))
            .ok_or_else(|| Error::Url {
                url: self.to_string(),
                reason: "no file with root certificates was found; name one with sslrootcert=FILE".to_owned(),
            })?;
        let mut parameters = vec![("sslrootcert", found.to_string_lossy().into_owned())];
        if mode.is_none() {
            // What `sslrootcert=system` implies.
            parameters.push(("sslmode", "verify-full".to_owned()));
        }
        Ok(parameters)
    }

    /// Replaces the passwords of this URL, in both their spellings, wherever they occur in a message.
    #[must_use]
    pub fn redact(&self, message: &str) -> String {
        let mut secrets: Vec<String> = Vec::new();
        for part in self.secret_parts() {
            secrets.push(decode(part));
            secrets.push(part.to_owned());
            // A password with one of these characters unescaped is taken apart by the library.
            secrets.extend(part.split(['/', '@', '?', ':', '&', '=']).map(decode));
        }
        secrets.retain(|secret| !secret.is_empty());
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().fold(message.to_owned(), |message, secret| message.replace(secret.as_str(), "***"))
    }

    /// Last value of a parameter, decoded.
    fn parameter(&self, key: &str) -> Option<String> {
        self.parameters().filter(|(k, _)| decode(k) == key).last().map(|(_, value)| decode(value))
    }

    /// Parameters as they are written.
    fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let query = self.text.split_once('?').map_or("", |(_, query)| query);
        query.split('&').filter_map(|pair| pair.split_once('='))
    }

    /// Parts of the text that are or may be secret.
    fn secret_parts(&self) -> Vec<&str> {
        let mut parts = Vec::new();
        let after_scheme = self.text.split_once("://").map_or("", |(_, rest)| rest);
        // The last `@` and not the first: a password with an unescaped `@`, `/` or `?` must not leak.
        if let Some((user, _)) = after_scheme.rsplit_once('@')
            && let Some((_, password)) = user.split_once(':')
        {
            parts.push(password);
        }
        parts.extend(self.parameters().filter(|(key, _)| is_secret(&decode(key))).map(|(_, value)| value));
        parts
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.text.split_once("://").unwrap_or(("", &self.text));
        let shown = match rest.rsplit_once('@') {
            Some((user, host)) => match user.split_once(':') {
                Some((name, _)) => format!("{name}:***@{host}"),
                None => rest.to_owned(),
            },
            None => rest.to_owned(),
        };
        let mut text = format!("{scheme}://");
        for part in shown.split_inclusive(['?', '&']) {
            match part.split_once('=') {
                Some((key, value)) if is_secret(&decode(key)) => {
                    let end = value.strip_suffix('&').map_or("", |_| "&");
                    text.push_str(&format!("{key}=***{end}"));
                }
                _ => text.push_str(part),
            }
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["password", "secret", "scram", "token"].iter().any(|word| key.contains(word))
}

/// The file libpq reads when no other is named.
fn own_root_certificate(around: &Surroundings<'_>) -> Option<PathBuf> {
    (around.variable)("HOME").map(|home| Path::new(&home).join(".postgresql").join("root.crt"))
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'/') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Undoes `%` escapes; what is no escape stays.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escape = match tail {
            [high, low, after @ ..] if first == b'%' => hex(*high).zip(hex(*low)).map(|(h, l)| (h * 16 + l, after)),
            _ => None,
        };
        let (byte, after) = escape.unwrap_or((first, tail));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around<'a>(variables: &'a dyn Fn(&str) -> Option<String>, files: &'a dyn Fn(&Path) -> bool) -> Surroundings<'a> {
        Surroundings { variable: variables, is_file: files, has_tls: true }
    }

    fn libpq(url: &str, around: &Surroundings<'_>) -> Result<String> {
        PostgresUrl::new(url).for_libpq(Duration::from_secs(10), around)
    }

    #[test]
    fn passwords_are_hidden_wherever_they_stand() {
        for (text, shown) in [
            ("postgres://host/x", "postgres://host/x"),
            ("postgres://me@host/x", "postgres://me@host/x"),
            ("postgres://me:s3cret@host:5432/x", "postgres://me:***@host:5432/x"),
            ("postgres://me:s3@c/r?et@host/x", "postgres://me:***@host/x"),
            ("postgres://host/x?password=s3cret&sslmode=disable", "postgres://host/x?password=***&sslmode=disable"),
            ("postgres://host/x?pass%77ord=s3cret", "postgres://host/x?pass%77ord=***"),
            ("postgres://host/x?sslpassword=s3cret", "postgres://host/x?sslpassword=***"),
            ("postgres://me:p@host/p?application_name=p", "postgres://me:***@host/p?application_name=p"),
            ("postgres://host:1/x?user=a@b&password=s3", "postgres://host:***@b&password=***"),
            ("postgres://host/x?password=s3&user=a@b", "postgres://host/x?password=***&user=a@b"),
        ] {
            let url = PostgresUrl::new(text);
            assert_eq!(url.to_string(), shown);
            assert!(!format!("{url:?}").contains("s3"), "{url:?}");
        }
    }

    #[test]
    fn messages_are_searched_for_both_spellings() {
        let url = PostgresUrl::new("postgres://me:s3%40cret@host/x");
        assert_eq!(url.redact("bad token s3%40cret, read as \"s3@cret\""), "bad token ***, read as \"***\"");
        assert_eq!(PostgresUrl::new("postgres://me:@host/x").redact("message"), "message");
        assert_eq!(PostgresUrl::new("postgres://me:s3/cret@host/x").redact("port \"s3\""), "port \"***\"");
    }

    #[test]
    fn defaults_are_added_unless_given() {
        let nothing = |_: &str| None;
        let no_file = |_: &Path| false;
        let around = around(&nothing, &no_file);
        assert_eq!(
            libpq("postgres://h/x", &around).unwrap(),
            "postgres://h/x?connect_timeout=10&application_name=landfast"
        );
        assert_eq!(
            libpq("postgres://h/x?connect_timeout=3&", &around).unwrap(),
            "postgres://h/x?connect_timeout=3&application_name=landfast"
        );
    }

    #[test]
    fn verification_gets_a_root_certificate() {
        let nothing = |_: &str| None;
        let debian = |path: &Path| path == Path::new("/etc/ssl/certs/ca-certificates.crt");
        let around = around(&nothing, &debian);
        let url = libpq("postgres://h/x?sslmode=verify-full", &around).unwrap();
        assert!(url.ends_with("&sslrootcert=/etc/ssl/certs/ca-certificates.crt"), "{url}");
        let url = libpq("postgres://h/x?sslrootcert=system", &around).unwrap();
        assert!(url.ends_with("&sslrootcert=/etc/ssl/certs/ca-certificates.crt&sslmode=verify-full"), "{url}");
        for kept in ["sslmode=verify-ca&sslrootcert=/my.crt", "sslmode=require", "sslmode=prefer"] {
            let url = libpq(&format!("postgres://h/x?{kept}"), &around).unwrap();
            assert!(!url.contains("ca-certificates"), "{url}");
        }
    }

    #[test]
    fn the_own_root_certificate_and_variables_come_first() {
        let variables = |name: &str| match name {
            "HOME" => Some("/somebody".to_owned()),
            "PGSSLMODE" => Some("verify-full".to_owned()),
            _ => None,
        };
        let own = |path: &Path| path == Path::new("/somebody/.postgresql/root.crt");
        assert!(!libpq("postgres://h/x", &around(&variables, &own)).unwrap().contains("sslrootcert"));
        let named = |name: &str| match name {
            "SSL_CERT_FILE" => Some("/my roots.pem".to_owned()),
            _ => variables(name),
        };
        let any = |path: &Path| path == Path::new("/my roots.pem");
        assert!(libpq("postgres://h/x", &around(&named, &any)).unwrap().ends_with("sslrootcert=/my%20roots.pem"));
        let none = |_: &Path| false;
        assert!(
            libpq("postgres://h/x", &around(&variables, &none)).unwrap_err().to_string().contains("sslrootcert=FILE")
        );
    }

    #[test]
    fn encryption_without_the_feature_names_the_feature() {
        let nothing = |_: &str| None;
        let no_file = |_: &Path| false;
        let around = Surroundings { variable: &nothing, is_file: &no_file, has_tls: false };
        for wanted in ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full", "sslrootcert=system"] {
            let message = libpq(&format!("postgres://h/x?{wanted}"), &around).unwrap_err().to_string();
            assert!(message.contains("`pg-tls`"), "{wanted}: {message}");
        }
        for plain in ["sslmode=disable", "sslmode=prefer", "sslmode=require&sslmode=disable"] {
            assert!(libpq(&format!("postgres://h/x?{plain}"), &around).is_ok(), "{plain}");
        }
    }
}
