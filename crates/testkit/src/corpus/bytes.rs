//! Damages to the bytes of a file, whatever it holds.

/// Every damage with its name; those that change nothing are left out.
pub(super) fn damages(original: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut damages = truncated(original);
    damages.extend(encoded(original));
    damages.extend(inserted(original));
    damages.extend(lines(original));
    damages.extend(replaced(original));
    damages.retain(|(_, damaged)| damaged != original);
    let mut seen = Vec::new();
    // A short file is cut at the same place by several of them.
    damages.retain(|(_, damaged)| {
        let is_new = !seen.contains(damaged);
        seen.push(damaged.clone());
        is_new
    });
    damages
}

type Damages = Vec<(&'static str, Vec<u8>)>;

fn part(original: &[u8], numerator: usize, denominator: usize) -> Vec<u8> {
    original[..original.len() * numerator / denominator].to_vec()
}

fn truncated(original: &[u8]) -> Damages {
    let without_end = original[..original.len().saturating_sub(1)].to_vec();
    let last_line = original[..original.len().saturating_sub(2)].iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    vec![
        ("truncated-quarter", part(original, 1, 4)),
        ("truncated-half", part(original, 1, 2)),
        ("truncated-three-quarters", part(original, 3, 4)),
        ("truncated-last-byte", without_end),
        ("truncated-last-line", original[..last_line].to_vec()),
        ("truncated-in-last-line", original[..(last_line + original.len()) / 2].to_vec()),
        ("begin-missing", original[original.len() / 3..].to_vec()),
        ("middle-missing", [&original[..original.len() / 3], &original[original.len() / 2..]].concat()),
        ("halves-swapped", [&original[original.len() / 2..], &original[..original.len() / 2]].concat()),
        ("written-twice", [original, original].concat()),
        ("longer-version-behind", [original, &original[original.len() / 2..]].concat()),
    ]
}

fn encoded(original: &[u8]) -> Damages {
    let text = String::from_utf8_lossy(original);
    let wide = |mark: &[u8], pair: fn(u16) -> [u8; 2]| {
        mark.iter().copied().chain(text.encode_utf16().flat_map(pair)).collect::<Vec<u8>>()
    };
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'\xe9')).collect();
    let doubled: String = original.iter().map(|byte| char::from(*byte)).collect();
    vec![
        ("bom", [b"\xef\xbb\xbf", original].concat()),
        ("two-boms", [b"\xef\xbb\xbf\xef\xbb\xbf", original].concat()),
        ("utf16-le", wide(b"\xff\xfe", u16::to_le_bytes)),
        ("utf16-be", wide(b"\xfe\xff", u16::to_be_bytes)),
        ("utf16-without-bom", wide(b"", u16::to_le_bytes)),
        ("latin-1", [latin.as_slice(), b"\xe9\xe8\n"].concat()),
        ("utf8-encoded-twice", doubled.replace("name", "n\u{c3}\u{a4}me").into_bytes()),
        ("upper-case", original.to_ascii_uppercase()),
        ("seven-bits", original.iter().map(|byte| byte | 0x80).collect()),
    ]
}

/// Puts something at a place, which is in the middle of a line where there is one.
fn at(original: &[u8], numerator: usize, denominator: usize, what: &[u8]) -> Vec<u8> {
    let place = original.len() * numerator / denominator;
    [&original[..place], what, &original[place..]].concat()
}

