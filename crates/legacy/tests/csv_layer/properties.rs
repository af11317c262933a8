//! Properties of the CSV layer on arbitrary bytes and arbitrary tables.

use crate::support::{File, Pieces, codes, values};
use landfast_legacy::csv::{LineEnd, ReadOptions, Shape, append_row, count_records, edit_record, write_row};
use proptest::prelude::*;

/// Bytes in which everything the grammar knows is frequent.
fn nasty_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(&b"\""[..]), 4 => Just(&b","[..]), 3 => Just(&b"\n"[..]), 2 => Just(&b"\r"[..]), 2 => Just(&b"\r\n"[..]),
        1 => Just(&b" "[..]), 1 => Just(&b"\t"[..]), 4 => Just(&b"a"[..]), 2 => Just(&b"bc"[..]), 1 => Just(&b"\"\""[..]),
        1 => Just(&b"\xEF\xBB\xBF"[..]), 1 => Just(&b"\0"[..]), 1 => Just(&b"\xC3"[..]), 1 => Just("é".as_bytes()),
    ];
    prop_oneof![
        9 => prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn cell_text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(String::new()),
        3 => "[a-z0-9 ]{0,8}",
        3 => "[a\",\r\n\t é{}:]{0,10}",
        1 => any::<String>(),
    ]
}

fn line_end() -> impl Strategy<Value = LineEnd> {
    prop_oneof![Just(LineEnd::Lf), Just(LineEnd::CrLf)]
}

/// Header and rows, all with the same number of cells.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1usize..5).prop_flat_map(|columns| prop::collection::vec(prop::collection::vec(cell_text(), columns), 1..8))
}

fn render(rows: &[Vec<String>], line_end: LineEnd) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows {
        write_row(&mut out, row, line_end);
    }
    out
}

/// Checks everything that holds for any input at all.
fn check_any_input(bytes: &[u8], options: ReadOptions) {
    let file = File::read_from(bytes, options);
    assert_eq!(file.position, bytes.len() as u64);
    let mut offset = 0;
    let mut line = 1;
    for (index, record) in std::iter::once(file.header.record()).chain(&file.records).enumerate() {
        assert_eq!(record.offset(), offset + record.leading().len() as u64);
        assert!(record.line() >= line);
        assert_eq!(record.ordinal(), (index as u64).saturating_sub(1));
        let start = record.offset() as usize;
        let end = start + record.byte_len() as usize;
        let kept = record.raw();
        assert_eq!(&bytes[start..start + kept.len()], kept);
        assert_eq!(kept.len() == end - start, record.is_complete());
        assert!(kept.len() <= options.max_record_bytes + 3);
        assert_eq!(line_number(bytes, start), record.line());
        if record.field_count() > 0 {
            let cells: Vec<_> = (0..record.field_count()).map(|cell| record.cell_raw(cell).unwrap()).collect();
            let end_bytes = record.line_end().map_or(&[][..], LineEnd::as_bytes);
            assert_eq!([&cells.join(&b","[..])[..], end_bytes].concat(), kept);
        }
        offset = end as u64;
        line = record.line() + record.quoted_newlines();
    }
    assert_eq!(offset + file.trailing.len() as u64, bytes.len() as u64);
    assert_eq!(&bytes[offset as usize..], file.trailing);
    if file.records.iter().all(|record| record.is_complete()) && file.header.record().is_complete() {
        assert_eq!(file.concatenated(), bytes);
    }
}

/// Physical line of a position, counted the slow way.
fn line_number(bytes: &[u8], position: usize) -> u64 {
    let before = &bytes[..position];
    let breaks = before.iter().enumerate().filter(|(at, byte)| match byte {
        b'\r' => bytes.get(at + 1) != Some(&b'\n') || at + 1 >= position,
        b'\n' => true,
        _ => false,
    });
    breaks.count() as u64 + 1
}

