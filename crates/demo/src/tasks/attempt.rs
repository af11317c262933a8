//! Task instances.

use super::calendar::{Calendar, minutes, seconds, unix};
use super::payload::{Ratings, actual, cancelled, paused, predicted};
use super::template::Template;
use crate::python::{float, rounded};
use crate::random::Random;
use crate::{ColumnAge, DemoOptions};
use chrono::{NaiveDateTime, Timelike as _};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Completed,
    Cancelled,
    Paused,
    Started,
    Initialized,
    Created,
}

/// One made-up attempt, as the cells of its row.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub(super) id: String,
    pub(super) task_id: String,
    task_name: String,
    created_at: String,
    initialized_at: String,
    started_at: String,
    completed_at: String,
    cancelled_at: String,
    due_at: String,
    predicted: String,
    actual: String,
    procrastination: String,
    proactive: String,
    net_relief: String,
    serendipity: String,
    disappointment: String,
    is_completed: &'static str,
    status: &'static str,
    duration: String,
    delay: String,
    relief: String,
    cognitive: String,
    energy: String,
    difficulty: String,
    emotional: String,
    skills: &'static str,
}

impl Attempt {
    /// Attempt `number`, always the same for the same options.
    pub(super) fn nth(calendar: &Calendar, number: u64) -> Self {
        let options = &calendar.options;
        let mut random = Random::of_item(options.seed, "attempt", number);
        let template = Template::nth(calendar, random.below_large(calendar.template_count()));
        let created = calendar.attempt_time(number, |slot| random.below_large(slot));
        let ending = ending(&mut random, calendar.attempt_count() - number);
        let mut attempt = Self {
            id: format!("i{}", unix(created)),
            task_name: template.cell("name").to_owned(),
            task_id: template.id.clone(),
            created_at: minutes(created),
            predicted: "{}".to_owned(),
            actual: "{}".to_owned(),
            is_completed: "False",
            status: if options.age >= ColumnAge::March2026 { "draft" } else { "active" },
            ..Self::default()
        };
        if ending != Ending::Created {
            attempt.live(options, &mut random, &template, cut(created), ending);
        }
        if options.odd_cells {
            attempt.make_odd(calendar, number);
        }
        attempt
    }

    /// Cell of a column of `task_instances.csv`.
    pub(super) fn cell(&self, column: &str) -> &str {
        match column {
            "instance_id" => &self.id,
            "task_id" => &self.task_id,
            "task_name" => &self.task_name,
            "task_version" | "user_id" => "1",
            "created_at" => &self.created_at,
            "initialized_at" => &self.initialized_at,
            "started_at" => &self.started_at,
            "completed_at" => &self.completed_at,
            "cancelled_at" => &self.cancelled_at,
            "due_at" => &self.due_at,
            "predicted" => &self.predicted,
            "actual" => &self.actual,
            "procrastination_score" => &self.procrastination,
            "proactive_score" => &self.proactive,
            "net_relief" => &self.net_relief,
            "serendipity_factor" => &self.serendipity,
            "disappointment_factor" => &self.disappointment,
            "is_completed" => self.is_completed,
            "is_deleted" => "False",
            "status" => self.status,
            "duration_minutes" => &self.duration,
            "delay_minutes" => &self.delay,
            "relief_score" => &self.relief,
            "cognitive_load" => &self.cognitive,
            "mental_energy_needed" => &self.energy,
            "task_difficulty" => &self.difficulty,
            "emotional_load" => &self.emotional,
            "skills_improved" => self.skills,
            _ => "",
        }
    }