fn inserted(original: &[u8]) -> Damages {
    vec![
        ("invalid-utf8", at(original, 3, 5, b"\xff\xfe\xc3(")),
        ("overlong-utf8", at(original, 3, 5, b"\xc0\xaf")),
        ("surrogate-in-utf8", at(original, 3, 5, b"\xed\xa0\x80")),
        ("half-a-character-at-end", [original, b"\xe2\x82"].concat()),
        ("nul-byte", at(original, 3, 5, b"\0")),
        ("nul-tail", [original, &[0; 512]].concat()),
        ("nul-block", at(original, 1, 2, &[0; 64])),
        ("lone-cr", at(original, 3, 5, b"\r")),
        ("extra-line-break", at(original, 3, 5, b"\n")),
        ("unbalanced-quote", at(original, 3, 5, b"\"")),
        ("quote-at-end", [original, b"\""].concat()),
        ("control-characters", at(original, 3, 5, b"\x01\x08\x0b\x0c\x1b[2J\x7f")),
        ("odd-spaces", at(original, 3, 5, "\u{a0}\u{2028}\u{feff}\u{200b}\u{202e}".as_bytes())),
        ("very-long-line", at(original, 3, 5, &[b'x'; 300_000])),
        ("garbage-behind", [original, b"\n%%EOF garbage \xf0\x9f not a record"].concat()),
        ("garbage-before", [b"#!/bin/sh\n".as_slice(), original].concat()),
        ("shell-output-before", [b"Warning: no terminal\n\n".as_slice(), original].concat()),
        ("comma-behind", [original, b","].concat()),
        ("bracket-behind", [original, b"}]"].concat()),
    ]
}

fn lines(original: &[u8]) -> Damages {
    let lines: Vec<&[u8]> = original.split_inclusive(|byte| *byte == b'\n').collect();
    let swap = |from: &str, to: &str| String::from_utf8_lossy(original).replace(from, to).into_bytes();
    let middle = lines.len() / 2;
    let without = [lines[..middle].concat(), lines[(middle + 1).min(lines.len())..].concat()].concat();
    let twice =
        [lines[..middle].concat(), lines[middle..(middle + 1).min(lines.len())].concat(), lines[middle..].concat()];
    let reversed: Vec<u8> = lines.iter().rev().flat_map(|line| line.iter().copied()).collect();
    let mixed: Vec<u8> = lines
        .iter()
        .enumerate()
        .flat_map(|(number, line)| {
            let (body, end) = line.split_at(line.len() - usize::from(line.ends_with(b"\n")));
            let end: &[u8] = if end.is_empty() { b"" } else { [b"\n".as_slice(), b"\r\n", b"\r"][number % 3] };
            [body, end].concat()
        })
        .collect();
    vec![
        ("crlf", swap("\n", "\r\n")),
        ("cr-only", swap("\n", "\r")),
        ("mixed-line-ends", mixed),
        ("no-line-ends", swap("\n", "")),
        ("blank-lines", swap("\n", "\n\n")),
        ("line-missing", without),
        ("line-twice", twice.concat()),
        ("lines-reversed", reversed),
        ("merge-conflict", [b"<<<<<<< HEAD\n", original, b"=======\n", original, b">>>>>>> theirs\n"].concat()),
    ]
}

fn replaced(original: &[u8]) -> Damages {
    let flipped = |every: usize| -> Vec<u8> {
        original
            .iter()
            .enumerate()
            .map(|(at, byte)| if at % every == every / 2 { byte ^ 0x55 } else { *byte })
            .collect()
    };
    vec![
        ("empty", Vec::new()),
        ("one-byte", b"x".to_vec()),
        ("line-break-only", b"\n".to_vec()),
        ("blanks-only", b"   \n\t\n  ".to_vec()),
        ("bom-only", b"\xef\xbb\xbf".to_vec()),
        ("nul-only", vec![0; original.len().max(1)]),
        ("null", b"null".to_vec()),
        ("empty-object", b"{}".to_vec()),
        ("empty-list", b"[]".to_vec()),
        ("a-number", b"42\n".to_vec()),
        ("a-text", b"\"text\"\n".to_vec()),
        ("error-page", b"<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>\n".to_vec()),
        ("archive", b"PK\x03\x04\x14\0\0\0\x08\0 not really a zip file \xff\xfe\xfd".to_vec()),
        ("compressed", b"\x1f\x8b\x08\0\0\0\0\0\0\x03 not really gzip \x80\x81".to_vec()),
        ("deep-nesting", [vec![b'['; 5000], vec![b']'; 5000]].concat()),
        ("flipped-bits", flipped(97)),
        ("many-flipped-bits", flipped(11)),
    ]
}
