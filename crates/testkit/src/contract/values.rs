//! Cells come back as they went in, whatever they hold.

use super::support::{Sample, get, insert, insert_all, instance, is_files, list, placed, read, task, user, write};
use landfast_domain::Store;
use landfast_domain::record::Record as _;
use landfast_domain::tasks::{Job, Note, Task, TaskInstance};

/// Stores one instance for each text, by insert, by batch and by update, and compares all of them.
pub(super) fn keeps(store: &dyn Store, texts: &[&str], set: impl Fn(&mut TaskInstance, &str)) {
    let rows: Vec<TaskInstance> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let mut row = instance(&format!("i{number}"), "t1");
            set(&mut row, text);
            row
        })
        .collect();
    let (inserted, batched, updated) = (user(store), user(store), user(store));
    insert_all(store, &inserted, &rows);
    write(store, |r| r.instances().insert_batch(&batched, &placed((1..).zip(rows.clone()))));
    for row in &rows {
        insert(store, &updated, &instance(row.key.as_str(), "t1"));
    }
    write(store, |r| rows.iter().try_for_each(|row| r.instances().update(&updated, row)));
    for user in [&inserted, &batched, &updated] {
        for (kept, row) in list::<TaskInstance>(store, user).iter().zip(&rows) {
            assert_eq!(kept, row);
        }
        assert_eq!(list::<TaskInstance>(store, user).len(), rows.len());
        for row in &rows {
            assert_eq!(get::<TaskInstance>(store, user, &row.key).as_ref(), Some(row));
        }
    }
}

/// Texts that store every kind of column may meet.
fn keeps_text(store: &dyn Store, texts: &[&str]) {
    keeps(store, texts, |row, text| {
        row.task_name.set_raw(text);
        row.skills_improved.set_raw(text);
        row.predicted.set_raw(text);
        row.relief_score.set_raw(text);
        row.extra.push(("remark".to_owned(), text.to_owned()));
    });
}

/// LF, CR, CRLF and their mixtures inside a cell.
pub fn line_breaks_of_every_kind_are_kept(store: &dyn Store) {
    keeps_text(
        store,
        &[
            "a\nb", "a\r\nb", "a\rb", "\n", "\r", "\r\n", "\n\r", "a\n", "\na", "a\r", "\ra", "a\r\r\nb", "\u{85}",
            "\u{2028}", "\x0b\x0c",
        ],
    );
}

/// Quotes, commas, separators and escape characters.
pub fn quotes_and_commas_are_kept(store: &dyn Store) {
    keeps_text(
        store,
        &[
            "\"", "\"\"", "a\"b", "\"a\"", ",", "a,b", "\",\"", "'", "''", "\\", "\\n", "\\\"", ";", "|", "\t", "a\tb",
            "=1+1", "#", "%s", "$1", "--", "/*",
        ],
    );
}

/// Blanks at the ends, and cells of blanks only.
pub fn blanks_are_not_trimmed(store: &dyn Store) {
    keeps_text(
        store,
        &[
            " ",
            "  ",
            " a",
            "a ",
            "\ta\t",
            "\u{a0}",
            "\u{a0}a",
            "\u{3000}",
            "\u{200b}",
            "\u{feff}",
            "\u{feff}a",
            "a\u{feff}",
        ],
    );
}

/// An empty cell and one with a missing-value word are different, and each word stays itself.
pub fn empty_and_missing_words_are_different(store: &dyn Store) {
    let mut texts: Vec<&str> = landfast_domain::text::MISSING_WORDS.to_vec();
    texts.extend(["none", "Null", "NA ", " nan", "NAN", "nil", "undefined"]);
    keeps_text(store, &texts);
}

/// Composed and decomposed letters, ligatures and look-alikes stay apart.
pub fn unicode_forms_are_kept_apart(store: &dyn Store) {
    keeps_text(
        store,
        &[
            "é", "e\u{301}", "ﬁ", "fi", "Å", "Å", "A\u{30a}", "ß", "ẞ", "SS", "İ", "i\u{307}", "ı", "ǆ", "ǅ", "①", "1",
            "Ａ", "A", "А",
        ],
    );
}

/// Letters of many scripts, emoji with joiners, and right-to-left text.
pub fn every_script_is_kept(store: &dyn Store) {
    keeps_text(
        store,
        &[
            "心配",
            "ünïcödé",
            "العربية ١٢٣",
            "עברית",
            "हिन्दी",
            "🌱",
            "👩‍👩‍👧‍👦",
            "🇫🇷",
            "𝒳",
            "\u{1f469}\u{1f3fd}",
            "\u{10ffff}",
            "\u{fffd}",
            "\u{ffff}",
            "\u{fdd0}",
            "\u{e000}",
        ],
    );
}