    fn live(
        &mut self,
        options: &DemoOptions,
        random: &mut Random,
        template: &Template,
        created: NaiveDateTime,
        ending: Ending,
    ) {
        let ratings = Ratings::draw(random, template, options.age);
        let initialized = created + seconds(60 * u64::from(random.below(30)));
        self.initialized_at = minutes(initialized);
        self.predicted = predicted(options.age, random, template, &ratings);
        if options.age >= ColumnAge::March2026 {
            self.status = "initialized";
            self.due_at = minutes(initialized + seconds(3600 * u64::from(random.between(2, 72))));
        }
        let wait = u64::from(random.below(4 * template.estimate));
        let started = initialized + seconds(60 * wait);
        let worked = template.estimate * random.between(40, 180) / 100;
        match ending {
            Ending::Created | Ending::Initialized => {}
            Ending::Started => {
                self.started_at = minutes(started);
                self.status = "active";
            }
            Ending::Paused => {
                self.status = "initialized";
                self.actual = paused(options.age, random, worked);
            }
            Ending::Cancelled => {
                self.cancelled_at = minutes(started);
                self.is_completed = "True";
                self.status = "cancelled";
                self.actual = cancelled(options.age, random);
            }
            Ending::Completed => {
                self.started_at = minutes(started);
                self.completed_at = minutes(started + seconds(60 * u64::from(worked)));
                self.is_completed = "True";
                self.status = "completed";
                self.actual = actual(options.age, random, &ratings, worked);
                self.fill_scores(
                    options.age,
                    random,
                    template,
                    &ratings,
                    (wait, minutes_between(created, started), worked),
                );
            }
        }
    }

    /// The columns a completion fills; `times` is waiting since initialisation, waiting since creation,
    /// and work, in minutes.
    fn fill_scores(
        &mut self,
        age: ColumnAge,
        random: &mut Random,
        template: &Template,
        ratings: &Ratings,
        times: (u64, f64, u32),
    ) {
        let (wait, since_created, worked) = times;
        let estimate = f64::from(template.estimate);
        self.procrastination = float(rounded((since_created / estimate).min(10.0), 3));
        self.proactive = float(rounded((10.0 * (1.0 - since_created / (2.0 * estimate)).max(0.0)).clamp(0.0, 10.0), 3));
        if age == ColumnAge::November2025 {
            return;
        }
        self.delay = float(f64::from(u32::try_from(wait).unwrap_or(u32::MAX)));
        self.duration = float(f64::from(worked));
        self.relief = ratings.relief.1.to_string();
        self.energy = ratings.energy.1.to_string();
        self.difficulty = ratings.difficulty.1.to_string();
        self.emotional = ratings.emotional.1.to_string();
        self.skills = if random.chance(5) { "patience" } else { "" };
        if age >= ColumnAge::LateDecember2025 {
            let net = f64::from(ratings.relief.1) - f64::from(ratings.relief.0);
            self.net_relief = float(net);
            self.serendipity = float(net.max(0.0));
            self.disappointment = float((-net).max(0.0));
        }
    }

    /// What real files hold besides. All of it can be loaded.
    fn make_odd(&mut self, calendar: &Calendar, number: u64) {
        match number % 500 {
            101 => self.completed_at = "2025-13-45 99:99".to_owned(),
            151 => self.task_name = "null".to_owned(),
            201 => "[1, 2]".clone_into(&mut self.predicted),
            251 => self.duration = "about an hour".to_owned(),
            // A twin of the row before: the legacy program made ids of whole seconds.
            301 if number > 0 => {
                let before = Self::nth(calendar, number - 1);
                self.id = before.id;
            }
            351 => self.is_completed = "TRUE",
            401 => self.status = " cancelled ",
            451 => self.relief = "1e1".to_owned(),
            _ => {}
        }
    }
}

/// Old attempts are over, the newest ones may be open; `age` counts from the end, 1 is the newest.
fn ending(random: &mut Random, age: u64) -> Ending {
    let open = if age <= 12 { 60 } else { 2 };
    if random.chance(open) {
        return match random.below(4) {
            0 => Ending::Created,
            1 => Ending::Initialized,
            2 => Ending::Started,
            _ => Ending::Paused,
        };
    }
    if random.chance(9) { Ending::Cancelled } else { Ending::Completed }
}

fn cut(time: NaiveDateTime) -> NaiveDateTime {
    time.with_second(0).unwrap_or(time)
}

fn minutes_between(from: NaiveDateTime, to: NaiveDateTime) -> f64 {
    f64::from(i32::try_from((to - from).num_minutes()).unwrap_or(i32::MAX))
}
