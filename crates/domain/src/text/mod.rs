//! Text rules of Python and pandas, in which legacy cells were written and read.
//!
//! The legacy program kept numbers, booleans and missing values as text and let CPython 3.11 and
//! pandas interpret them. Whoever reads its files must see the same values, so these functions
//! answer what CPython answers, not what Rust's own parsing and formatting would say.
//!
//! | Python or pandas | here |
//! |---|---|
//! | `float(text)`, `int(text)` | [`python_float`], [`python_int`], [`is_python_int`] |
//! | `repr(float)`, `str(bool)`, `repr(str)` | [`python_float_repr`], [`python_bool_text`], [`python_str_repr`] |
//! | `round(x)`, `round(x, n)` | [`round_half_even`], [`round_to`] |
//! | `text.strip()`, `text.lower()` | [`python_strip`], [`python_lower`] |
//! | words `read_csv` takes for missing | [`is_missing_word`], [`legacy_text`] |
//!
//! Invariant: everything here is a pure function of its arguments, without locale, clock or state.

mod digits;
mod float_repr;
mod missing;
mod number;
mod printable;
mod rounding;
mod strings;

pub use float_repr::python_float_repr;
pub use missing::{MISSING_WORDS, is_missing_word, legacy_text};
pub use number::{MAX_INT_DIGITS, is_python_int, python_float, python_int};
pub use rounding::{round_half_even, round_to};
pub use strings::{is_python_space, python_bool_text, python_lower, python_str_repr, python_strip};
