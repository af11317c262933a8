//! Task templates.

use super::calendar::{Calendar, minutes, unix};
use super::words;
use crate::python::json_list;
use crate::random::Random;

/// One made-up template.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) estimate: u32,
    /// Typical ratings of attempts at it, 0 to 100.
    pub(super) relief: u32,
    pub(super) difficulty: u32,
    pub(super) aversion: u32,
    description: String,
    kind: &'static str,
    task_type: &'static str,
    version: String,
    created_at: String,
    recurring: &'static str,
    categories: String,
    estimate_text: String,
    aversion_text: String,
    frequency: &'static str,
    days: &'static str,
    time: String,
    window_hours: String,
    notes: String,
}

impl Template {
    /// Template `number`, always the same for the same options.
    pub(super) fn nth(calendar: &Calendar, number: u64) -> Self {
        let options = &calendar.options;
        let mut random = Random::of_item(options.seed, "template", number);
        let created = calendar.template_time(number);
        let routine = random.chance(20);
        let kind = if routine { "routine" } else { random_kind(&mut random) };
        let estimate = random.between(1, 18) * 5;
        let aversion = random.between(5, 95);
        let weekly = routine && random.chance(40);
        let mut template = Self {
            id: format!("t{}", unix(created)),
            name: name(&mut random, number),
            estimate,
            relief: random.between(15, 90),
            difficulty: random.between(10, 90),
            aversion,
            description: random.pick(&words::DESCRIPTIONS).to_owned(),
            kind,
            task_type: random.pick(&["Work", "Work", "Play", "Self care"]),
            version: random.between(1, 4).to_string(),
            created_at: minutes(created),
            recurring: if kind == "one-time" { "False" } else { "True" },
            categories: if random.chance(70) {
                "[]".to_owned()
            } else {
                json_list([random.pick(&words::EMOTIONS), "été"])
            },
            estimate_text: estimate.to_string(),
            aversion_text: if random.chance(30) { "50".to_owned() } else { "0".to_owned() },
            frequency: if weekly {
                "weekly"
            } else if routine {
                "daily"
            } else {
                "none"
            },
            days: if weekly { "[0, 3]" } else { "[]" },
            time: if routine {
                format!("{:02}:{:02}", random.between(6, 21), random.between(0, 3) * 15)
            } else {
                "00:00".to_owned()
            },
            window_hours: if routine { random.between(2, 24).to_string() } else { String::new() },
            notes: if random.chance(15) {
                format!("[{}]\n{}", minutes(created), random.pick(&words::REMARKS))
            } else {
                String::new()
            },
        };
        if options.odd_cells {
            template.make_odd(number);
        }
        template
    }

    /// Cell of a column of `tasks.csv`.
    pub(super) fn cell(&self, column: &str) -> &str {
        match column {
            "task_id" => &self.id,
            "name" => &self.name,
            "description" => &self.description,
            "type" => self.kind,
            "version" => &self.version,
            "created_at" => &self.created_at,
            "is_recurring" => self.recurring,
            "categories" => &self.categories,
            "default_estimate_minutes" => &self.estimate_text,
            "task_type" => self.task_type,
            "default_initial_aversion" => &self.aversion_text,
            "routine_frequency" => self.frequency,
            "routine_days_of_week" => self.days,
            "routine_time" => &self.time,
            "completion_window_hours" => &self.window_hours,
            "notes" => &self.notes,
            "user_id" => "1",
            _ => "",
        }
    }

    /// What hand-edited and early files hold. All of it can be loaded.
    fn make_odd(&mut self, number: u64) {
        match number % 40 {
            5 => self.estimate_text = format!("{}.0", self.estimate),
            11 => self.name = "NA".to_owned(),
            17 => self.version = "2.0".to_owned(),
            23 => self.categories = "[home".to_owned(),
            29 => self.recurring = "TRUE",
            35 => self.aversion_text = "high".to_owned(),
            _ => {}
        }
    }
}

fn random_kind(random: &mut Random) -> &'static str {
    if random.chance(60) { "one-time" } else { "recurring" }
}

fn name(random: &mut Random, number: u64) -> String {
    let name = format!("{} {}", random.pick(&words::VERBS), random.pick(&words::OBJECTS));
    // Names need not be unique; a number now and then keeps long lists readable.
    if number > 40 && random.chance(60) { format!("{name} {number}") } else { name }
}
