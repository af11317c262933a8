//! Words that made-up people use.

pub(super) const VERBS: [&str; 24] = [
    "Sort",
    "Answer",
    "Prepare",
    "Review",
    "Clean",
    "Plan",
    "Write",
    "Call about",
    "Order",
    "Repair",
    "Read",
    "Practise",
    "Update",
    "Book",
    "Sketch",
    "File",
    "Water",
    "Pack",
    "Check",
    "Rehearse",
    "Translate",
    "Back up",
    "Compare",
    "Finish",
];

pub(super) const OBJECTS: [&str; 40] = [
    "mails",
    "the tax return",
    "kitchen",
    "weekly report",
    "the slides",
    "laundry",
    "budget",
    "plants 🌱",
    "insurance letter",
    "garage",
    "chapter 3",
    "the piano piece",
    "CV",
    "dentist appointment",
    "photos",
    "shopping list",
    "Étude no. 2",
    "backlog, old part",
    "windows",
    "meeting notes",
    "bicycle",
    "the \"quick\" fix",
    "grant application",
    "bookshelf",
    "travel plan",
    "test suite",
    "invoices",
    "Spanish vocabulary",
    "garden beds",
    "the proposal",
    "workout plan",
    "lesson material",
    "server logs",
    "birthday card",
    "recipes",
    "die Steuererklärung",
    "data export",
    "heating",
    "interview questions",
    "心配 list",
];

pub(super) const DESCRIPTIONS: [&str; 8] = [
    "",
    "",
    "Short one, but keeps coming back.",
    "Two parts:\nfirst collect, then decide",
    "Ask Zoë first",
    "not before 10:00",
    "Needs the \"big\" screen",
    "see notes; due at the end of the month",
];

pub(super) const EMOTIONS: [&str; 12] = [
    "calm",
    "dread",
    "Excitement",
    "anxious",
    "bored",
    "relief",
    "frustrated, mildly",
    "Wut",
    "curious",
    "proud",
    "心配",
    "overwhelmed",
];

pub(super) const CONTEXTS: [&str; 7] = ["None", "Home", "Work", "Gym", "Outdoors", "Errands", "Café Zwölf"];

pub(super) const REMARKS: [&str; 8] = [
    "",
    "",
    "Went better than expected.",
    "He said \"later\", so I stopped.\nPicked up again after lunch.",
    "Slower than hoped; interrupted twice.",
    "naïve estimate → doubled ✅",
    "done, finally",
    "only half of it",
];

pub(super) const CANCELLATIONS: [&str; 5] =
    ["did_while_another_active", "deferred_to_plan", "accidental_initialization", "failed_to_complete", "other"];

pub(super) const JOBS: [(&str, &str); 4] =
    [("Upkeep", "Self care"), ("Development, deep", "Work"), ("Paperwork", "Work"), ("Weekend", "Play")];
