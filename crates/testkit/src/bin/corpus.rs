//! `corpus [AREA] [WORD]`: imports every damaged folder of the corpus and prints what became of it.
//!
//! With a word, only cases whose names hold it. The last lines are the table of `docs/RELIABILITY.md`.

use landfast_testkit::corpus::{AREAS, cases, check};
use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let (areas, words): (Vec<String>, Vec<String>) = words.into_iter().partition(|word| AREAS.contains(&word.as_str()));
    let mut wrong = 0;
    let mut table: BTreeMap<(&str, String), u64> = BTreeMap::new();
    let mut codes: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for area in AREAS.into_iter().filter(|area| areas.is_empty() || areas.iter().any(|wanted| wanted == area)) {
        for case in cases(area) {
            if !words.is_empty() && !words.iter().any(|word| case.name.contains(word.as_str())) {
                continue;
            }
            let name = case.name.clone();
            let verdict = check(case);
            let end = match &verdict.refused {
                Some(reason) => format!("refused: {reason}"),
                None => format!("exit code {}", verdict.exit_code),
            };
            println!("{area}: {name}: {end} {:?} {:?}", verdict.set_aside, verdict.findings);
            for problem in &verdict.problems {
                wrong += 1;
                println!("    WRONG {problem}");
            }
            let end = if verdict.refused.is_some() { "refused".to_owned() } else { verdict.exit_code.to_string() };
            *table.entry((area, end)).or_default() += 1;
            verdict.set_aside.into_iter().for_each(|code| codes.entry(code).or_default().0 += 1);
            verdict.findings.into_iter().for_each(|code| codes.entry(code).or_default().1 += 1);
        }
    }
    println!("\n| area | ends with | cases |\n|---|---|---|");
    table.iter().for_each(|((area, end), count)| println!("| {area} | {end} | {count} |"));
    println!("\n| code | cases that set a record aside | cases with the finding |\n|---|---|---|");
    codes.iter().for_each(|(code, (aside, found))| println!("| `{code}` | {aside} | {found} |"));
    let cases: u64 = table.values().sum();
    println!("\n{cases} cases, {wrong} things wrong");
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