/// Control characters, U+0000 among them, which PostgreSQL cannot store in a text.
pub fn control_characters_are_kept(store: &dyn Store) {
    keeps_text(
        store,
        &[
            "\0",
            "a\0b",
            "\0\0",
            "end\0",
            "\x01",
            "\x1b[31m",
            "\x7f",
            "\x1a",
            "\x1c\x1d\x1e\x1f",
            "\u{2400}",
            "\\u0000",
            "\\0",
        ],
    );
}

/// U+0000 in a cell of every column of every kind.
pub fn u0000_is_kept_in_every_column(store: &dyn Store) {
    fn check<R: Sample>(store: &dyn Store) {
        let user = user(store);
        let mut record = R::with_id("k1");
        for column in R::free_columns() {
            record.set_cell(column, format!("{column}\0{column}"));
        }
        insert(store, &user, &record);
        assert_eq!(list::<R>(store, &user), [record], "{}", R::ENTITY);
    }
    super::support::for_every_kind!(check(store));
}

/// Text that looks like an encoding of something else is not decoded.
pub fn escapes_are_not_interpreted(store: &dyn Store) {
    keeps_text(
        store,
        &[
            "\\u00e9",
            "\\ud83d",
            "&amp;",
            "&amp;amp;",
            "%41",
            "\\x41",
            "=?utf-8?q?a?=",
            "{\"$date\": 1}",
            "NULL::text",
            "'); DROP TABLE tasks; --",
            "{}",
            "[]",
            "null",
        ],
    );
}

/// JSON cells are text: order and repetition of keys, spelling of numbers and white space stay.
pub fn json_is_kept_byte_for_byte(store: &dyn Store) {
    let texts = [
        "{}",
        "{ }",
        "{\"b\": 1, \"a\": 2}",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\":1}",
        "{\"a\" : 1.0}",
        "{\"a\": 1.50}",
        "{\"a\": 1e5}",
        "{\"a\": -0}",
        "{\"a\": NaN, \"b\": -Infinity}",
        "{\"a\": \"\\u00e9\"}",
        "{\"a\": \"é\"}",
        "{\"a\": \"\\ud83d\"}",
        "{\"a\": \"\\u0000\"}",
        "{\"a\": 123456789012345678901234567890}",
        " {\"a\": 1} ",
        "[1, 2]",
        "\"text\"",
        "5",
        "null",
        "\"{\\\"a\\\": 1}\"",
        "{\"a\": {\"b\": [{}, [], null, true]}}",
        "{\"\": \"\"}",
        "{\n  \"a\": 1\n}",
    ];
    keeps(store, &texts, |row, text| {
        row.predicted.set_raw(text);
        row.actual.set_raw(text);
    });
}

/// What is no JSON stays what it is.
pub fn broken_json_is_kept(store: &dyn Store) {
    let texts = [
        "{",
        "{'a': 1}",
        "{\"a\": 1,}",
        "[home",
        "{\"a\": undefined}",
        "not json",
        "{\"a\": 1}{\"b\": 2}",
        "\u{feff}{}",
        "{\"a\": \"\0\"}",
        "",
    ];
    keeps(store, &texts, |row, text| row.actual.set_raw(text));
}

/// JSON nested a thousand levels deep is text like any other.
pub fn deeply_nested_json_is_kept(store: &dyn Store) {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    keeps(store, &[&deep], |row, text| row.predicted.set_raw(text));
}

/// A cell of one mebibyte, in a text, a JSON, a number and an unknown column.
pub fn a_mebibyte_in_one_cell_is_kept(store: &dyn Store) {
    let user = user(store);
    let mut row = instance("i1", "t1");
    let long = "é🌱 \"quoted\", \n".repeat(64 * 1024);
    assert!(long.len() >= 1024 * 1024);
    row.skills_improved.set_raw(long.clone());
    row.predicted.set_raw(format!("{{\"note\": \"{}\"}}", "x".repeat(1024 * 1024)));
    row.relief_score.set_raw("9".repeat(1024 * 1024));
    row.extra.push(("long".to_owned(), long));
    insert(store, &user, &row);
    assert!(get::<TaskInstance>(store, &user, &row.key).as_ref() == Some(&row));
}

