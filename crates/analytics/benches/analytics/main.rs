//! How long the calculations take, and how much memory they need: `cargo bench -p landfast-analytics`.
//!
//! Data are made up from fixed seeds. "Prepare" reads every record once (payloads, times, derived columns,
//! indexes); "dashboard" is everything on the dashboard, the relief summary, the composite score and the weekly
//! goal, from prepared rows ("warm"); "document" is the whole JSON document with its preparation ("cold").
//! Each line tells wall-clock times and processor time; "ns each" and the growth are of the processor time.
//! Arguments: names of benchmarks (`tasks`, `delivery`, `monte_carlo`), `--quick` for small sizes.

#![allow(clippy::indexing_slicing, clippy::expect_used, reason = "a benchmark may panic")]
#![allow(clippy::print_stdout, reason = "the figures are its output")]

mod instances;
mod issues;
mod measure;

use instances::now;
use landfast_analytics::delivery::forecast::{Simulation, Throughput};
use landfast_analytics::delivery::{Dashboard, document as delivery_document};
use landfast_analytics::tasks::rows::{TaskData, TaskInput};
use landfast_analytics::tasks::summary::{
    TARGET_SLEEP_HOURS, composite_components, composite_score, dashboard, relief_summary, tracking_consistency,
};
use landfast_analytics::tasks::weeks::{DEFAULT_GOAL_HOURS, compare_to_goal, points_target, week_start, weekly_hours};
use landfast_analytics::tasks::{Clock, Scores, document};
use measure::{Figures, forget_peak, growth, measure, memory_mib, real};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let names: Vec<&str> = arguments.iter().map(String::as_str).filter(|name| !name.starts_with("--")).collect();
    let wanted = |name: &str| names.is_empty() || names.contains(&name);
    println!(
        "{:<28} {:>9} {:>11} {:>11} {:>13} {:>9}",
        "benchmark", "n", "median ms", "least ms", "processor ms", "ns each"
    );
    if wanted("tasks") {
        tasks(if is_quick { &[1_000, 10_000] } else { &[1_000, 10_000, 100_000, 1_000_000] });
    }
    if wanted("delivery") {
        delivery(if is_quick { &[1_000, 5_000] } else { &[1_000, 10_000, 100_000] });
    }
    if wanted("monte_carlo") {
        monte_carlo();
    }
}

/// One line of the table.
fn line(name: &str, count: usize, figures: Figures) {
    let Figures { median_ms, least_ms, processor_ms } = figures;
    let each = processor_ms * 1e6 / real(count);
    println!("{name:<28} {count:>9} {median_ms:>11.2} {least_ms:>11.2} {processor_ms:>13.2} {each:>9.0}");
}

fn told(name: &str, points: &[(usize, f64)]) {
    if let Some(exponent) = growth(points) {
        println!("{name:<28} grows with n^{exponent:.2}");
    }
}

/// Everything the dashboard, the relief summary, the composite score and the weekly goal show.
fn board(data: &TaskData, clock: Clock) -> impl Sized {
    let scores = Scores::new(data, clock);
    let board = dashboard(data, &scores, clock);
    let relief = relief_summary(data, &scores, clock.local);
    let components = composite_components(data, &scores, &board, &relief, clock.local);
    let hours = weekly_hours(data, week_start(clock.local));
    (
        composite_score(&components, &[], true),
        data.completed_positions().len(),
        tracking_consistency(data, clock.local, 7, TARGET_SLEEP_HOURS),
        compare_to_goal(hours.total_hours, DEFAULT_GOAL_HOURS),
        points_target(data, clock.local, DEFAULT_GOAL_HOURS, 4),
        (board, relief),
    )
}

fn tasks(sizes: &[usize]) {
    let templates = instances::tasks();
    let [mut prepared, mut boards, mut documents] = [const { Vec::new() }; 3];
    for size in sizes {
        let rows = instances::instances(*size);
        let input = TaskInput { tasks: &templates, instances: &rows, ..TaskInput::default() };
        forget_peak();
        let before = memory_mib("VmRSS");
        let data = TaskData::new(&input);
        let (after, peak) = (memory_mib("VmRSS"), memory_mib("VmHWM"));
        let clock = Clock::from(now());
        let figures = measure(|| TaskData::new(&input));
        line("tasks prepare", *size, figures);
        prepared.push((*size, figures.processor_ms));
        let figures = measure(|| board(&data, clock));
        line("tasks dashboard (warm)", *size, figures);
        boards.push((*size, figures.processor_ms));
        if *size <= 100_000 {
            let figures = measure(|| document(&input, now()));
            line("tasks document (cold)", *size, figures);
            documents.push((*size, figures.processor_ms));
        }
        if let (Some(before), Some(after), Some(peak)) = (before, after, peak) {
            let each = (after - before) * 1024.0 * 1024.0 / real(*size);
            println!(
                "{:<28} {size:>9} records {before:.0} MiB, prepared rows {:.0} MiB ({each:.0} bytes each), peak {peak:.0} MiB",
                "tasks memory",
                after - before
            );
        }
    }
    told("tasks prepare", &prepared);
    told("tasks dashboard (warm)", &boards);
    told("tasks document (cold)", &documents);
}

fn delivery(sizes: &[usize]) {
    let [mut prepared, mut boards, mut documents] = [const { Vec::new() }; 3];
    for size in sizes {
        let records = issues::Records::new(*size);
        forget_peak();
        let before = memory_mib("VmRSS");
        let query = records.prepare();
        let (after, peak) = (memory_mib("VmRSS"), memory_mib("VmHWM"));
        let figures = measure(|| records.prepare());
        line("delivery prepare", *size, figures);
        prepared.push((*size, figures.processor_ms));
        line("delivery paths and releases", *size, measure(|| Dashboard::new(&query)));
        let dashboard = Dashboard::new(&query);
        let figures = measure(|| dashboard.values(now()));
        line("delivery dashboard (warm)", *size, figures);
        boards.push((*size, figures.processor_ms));
        let figures = measure(|| delivery_document(&[], std::slice::from_ref(&query), now()));
        line("delivery document", *size, figures);
        documents.push((*size, figures.processor_ms));
        if let (Some(before), Some(after), Some(peak)) = (before, after, peak) {
            println!(
                "{:<28} {size:>9} records {before:.0} MiB, prepared {:.0} MiB, peak {peak:.0} MiB",
                "delivery memory",
                after - before
            );
        }
    }
    told("delivery prepare", &prepared);
    told("delivery dashboard (warm)", &boards);
    told("delivery document", &documents);
}

fn monte_carlo() {
    let weeks = [0.0, 12.0, 31.0, 24.0, 18.0, 40.0, 22.0, 9.0, 27.0, 33.0, 15.0, 21.0];
    let throughput = Throughput::new(weeks).expect("there are weeks");
    let figures = measure(|| throughput.completion(1_000.0, Simulation::default()));
    line("monte_carlo 1000 items", 10_000, figures);
}
