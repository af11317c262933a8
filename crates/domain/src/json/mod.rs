//! JSON as CPython's `json` module reads and writes it, without losing anything.
//!
//! Legacy cells were written by `json.dumps` and read by `json.loads`. That dialect differs from
//! standard JSON, and typical libraries lose part of what a text says. A [`Json`] keeps
//!
//! - the text of every number: `1.50`, `1e5`, `-0`, integers of any length;
//! - the tokens `NaN`, `Infinity` and `-Infinity`, which Python writes and reads;
//! - the order of keys, and keys that occur twice (the last one counts, as in Python).
//!
//! ```
//! use landfast_domain::json::Json;
//!
//! let mut payload = Json::parse(r#"{"relief": 50.0, "load": NaN, "note": "d\u00e9j\u00e0"}"#)?;
//! assert_eq!(payload.dump(), r#"{"relief": 50.0, "load": NaN, "note": "d\u00e9j\u00e0"}"#);
//!
//! let object = payload.as_object_mut().expect("the text is an object");
//! assert_eq!(object.get("relief").and_then(Json::as_f64), Some(50.0));
//! object.insert("note", "new");
//! assert_eq!(payload.dump(), r#"{"relief": 50.0, "load": NaN, "note": "new"}"#);
//! # Ok::<(), landfast_domain::json::JsonError>(())
//! ```
//!
//! Some tools work on the text alone: [`validate`] and [`top_level_kind`] read without building a
//! value, and [`set_member`] and [`remove_member`] change one member and no other byte. [`members`] and
//! [`elements`] tell where the parts of a text are, and [`read_members`] hands out the members of one object.
//!
//! # Differences from CPython
//!
//! - Python strings may hold lone surrogates (`"\ud800"`), Rust strings may not. Such a text is
//!   refused with [`JsonErrorKind::LoneSurrogate`], which is reported only if nothing else is
//!   wrong: the text is one that Python accepts, and its raw form must be kept instead. The two
//!   editors accept it.
//! - Nesting ends at [`MAX_DEPTH`]; CPython's limit is about twice as deep and depends on how much
//!   of its stack is in use.
//! - Integers of more than 4300 digits are accepted. CPython has refused them since 2022, unless
//!   told otherwise.
//!
//! Invariant: reading never recurses, and what was read nests at most [`MAX_DEPTH`] deep, so that
//! neither dumping nor dropping it can exhaust the stack. A value built by hand is not checked.

mod dump;
mod edit;
mod error;
mod indented;
mod inspect;
mod locate;
mod number;
mod object;
mod outline;
mod parse;
mod python;
mod scanner;
mod value;
mod visit;

pub use dump::compact_unicode;
pub use edit::{remove_member, set_member};
pub use error::{JsonError, JsonErrorKind};
pub use inspect::{Inspection, inspect};
pub use locate::{ElementText, MemberList, MemberText, elements, member_elements, members};
pub use number::NumberText;
pub use object::Object;
pub use outline::{Node, Outline};
pub use parse::{parse_lossy, top_level_kind, validate, validate_lossy};
pub use scanner::MAX_DEPTH;
pub use value::{Json, JsonKind};
pub use visit::{Member, read_members};
