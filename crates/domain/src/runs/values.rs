//! Members of a document, read with an eye on what is odd.

use super::{TimeText, codes};
use crate::finding::{Finding, Oddities, shown, storable};
use crate::instant::{ReadTime, Zone};
use crate::json::{Json, JsonError, MemberText, members, parse_lossy};

/// Text without a byte order mark.
pub(super) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// What is odd about a document as a whole. `field` names it in the findings.
pub(super) fn check_document(text: &str, field: &str, findings: &mut Vec<Finding>) {
    let mut find = |code, message: &str| findings.push(Finding::new(code, field, message));
    if without_bom(text).len() != text.len() {
        find(codes::BOM, "begins with a byte order mark");
    }
    let Ok((value, lone_surrogate)) = parse_lossy(without_bom(text)) else { return };
    let odd = Oddities::of(&value);
    if odd.not_finite {
        find(codes::NONFINITE_NUMBER, "holds `NaN` or `Infinity`");
    }
    if odd.nul {
        find(codes::NUL_IN_STRING, "holds U+0000");
    }
    if lone_surrogate {
        find(codes::LONE_SURROGATE, "holds half a surrogate pair");
    }
    if let Some(key) = repeated_key(&value) {
        find(codes::DUPLICATE_JSON_KEY, &format!("the key {} occurs again", shown(&key)));
    }
}

fn repeated_key(value: &Json) -> Option<String> {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Json::Array(elements) => left.extend(elements),
            Json::Object(object) => {
                let mut keys: Vec<&str> = object.iter().map(|(key, _)| key).collect();
                keys.sort_unstable();
                if let Some([key, ..]) = keys.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
                    return Some((*key).to_owned());
                }
                left.extend(object.iter().map(|(_, member)| member));
            }
            _ => {}
        }
    }
    None
}

/// Members of an object text.
pub(super) struct Values<'a> {
    members: Vec<MemberText<'a>>,
}

impl<'a> Values<'a> {
    /// `None` when the text is JSON but no object.
    pub(super) fn read(text: &'a str) -> Result<Option<Self>, JsonError> {
        Ok(members(without_bom(text))?.map(|members| Self { members }))
    }

    /// Members of a member; none when it is no object.
    pub(super) fn inner(&self, name: &str) -> Values<'a> {
        let members = self.raw(name).and_then(|text| members(text).ok().flatten());
        Values { members: members.unwrap_or_default() }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.key.as_str())
    }

    /// Text of the member that counts.
    pub(super) fn raw(&self, name: &str) -> Option<&'a str> {
        self.members.iter().rev().find(|member| member.key == name).map(|member| member.text)
    }

    /// The member that counts, `None` also for null.
    pub(super) fn value(&self, name: &str) -> Option<Json> {
        let (value, _) = parse_lossy(self.raw(name)?).ok()?;
        (!value.is_null()).then_some(value)
    }

    /// A text, storable.
    pub(super) fn string(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Json::String(text) => Some(storable(&text)),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.as_f64().filter(|value| value.is_finite())
    }

    /// JSON text of a member that is an object with members.
    pub(super) fn object(&self, name: &str) -> Option<String> {
        let text = self.raw(name)?;
        let found = members(text).ok()??;
        (!found.is_empty()).then(|| text.to_owned())
    }

    /// A text column: another kind of value is taken by its JSON and reported.
    pub(super) fn text(&self, name: &str, findings: &mut Vec<Finding>) -> Option<String> {
        match self.value(name)? {
            Json::String(text) => Some(storable(&text)),
            other => {
                findings.push(Finding::new(codes::TEXT_TYPE, name, shown(&other.dump())));
                Some(other.dump())
            }
        }
    }

    /// A time column. `field` names it in the findings.
    pub(super) fn time(
        &self,
        name: &str,
        field: &str,
        required: bool,
        findings: &mut Vec<Finding>,
    ) -> Option<TimeText> {
        let mut find = |code, message: String| findings.push(Finding::new(code, field, message));
        let (text, read) = match self.value(name) {
            None => {
                if required {
                    find(codes::TIMESTAMP_MISSING, format!("no `{name}`"));
                }
                return None;
            }
            Some(Json::Number(number)) => (number.to_string(), ReadTime::from_epoch(&number)),
            Some(Json::String(text)) => {
                let read = ReadTime::parse(&text);
                (text, read)
            }
            Some(other) => (other.dump(), None),
        };
        match read {
            None => find(codes::TIMESTAMP_UNPARSED, shown(&text)),
            Some(ReadTime { zone: Zone::Epoch, .. }) => find(codes::TIMESTAMP_NUMERIC, shown(&text)),
            Some(ReadTime { zone: Zone::Naive, .. }) => find(codes::TIMESTAMP_ASSUMED_UTC, shown(&text)),
            Some(_) => {}
        }
        if read.is_some_and(|time| time.fraction_digits > 6) {
            find(codes::TIMESTAMP_PRECISION, shown(&text));
        }
        Some(TimeText::new(&text))
    }
}

/// Reports an update before the creation.
pub(super) fn check_order(created: Option<&TimeText>, updated: Option<&TimeText>, findings: &mut Vec<Finding>) {
    if let (Some(created), Some(updated)) = (created.and_then(TimeText::instant), updated.and_then(TimeText::instant))
        && updated < created
    {
        findings.push(Finding::new(codes::TIMESTAMP_ORDER, "updated_at", format!("{updated} is before {created}")));
    }
}
