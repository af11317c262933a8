//! Damages to values: files that can be read, but do not say what they should.

use super::Case;
use crate::folder::Tree;

pub(super) fn cases(area: &'static str, base: &Tree) -> Vec<Case> {
    let mut cases = Vec::new();
    if area == "tasks" {
        for (damage, file, from, to) in TABLES {
            add(&mut cases, area, base, damage, file, from, to);
        }
        for (damage, records) in ROWS {
            let mut tree = base.clone();
            let header = "task_id,name,description,type,version,created_at,is_recurring,categories\n";
            tree.insert("tasks.csv".to_owned(), format!("{header}{records}").into_bytes());
            cases.push(Case::new(area, damage, "tasks.csv", tree));
        }
        return cases;
    }
    let (file, id, text) = match area {
        "delivery" => ("profiles/aland/queries/main/jira_cache.json", "\"key\": \"", "\"name\": \""),
        "presentations" => ("presentation_jobs.snapshot.json", "\"job_id\": \"", "\"status\": \""),
        _ => ("runs/run_2026-03-07T09-27-16Z-a7d668/run_state.json", "\"run_id\": \"", "\"status\": \""),
    };
    for (damage, value) in VALUES {
        for (what, member) in [("id", id), ("text", text)] {
            // The value of the first such member is exchanged; the rest of the old text becomes another member.
            let from = member;
            let to = format!("{}{value}, \"rest\": \"", member.trim_end_matches('"'));
            add(&mut cases, area, base, &format!("{damage}-{what}"), file, from, &to);
        }
    }
    for (damage, to) in MEMBERS {
        add(&mut cases, area, base, damage, file, "{", to);
    }
    add(&mut cases, area, base, "single-quotes", file, "\"", "'");
    add(&mut cases, area, base, "trailing-comma", file, "}", ",}");
    add(&mut cases, area, base, "missing-comma", file, ",", " ");
    add(&mut cases, area, base, "missing-colon", file, ":", " ");
    cases
}

/// Exchanges the first occurrence of a text in a file.
fn add(cases: &mut Vec<Case>, area: &'static str, base: &Tree, damage: &str, file: &str, from: &str, to: &str) {
    let text = String::from_utf8(base[file].clone()).expect("the small folder is UTF-8");
    assert!(text.contains(from), "{file} does not hold {from:?}");
    let mut tree = base.clone();
    tree.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
    cases.push(Case::new(area, damage, file, tree));
}

/// Values in the place of a text.
const VALUES: [(&str, &str); 19] = [
    ("null", "null"),
    ("true", "true"),
    ("number", "7"),
    ("nan", "NaN"),
    ("infinity", "-Infinity"),
    ("huge-number", "1e400"),
    ("long-number", "123456789012345678901234567890.00000000000000000001"),
    ("negative-zero", "-0.0"),
    ("list", "[1, [2, [3]]]"),
    ("object", "{\"a\": {\"a\": 1, \"a\": 2}}"),
    ("empty", "\"\""),
    ("blank", "\"  \""),
    ("lone-surrogate", "\"\\ud83d x\""),
    ("escaped-nul", "\"a\\u0000b\""),
    ("path-up", "\"../../../etc/passwd\""),
    ("absolute-path", "\"/etc/passwd\""),
    ("line-breaks", "\"a\\nb\\r\\nc\""),
    ("bad-escape", "\"\\x41\""),
    ("bad-date", "\"2025-13-45T99:99:99\""),
];

/// Members that come first in the document.
const MEMBERS: [(&str, &str); 8] = [
    ("unknown-member", "{\"unknown member \\u00e9\": {\"deep\": [1.10, 1e5, null]},"),
    ("same-member-twice", "{\"version\": 1, \"version\": 2, \"run_id\": \"other\", \"jobs\": [], \"issues\": [],"),
    ("comment", "{ // a comment\n"),
    ("block-comment", "{ /* a comment */"),
    ("member-without-value", "{\"unknown\": ,"),
    ("member-without-name", "{: 1,"),
    ("raw-control-character", "{\"unknown\": \"a\u{1}\nb\","),
    ("empty-name", "{\"\": 1, \" \": 2,"),
];

