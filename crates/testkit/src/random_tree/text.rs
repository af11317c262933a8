//! Random numbers, and texts that break careless programs.

/// SplitMix64: small, and the same everywhere.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ 0x6c61_6e64_6661_7374)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a limit, which is at least 1.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }

    /// True once in so many times.
    pub(super) fn chance(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A text for a cell or a JSON string.
    pub(super) fn text(&mut self) -> String {
        if self.chance(40) {
            return "long ".repeat(self.below(2000));
        }
        let pieces = self.below(4);
        (0..pieces).map(|_| self.pick(&PIECES)).collect()
    }

    /// A JSON value, written in one of the ways in which it can be.
    pub(super) fn json(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 4 } else { 6 }) {
            0 => self.pick(&NUMBERS).to_owned(),
            1 => self.pick(&["null", "true", "false"]).to_owned(),
            2 | 3 => self.json_text(),
            4 => {
                let items: Vec<String> = (0..self.below(4)).map(|_| self.json(depth - 1)).collect();
                format!("[{}]", items.join(self.pick(&[",", ", ", " ,\n "])))
            }
            _ => {
                let members: Vec<String> = (0..self.below(4))
                    .map(|_| format!("{}:{}{}", self.json_text(), self.pick(&["", " "]), self.json(depth - 1)))
                    .collect();
                format!("{{{}}}", members.join(self.pick(&[",", ", ", ",\n  "])))
            }
        }
    }

    /// A JSON string with its quotes; some characters as escapes that need none.
    pub(super) fn json_text(&mut self) -> String {
        let text = self.text();
        let escapes_all = self.chance(3);
        let mut json = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => json.push_str("\\\""),
                '\\' => json.push_str("\\\\"),
                '\n' => json.push_str("\\n"),
                '/' if self.chance(2) => json.push_str("\\/"),
                c if u32::from(c) < 0x20 => json.push_str(&format!("\\u{:04X}", u32::from(c))),
                c if escapes_all && !c.is_ascii() => {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        json.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                c => json.push(c),
            }
        }
        json.push('"');
        json
    }

    /// A JSON object with these members and some unknown ones around them; the text and where it is written
    /// differ, its members keep their order.
    pub(super) fn object(&mut self, members: &[(&str, String)]) -> String {
        let mut all: Vec<String> = Vec::new();
        for (name, value) in members {
            if self.chance(6) {
                let unknown = self.below(1000);
                all.push(format!("\"unknown {unknown}\": {}", self.json(2)));
            }
            all.push(format!("\"{name}\":{}{value}", self.pick(&["", " ", "  "])));
        }
        match self.below(3) {
            0 => format!("{{{}}}", all.join(",")),
            1 => format!("{{\n  {}\n}}", all.join(",\n  ")),
            _ => format!("{{ {} }}", all.join(", ")),
        }
    }

    /// A time as one of the programs wrote it, or nearly.
    pub(super) fn time(&mut self) -> String {
        let (day, hour) = (1 + self.below(31), self.below(25));
        match self.below(6) {
            0 => format!("2025-11-{day:02} {hour:02}:30"),
            1 => format!("2025-11-{day:02}T{hour:02}:30:15.123456"),
            2 => format!("2025-11-{day:02}T{hour:02}:30:15.123Z"),
            3 => format!("2025-11-{day:02}T{hour:02}:30:15+00:00"),
            4 => format!("{day}.11.2025"),
            _ => format!("2025-11-{day:02}"),
        }
    }
}

const PIECES: [&str; 48] = [
    "a",
    "Read",
    "two words",
    " ",
    "  lead",
    "trail  ",
    "\t",
    ",",
    ";",
    "\"",
    "\"\"",
    "'",
    "\\",
    "\\n",
    "\n",
    "\r\n",
    "é",
    "e\u{301}",
    "ß",
    "ǅ",
    "心配",
    "עברית",
    "العربية",
    "🌱",
    "👩\u{200d}🚀",
    "\u{202e}",
    "\u{feff}",
    "\u{2028}",
    "\u{a0}",
    "\u{200b}",
    "\u{fffd}",
    "NA",
    "null",
    "None",
    "nan",
    "True",
    "0",
    "-0",
    "007",
    "1e400",
    "0x1F",
    "1_000",
    "٣",
    "=1+1",
    "@x",
    "<b>",
    "%s%n",
    "/../..",
];

const NUMBERS: [&str; 18] = [
    "0",
    "-0",
    "0.0",
    "-0.0",
    "1",
    "1.0",
    "1.10",
    "1e2",
    "1E+2",
    "1e-7",
    "0.1",
    "100",
    "99.99999999999999",
    "9007199254740993",
    "123456789012345678901234567890",
    "1e308",
    "5e-324",
    "-1",
];
