//! What made-up lessons are about.

pub(super) const TEMPLATES: [&str; 8] = [
    "title-slide",
    "bullet-points",
    "content-slide",
    "course-overview-slide",
    "avatar-checklist",
    "avatar-service-slide",
    "metrics-analytics",
    "work-life-balance-slide",
];

pub(super) const THEMES: [&str; 3] = ["dark-purple", "light-modern", "ocean"];

pub(super) const SPEAKERS: [&str; 5] = ["gia.casual", "max.business", "mikhailo", "lina.casual", "dexter.doctor"];

pub(super) const VOICES: [(&str, &str); 4] = [
    ("en-GB-RyanNeural", "azure"),
    ("de-DE-KatjaNeural", "azure"),
    ("uk-UA-PolinaNeural", "azure"),
    ("Rachel", "elevenlabs"),
];

pub(super) const TITLES: [&str; 8] = [
    "Generated Presentation",
    "First aid at sea",
    "Küche: Hygiene & Allergene",
    "Основи охорони праці",
    "Customer service, part 2",
    "データ保護の基礎",
    "Onboarding \"Tidewater\"",
    "Fire drill 🔥",
];

pub(super) const SENTENCES: [&str; 10] = [
    "Welcome. In the next minutes we look at what to do first.",
    "Three rules are enough to begin with.",
    "Bitte lesen Sie die Hinweise auf dieser Folie genau.",
    "Never open an attachment you did not ask for.",
    "Вітаємо на курсі. Почнімо з простого прикладу.",
    "手を洗い、記録を残します。",
    "Ask a colleague: \"Is this normal?\"",
    "The numbers on the right come from last year.",
    "Let us repeat the most important points.",
    "That is all – thank you for listening!",
];

pub(super) const ERRORS: [&str; 7] = [
    "Avatar video rendering failed after 5 consecutive errors",
    "Avatar video rendering timeout after 2040s (polls: 34)",
    "Failed to download video: 403",
    "Failed to download video: 504",
    "Cannot concatenate videos - failed to read properties",
    "Slide rendering failed: browser has been closed",
    "Video composition failed: [Errno 28] No space left on device",
];
