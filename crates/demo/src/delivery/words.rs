//! Words and names of made-up teams.

/// A project in the issue tracker.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Project {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) id: &'static str,
}

/// A status with its number and category.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) name: &'static str,
    pub(super) id: &'static str,
    /// `new`, `indeterminate` or `done`.
    pub(super) category: &'static str,
}

pub(super) const STATUSES: [Status; 9] = [
    Status { name: "To Do", id: "10000", category: "new" },
    Status { name: "Selected", id: "10009", category: "new" },
    Status { name: "In Progress", id: "3", category: "indeterminate" },
    Status { name: "Blocked", id: "10014", category: "indeterminate" },
    Status { name: "In Review", id: "10010", category: "indeterminate" },
    Status { name: "Testing", id: "10011", category: "indeterminate" },
    Status { name: "In Deployment", id: "10012", category: "indeterminate" },
    Status { name: "Done", id: "10002", category: "done" },
    Status { name: "Closed", id: "6", category: "done" },
];

pub(super) const ACTIVE: [&str; 4] = ["In Progress", "In Review", "Testing", "In Deployment"];
pub(super) const IN_WORK: [&str; 6] = ["Selected", "In Progress", "In Review", "Testing", "Blocked", "In Deployment"];

/// Name, number, whether it is a sub-task, and share of the issues in percent.
pub(super) const KINDS: [(&str, &str, bool, u32); 5] = [
    ("Story", "10001", false, 42),
    ("Bug", "10004", false, 24),
    ("Task", "10002", false, 22),
    ("Spike", "10006", false, 5),
    ("Sub-task", "10003", true, 7),
];
pub(super) const OPERATION: (&str, &str, bool) = ("Operational Task", "10020", false);

pub(super) const PRIORITIES: [(&str, &str); 5] =
    [("Highest", "1"), ("High", "2"), ("Medium", "3"), ("Medium", "3"), ("Low", "4")];

pub(super) const PEOPLE: [(&str, &str); 8] = [
    ("Zoë Brandt", "zbrandt"),
    ("Ahmed El-Sayed", "aelsayed"),
    ("山田 花子", "hyamada"),
    ("Linnea Åström", "lastrom"),
    ("Tomás Ó Briain", "tobriain"),
    ("Priya N.", "pn"),
    ("Олена Коваль", "okoval"),
    ("Sam \"Q\" Lee", "slee"),
];

pub(super) const EFFORTS: [&str; 5] = ["New feature", "Improvement", "Technical debt", "Maintenance", "Security"];

pub(super) const ACTIONS: [&str; 12] = [
    "Show",
    "Export",
    "Cache",
    "Validate",
    "Retry",
    "Translate",
    "Rename",
    "Paginate",
    "Log",
    "Measure",
    "Simplify",
    "Document",
];

pub(super) const SUBJECTS: [&str; 18] = [
    "tide tables",
    "the berth plan",
    "customs forms (PDF)",
    "crane bookings",
    "vessel search",
    "login with SSO",
    "weather warnings ⛈",
    "invoice totals, rounding",
    "Größen- und Gewichtsangaben",
    "the \"last port\" filter",
    "containers > 40 ft",
    "入港予定の一覧",
    "API keys",
    "dark mode 🌙",
    "the pilot roster",
    "audit trail",
    "manifest upload\\download",
    "отчёт по сменам",
];

pub(super) const DEFECTS: [&str; 8] = [
    "wrong after midnight",
    "empty on mobile",
    "slow with 10 000 rows",
    "crashes on umlauts (ä, ö)",
    "shows stale data",
    "off by one day near DST",
    "times out",
    "forgets the filter",
];