/// Exchanges in files of tables: damage, file, what, by what.
const TABLES: [(&str, &str, &str, &str); 16] = [
    ("column-missing", "tasks.csv", "task_id,name,", "task_id,"),
    ("column-twice", "tasks.csv", "task_id,name,", "task_id,name,name,"),
    ("column-unnamed", "tasks.csv", "task_id,name,", "task_id,name,,"),
    ("column-unknown", "tasks.csv", "task_id,name,", "task_id,mood \u{1f642},name,"),
    ("id-column-missing", "tasks.csv", "task_id,", "key,"),
    ("header-quoted", "tasks.csv", "task_id,name,", "\"task_id\",\"na\"\"me\","),
    ("header-with-line-break", "tasks.csv", "task_id,name,", "task_id,\"na\nme\","),
    ("header-with-spaces", "tasks.csv", "task_id,name,", " task_id , name ,"),
    ("separator-semicolon", "tasks.csv", "task_id,name,description,", "task_id;name;description;"),
    ("payload-cut", "task_instances.csv", "{\"\"", "{"),
    ("payload-nan", "task_instances.csv", ": ", ": NaN, \"\"x\"\": "),
    ("payload-infinity", "task_instances.csv", ": ", ": -Infinity, \"\"x\"\": "),
    ("payload-surrogate", "task_instances.csv", "\"\": ", "\"\": \"\"\\ud800\"\", \"\"x\"\": "),
    ("payload-same-key", "task_instances.csv", "{\"\"", "{\"\"a\"\": 1, \"\"a\"\": 2, \"\""),
    (
        "payload-deep",
        "task_instances.csv",
        "\"\": ",
        "\"\": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]], \"\"x\"\": ",
    ),
    ("emotion-empty", "emotions.csv", "calm", "\"\""),
];

/// Records of templates.
const ROWS: [(&str, &str); 26] = [
    ("no-records", ""),
    ("id-twice", "t1000001,first1001,,,1,,,\nt1000001,second1002,,,1,,,\n"),
    ("same-row-twice", "t1000001,first1001,,,1,,,\nt1000001,first1001,,,1,,,\n"),
    ("id-missing", ",first1001,,,1,,,\n,second1002,,,1,,,\n"),
    ("id-case-clash", "t1000001a,first1001,,,1,,,\nT1000001A,second1002,,,1,,,\n"),
    ("id-with-spaces", " t1000001 ,first1001,,,1,,,\nt1000001,second1002,,,1,,,\n"),
    ("id-taken-by-twin", "t1000001,first1001,,,1,,,\nt1000001~2,second1002,,,1,,,\nt1000001,third1003,,,1,,,\n"),
    ("id-path", "../../../etc/passwd1001,first1001,,,1,,,\n/etc/shadow1002,second1002,,,1,,,\n"),
    (
        "id-very-long",
        concat!("t1000001", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1001,a,,,1,,,\n"),
    ),
    ("row-short", "t1000001,first1001\nt1000002\n"),
    ("row-long", "t1000001,first1001,,,1,,,,surplus1002\nt1000002,good1003,,,1,,,\n"),
    ("row-long-but-empty", "t1000001,first1001,,,1,,,,,,\n"),
    ("row-blank-cells", ",,,,,,,\nt1000002,good1003,,,1,,,\n"),
    ("quote-inside", "t1000001,fir\"st1001,,,1,,,\nt1000002,\"good\"1003,,,1,,,\n"),
    ("quote-open", "t1000001,\"first1001,,,1,,,\nt1000002,good1003,,,1,,,\n"),
    ("quote-spaces", "t1000001, \"first1001\" ,,,1,,,\nt1000002,good1003,,,1,,,\n"),
    ("cr-in-cell", "t1000001,fir\rst1001,,,1,,,\nt1000002,good1003,,,1,,,\n"),
    ("bad-date", "t1000001,first1001,,,1,2025-02-30 25:61,,\nt1000002,good1003,,,1,yesterday,,\n"),
    ("bad-number", "t1000001,first1001,,,one,,,\nt1000002,good1003,,,1e400,,,\nt1000003,c1004,,,-0x10,,,\n"),
    ("huge-number", "t1000001,first1001,,,99999999999999999999999999999999,,,\n"),
    ("nan", "t1000001,NaN,NA,null,nan,NaT,None,N/A\nt1000002,inf,,,-inf,,,\n"),
    ("bad-boolean", "t1000001,first1001,,,1,,maybe,\nt1000002,good1003,,,1,,TRUE,\n"),
    ("bad-list", "t1000001,first1001,,,1,,,[a\nt1000002,good1003,,,1,,,\"{\"\"a\"\": 1}\"\n"),
    ("formula", "t1000001,=cmd|' /C calc'!A1,,,1,,,\nt1000002,@SUM(1+1),,,1,,,\n"),
    ("markup", "t1000001,<script>alert(1001)</script>,,,1,,,\nt1000002,'; DROP TABLE tasks; -- 1002,,,1,,,\n"),
    (
        "odd-characters",
        "t1000001,\u{202e}first1001\u{2028}\u{feff},,,1,,,\nt1000002,e\u{301}\u{1f468}\u{200d}\u{1f469},,,1,,,\n",
    ),
];