/// All columns of the widest record at once, each with a distinct and odd text, and unknown ones besides.
pub fn a_wide_record_keeps_every_distinct_odd_cell(store: &dyn Store) {
    let user = user(store);
    let mut row = TaskInstance::blank("i,\"1\"\n".into());
    assert!(TaskInstance::COLUMNS.len() >= 33);
    for (number, column) in TaskInstance::COLUMNS.iter().enumerate() {
        row.set_cell(number, format!("{}\r\n\"{number}\",\0{}", column.name, "é".repeat(number)));
    }
    row.instance_id.set_raw("i,\"1\"\n");
    row.extra = (0..12).map(|n| (format!("own \"{n}\""), format!(" {n}\r{n}\0"))).collect();
    insert(store, &user, &row);
    assert_eq!(list::<TaskInstance>(store, &user), [row]);
}

/// Names of unknown columns can be any text.
pub fn unknown_column_names_are_kept(store: &dyn Store) {
    let user = user(store);
    let mut row = task("t1");
    for name in [
        "a",
        "A",
        " a",
        "a,b",
        "\"q\"",
        "ä",
        "a\u{308}",
        "Name",
        "user id",
        "select",
        "row_key",
        "position",
        "extra",
        "two\nlines",
        "🌱",
    ] {
        row.extra.push((name.to_owned(), format!("text of {name}")));
    }
    insert(store, &user, &row);
    assert_eq!(list::<Task>(store, &user), [row]);
}

/// A record made by `blank` has the texts of a file without any column, and keeps them.
pub fn blank_records_keep_their_defaults(store: &dyn Store) {
    let user = user(store);
    let blank = Task::with_id("t1");
    assert_eq!((blank.task_type.raw(), blank.version.raw(), blank.routine_days_of_week.raw()), ("Work", "1", "[]"));
    insert(store, &user, &blank);
    assert_eq!(list::<Task>(store, &user), [blank]);
}

/// A column whose name is a word of SQL is a column like any other.
pub fn the_type_column_is_kept(store: &dyn Store) {
    let user = user(store);
    let mut row = task("t1");
    row.type_.set_raw("routine");
    insert(store, &user, &row);
    assert_eq!(list::<Task>(store, &user)[0].cell_named("type"), Some("routine"));
}

/// The legacy owner number of a row is a cell, not the owner.
pub fn the_legacy_owner_number_is_only_a_cell(store: &dyn Store) {
    let user = user(store);
    let mut row = task("t1");
    row.user_id.set_raw("2");
    insert(store, &user, &row);
    assert_eq!(list::<Task>(store, &user), [row]);
}

/// A row of a file without a table of its own keeps its content as text.
pub fn rows_of_other_files_are_kept(store: &dyn Store) {
    use landfast_domain::record::RecordKey;
    use landfast_domain::tasks::LegacyRow;
    if is_files(store) {
        // There they are lines of their files, which have tests of their own.
        return;
    }
    let user = user(store);
    let mut rows = Vec::new();
    for (number, content) in ["[\"a\", \"b\"]", "{\"event\": 1}\r", "free text\n", "\0", ""].into_iter().enumerate() {
        let mut row = LegacyRow::blank(RecordKey::nth("logs.csv", 1 + u64::try_from(number).unwrap()));
        row.file.set_raw("logs.csv");
        row.content.set_raw(content);
        rows.push(row);
    }
    insert_all(store, &user, &rows);
    assert_eq!(list::<LegacyRow>(store, &user), rows);
}

/// Notes and jobs keep long texts of several lines.
pub fn notes_and_jobs_keep_texts_of_several_lines(store: &dyn Store) {
    let user = user(store);
    let mut note = Note::with_id("note-1");
    note.content.set_raw("first\n\n---\n\nsecond, \"quoted\" &amp; <b>");
    let mut job = Job::with_id("j1");
    job.description.set_raw("line\r\nline");
    insert(store, &user, &note);
    insert(store, &user, &job);
    assert_eq!(list::<Note>(store, &user), [note]);
    assert_eq!(list::<Job>(store, &user), [job]);
}

/// Reading does not change what is stored.
pub fn reading_changes_nothing(store: &dyn Store) {
    let user = user(store);
    let mut row = instance("i1", "t1");
    row.status.set_raw("");
    row.relief_score.set_raw("NA");
    insert(store, &user, &row);
    for _ in 0..3 {
        read(store, |r| r.instances().list_active(&user));
        read(store, |r| r.instances().list_recent_completed(&user, 9));
        assert_eq!(list::<TaskInstance>(store, &user), [row.clone()]);
    }
}
