//! Checksums of SQL that look at its meaning, not its layout.

use sha2::{Digest, Sha256};

use crate::records::hex;

/// SHA-256 of a script without comments and layout, as hexadecimal digits.
///
/// A checkout may change line ends, an editor blanks, an author a comment; none of them changes what a
/// migration did.
///
/// ```
/// use landfast_store::migration_checksum;
/// assert_eq!(migration_checksum("SELECT 1; -- one\r\n"), migration_checksum("SELECT\t1 ;"));
/// assert_ne!(migration_checksum("SELECT 'a b'"), migration_checksum("SELECT 'a  b'"));
/// ```
#[must_use]
pub fn checksum(sql: &str) -> String {
    hex(&Sha256::digest(normalised(sql).as_bytes()))
}

/// The script with every comment and run of blanks as one blank, and none beside brackets, commas and
/// semicolons. Quoted text stays as it is.
fn normalised(sql: &str) -> String {
    let mut normal = String::with_capacity(sql.len());
    let mut gap = false;
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let skipped = layout(rest);
        if skipped > 0 {
            gap = true;
            rest = rest.get(skipped..).unwrap_or_default();
            continue;
        }
        let touches = |c: char| matches!(c, '(' | ')' | ',' | ';');
        if gap && !touches(first) && !normal.ends_with(touches) && !normal.is_empty() {
            normal.push(' ');
        }
        gap = false;
        let taken = quoted(rest).unwrap_or(first.len_utf8());
        normal.push_str(rest.get(..taken).unwrap_or_default());
        rest = rest.get(taken..).unwrap_or_default();
    }
    normal
}

/// Length of the comment or blank the text begins with, 0 if there is none.
fn layout(text: &str) -> usize {
    if text.starts_with("--") {
        return text.find('\n').unwrap_or(text.len());
    }
    if let Some(body) = text.strip_prefix("/*") {
        return body.find("*/").map_or(text.len(), |end| end + 4);
    }
    // A byte order mark is layout too.
    text.chars().next().filter(|c| c.is_whitespace() || *c == '\u{feff}').map_or(0, char::len_utf8)
}

/// Length of the quoted text the text begins with: `'…'`, `"…"`, or PostgreSQL's `$tag$…$tag$`.
fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    match quote {
        // A doubled quote inside ends one quoted text and begins the next, which comes to the same.
        '\'' | '"' => text.get(1..)?.find(quote).map(|end| end + 2),
        '$' => {
            let tag_end = text.get(1..)?.find('$')? + 2;
            let tag = text.get(..tag_end)?;
            let is_tag = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            if !tag.chars().all(is_tag) {
                return None;
            }
            text.get(tag_end..)?.find(tag).map(|end| tag_end + end + tag_end)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_does_not_count() {
        let sql = "CREATE TABLE t (\n    a TEXT, -- a comment\n    b TEXT\n);\n";
        for same in [
            "CREATE TABLE t (\r\n    a TEXT, -- a comment\r\n    b TEXT\r\n);\r\n",
            "CREATE TABLE t(a TEXT,b TEXT);",
            "\u{feff}/* first\n table */ CREATE\tTABLE t ( a TEXT , b TEXT ) ; -- 'end",
        ] {
            assert_eq!(checksum(same), checksum(sql), "{same}");
        }
    }

    #[test]
    fn meaning_counts() {
        let sql = "INSERT INTO t VALUES ('a  b', 1);";
        for other in [
            "INSERT INTO t VALUES ('a b', 1);",
            "INSERT INTO t VALUES ('a  b', 2);",
            "INSERTINTO t VALUES ('a  b', 1);",
            "INSERT INTO t VALUES ('a  b -- ', 1);",
        ] {
            assert_ne!(checksum(other), checksum(sql), "{other}");
        }
    }

    #[test]
    fn quoted_text_is_left_alone() {
        for kept in ["'it''s -- no  comment'", "\"a  /* b */\"", "$$ a  -- b $$", "$tag$ a  $$ b $tag$"] {
            assert_eq!(normalised(kept), kept);
        }
        // Neither a tag nor a quotation: the rest is ordinary text.
        assert_eq!(normalised("$1  a"), "$1 a");
        assert_eq!(normalised("'open  end"), "'open end");
    }
}
