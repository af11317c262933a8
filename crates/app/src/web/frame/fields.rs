//! The fields of a form.

use crate::web::Error;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use std::fmt::Write as _;

/// The fields of a form (`application/x-www-form-urlencoded`), in the order of the form; a name may occur several
/// times.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields from an encoded body.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is not encoded as forms are.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        let reader = encoding::decode(body);
        reader.map(Self).ok_or_else(|| Error::BadRequest("the form is not encoded as forms are".to_owned()))
    }

    /// The text of a field, without blanks around it; browsers send line breaks as CR LF, here they are LF.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the field is missing.
    pub fn text(&self, name: &str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::invalid(name, format!("{name} is missing")))
    }

    /// The text of a field that may be missing; an empty one counts as missing.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|text| !text.is_empty())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// A secret: exactly as it was typed.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the field is missing.
    pub fn secret(&self, name: &str) -> Result<&str, Error> {
        let found = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        found.ok_or_else(|| Error::invalid(name, format!("{name} is missing")))
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// A number that may be missing.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the text is none.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        self.given(name)
            .map(|text| {
                text.parse().map_err(|_| Error::invalid(name, format!("{name} must be a number, not {text:?}")))
            })
            .transpose()
    }

    /// All values of a field that occurs several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Names and values of all fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.trim()))
    }

    /// A path on this site, or `/` for everything else.
    #[must_use]
    pub fn local_path(&self, name: &str) -> &str {
        self.given(name).filter(|path| is_local(path)).unwrap_or("/")
    }
}

/// A text as one segment of a path or one value of a query.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Whether a path stays on this site: `//host` and `/\host` do not.
pub(in crate::web) fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control)
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|error| Error::BadRequest(format!("the form cannot be read: {error}")))?;
        Self::parse(&body)
    }
}

/// `application/x-www-form-urlencoded`.
mod encoding {
    /// Pairs of a body; `None` when a `%` is not followed by two hexadecimal digits or the bytes are no UTF-8.
    pub(super) fn decode(body: &[u8]) -> Option<Vec<(String, String)>> {
        let parts = body.split(|byte| *byte == b'&').filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let middle = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
                let (name, value) = part.split_at(middle);
                Some((text(name)?, text(value.get(1..).unwrap_or_default())?.replace("\r\n", "\n")))
            })
            .collect()
    }

    fn text(bytes: &[u8]) -> Option<String> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes.iter();
        while let Some(byte) = rest.next() {
            out.push(match byte {
                b'+' => b' ',
                b'%' => digit(*rest.next()?)? * 16 + digit(*rest.next()?)?,
                other => *other,
            });
        }
        String::from_utf8(out).ok()
    }

    fn digit(byte: u8) -> Option<u8> {
        char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded() {
        let fields = Fields::parse(b"a=1+2%26&b=%C3%BC&a=x&empty=&text=a%0D%0Ab&n=7.5").unwrap();
        assert_eq!(fields.text("a").unwrap(), "1 2&");
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1 2&", "x"]);
        assert_eq!((fields.text("b").unwrap(), fields.given("empty")), ("ü", None));
        assert_eq!(fields.text("text").unwrap(), "a\nb");
        assert_eq!(fields.number::<f64>("n").unwrap(), Some(7.5));
        assert!(fields.number::<i64>("n").is_err() && fields.text("c").is_err());
        assert!(
            Fields::parse(b"a=%zz").is_err() && Fields::parse(b"a=%ff").is_err() && Fields::parse(b"a=%4").is_err()
        );
    }

    #[test]
    fn paths_of_other_sites_are_not_followed() {
        for (path, local) in [
            ("/tasks?x=1", "/tasks?x=1"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
            ("/a\tb", "/"),
        ] {
            let fields = Fields(vec![("back".to_owned(), path.to_owned())]);
            assert_eq!(fields.local_path("back"), local, "{path:?}");
        }
    }
}
