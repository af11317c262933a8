//! `journeys NUMBER [FIRST]`: so many random folders go from files to SQLite, PostgreSQL, SQLite and back to files.
//!
//! Prints the table of `docs/RELIABILITY.md` and ends with exit code 1 when one of them did not come back.

use landfast_testkit::random_tree::{Journey, journey, random_tree};
use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let mut numbers = env::args().skip(1).filter_map(|word| word.parse::<u64>().ok());
    let (count, first) = (numbers.next().unwrap_or(2000), numbers.next().unwrap_or(0));
    let began = Instant::now();
    let (mut table, mut wrong): (BTreeMap<&str, [u64; 5]>, u64) = (BTreeMap::new(), 0);
    for seed in first..first + count {
        let random = random_tree(seed);
        match journey(&random) {
            Ok(Journey { documents, records, quarantined, edited }) => {
                let sums = table.entry(random.area).or_default();
                for (sum, more) in sums.iter_mut().zip([1, documents, records, quarantined, u64::from(edited)]) {
                    *sum += more;
                }
            }
            Err(error) => {
                wrong += 1;
                eprintln!("seed {seed} ({}): {error}", random.area);
            }
        }
        if (seed - first + 1) % 100 == 0 {
            eprintln!("{} folders, {wrong} wrong, {:.0} s", seed - first + 1, began.elapsed().as_secs_f64());
        }
    }
    println!("| area | folders | documents | records | in quarantine | fields edited |\n|---|---|---|---|---|---|");
    for (area, [folders, documents, records, quarantined, edited]) in &table {
        println!("| {area} | {folders} | {documents} | {records} | {quarantined} | {edited} |");
    }
    println!("\n{count} folders, {wrong} wrong, {:.0} s", began.elapsed().as_secs_f64());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