proptest! {
    #[test]
    fn no_byte_is_lost_and_places_are_right(bytes in nasty_bytes()) {
        check_any_input(&bytes, ReadOptions::default());
    }

    #[test]
    fn no_byte_is_unaccounted_below_tight_limits(bytes in nasty_bytes(), max_record_bytes in 1usize..40, max_cells in 1usize..6) {
        check_any_input(&bytes, ReadOptions { max_record_bytes, max_cells });
    }

    #[test]
    fn the_pieces_of_the_source_do_not_matter(
        bytes in nasty_bytes(),
        sizes in prop::collection::vec(1usize..7, 1..5),
        max_record_bytes in prop_oneof![1usize..40, Just(64 << 20)],
    ) {
        let options = ReadOptions { max_record_bytes, ..ReadOptions::default() };
        let whole = File::read_from(&bytes[..], options).describe();
        prop_assert_eq!(&File::read_from(Pieces::new(&bytes, &[1]), options).describe(), &whole);
        prop_assert_eq!(&File::read_from(Pieces::new(&bytes, &sizes), options).describe(), &whole);
        prop_assert_eq!(count_records(Pieces::new(&bytes, &sizes)).unwrap(), count_records(&bytes[..]).unwrap());
    }

    #[test]
    fn the_counter_agrees_unless_there_is_damage(bytes in nasty_bytes()) {
        let file = File::read(&bytes);
        let counts = count_records(&bytes[..]).unwrap();
        prop_assert_eq!(counts.bytes, bytes.len() as u64);
        prop_assert_eq!(counts.bom, file.dialect.bom);
        if file.is_damaged() {
            return Ok(());
        }
        prop_assert!(!counts.open_quote);
        prop_assert_eq!(counts.header_cells, file.header.columns() as u64);
        prop_assert_eq!(counts.records, file.records.len() as u64);
        prop_assert_eq!(counts.cells, file.records.iter().map(|record| record.field_count() as u64).sum::<u64>());
        let quoted = file.records.iter().map(|record| record.quoted_newlines()).sum::<u64>();
        prop_assert_eq!(counts.quoted_newlines, quoted + file.header.record().quoted_newlines());
    }

    #[test]
    fn an_open_quote_in_the_count_is_damage_to_the_reader(bytes in nasty_bytes()) {
        if count_records(&bytes[..]).unwrap().open_quote {
            prop_assert!(File::read(&bytes).is_damaged());
        }
    }

    #[test]
    fn what_is_written_is_read_again(rows in table(), line_end in line_end(), cut in any::<bool>()) {
        let mut bytes = render(&rows, line_end);
        if cut {
            bytes.truncate(bytes.len() - line_end.as_bytes().len());
        }
        let file = File::read(&bytes);
        prop_assert_eq!(file.header.names(), &rows[0][..]);
        prop_assert_eq!(file.values(), &rows[1..]);
        prop_assert!(file.records.iter().all(|record| record.shape() == Shape::Exact && !record.is_damaged()));
        prop_assert_eq!(file.dialect.line_end, if cut && rows.len() == 1 { LineEnd::Lf } else { line_end });
        prop_assert_eq!(file.dialect.final_newline, Some(!cut));
        prop_assert_eq!(file.concatenated(), bytes);
    }

    #[test]
    fn the_csv_crate_agrees_on_well_formed_tables(rows in table(), line_end in line_end()) {
        let bytes = render(&rows, line_end);
        let mut other = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
        let theirs: Vec<Vec<String>> =
            other.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let file = File::read(&bytes);
        let mut ours = vec![values(file.header.record())];
        ours.extend(file.values());
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn the_csv_crate_writes_what_is_read(rows in table(), quoted in any::<bool>()) {
        let style = if quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::NonNumeric };
        let mut writer = csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let file = File::read(&writer.into_inner().unwrap());
        prop_assert_eq!(file.header.names(), &rows[0][..]);
        prop_assert_eq!(file.values(), &rows[1..]);
    }

    #[test]
    fn an_edit_touches_its_cells_only(
        bytes in nasty_bytes(),
        edits in prop::collection::vec((0usize..6, cell_text()), 0..4),
    ) {
        let file = File::read(&bytes);
        let edits: Vec<(usize, &str)> = edits.iter().map(|(column, text)| (*column, text.as_str())).collect();
        for record in &file.records {
            let mut out = Vec::new();
            let Ok(changed) = edit_record(record, &edits, &mut out) else {
                prop_assert!(out.is_empty());
                let refused = record.is_damaged() || matches!(record.shape(), Shape::Long { .. });
                prop_assert!(refused);
                continue;
            };
            prop_assert_eq!(changed, out != record.raw_with_leading());
            if record.is_damaged() {
                prop_assert!(!changed);
                continue;
            }
            // A header that ends in CR could form a pair with a blank line that follows it here only.
            if file.header.record().line_end() == Some(LineEnd::Cr) || file.header.record().is_damaged() {
                continue;
            }
            let edited = [file.header.raw(), &out].concat();
            let again = File::read(&edited);
            prop_assert_eq!(again.records.len(), 1);
            let new = &again.records[0];
            prop_assert_eq!(new.line_end(), record.line_end());
            prop_assert_eq!(new.leading(), record.leading());
            let last_edit = edits.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
            prop_assert!(new.field_count() <= record.field_count().max(last_edit));
            for column in 0..new.field_count().max(record.field_count()) {
                match edits.iter().rev().find(|(own, _)| *own == column) {
                    Some((_, text)) => prop_assert_eq!(new.cell_bytes(column), text.as_bytes()),
                    None if column < record.field_count() => {
                        prop_assert_eq!(new.cell_bytes(column), record.cell_bytes(column));
                        let mended = !codes(record).is_empty() && new.quoted_newlines() > 0;
                        prop_assert!(mended || new.cell_raw(column) == record.cell_raw(column));
                    }
                    None => prop_assert_eq!(new.cell_raw(column), Some(&b""[..])),
                }
            }
        }
    }

    #[test]
    fn an_appended_row_is_the_last_record(bytes in nasty_bytes(), row in prop::collection::vec(cell_text(), 1..4)) {
        let file = File::read(&bytes);
        if file.is_damaged() || file.header.columns() == 0 {
            return Ok(());
        }
        let mut longer = bytes;
        append_row(&mut longer, &file.dialect, &row);
        let again = File::read(&longer);
        prop_assert_eq!(again.records.len(), file.records.len() + 1);
        prop_assert_eq!(values(again.records.last().unwrap()), row);
    }
}
