//! Damaged files: one bad record does not spoil its neighbours, and no byte is lost.

use crate::support::{File, codes};
use landfast_legacy::csv::{ReadOptions, count_records};

fn read(bytes: &[u8]) -> File {
    let file = File::read(bytes);
    assert_eq!(file.concatenated(), bytes);
    file
}

fn limited(bytes: &[u8], max_record_bytes: usize) -> File {
    let file = File::read_from(bytes, ReadOptions { max_record_bytes, ..ReadOptions::default() });
    assert_eq!(file.position, bytes.len() as u64);
    file
}

#[test]
fn a_quote_open_at_the_end_damages_one_line_only() {
    let file = read(b"a,b\n1,2\n3,\"open\n4,5\n6,7\n");
    assert_eq!(file.values(), [["1", "2"], ["3", "open"], ["4", "5"], ["6", "7"]]);
    let problems: Vec<_> = file.records.iter().map(codes).collect();
    assert_eq!(problems, [vec![], vec!["unterminated_quote"], vec![], vec![]]);
    assert_eq!(file.records[1].problems()[0].to_string(), "cell 1 opens a quote at byte 10 that is not closed");
    assert!(file.records[1].is_damaged());
    assert_eq!(file.records[2].line(), 4);
    // A doubled quote at the very end leaves the cell open too.
    assert_eq!(codes(&read(b"a,b\n1,\"ab\"\"").records[0]), ["unterminated_quote"]);
    assert_eq!(read(b"a,b\n1,\"a\"\"b\n").values(), [["1", "a\"b"]]);
}

#[test]
fn every_line_behind_an_open_quote_is_judged_alone() {
    let file = read(b"a,b\n1,\"open\n2\",\"also open\n3,fine\n");
    let problems: Vec<_> = file.records.iter().map(codes).collect();
    assert_eq!(problems, [vec!["unterminated_quote"], vec!["stray_quote", "unterminated_quote"], vec![]]);
    assert_eq!(file.values()[2], ["3", "fine"]);
}

#[test]
fn a_lost_quote_does_not_swallow_the_next_row() {
    let file = read(b"id,json,note\n1,\"{\"\"a\"\": 1},x\n2,\"{\"\"b\"\": 2}\",y\n3,\"{}\",\"z\nz\"\n");
    assert_eq!(file.values()[1..], [["2", "{\"b\": 2}", "y"], ["3", "{}", "z\nz"]]);
    assert_eq!(codes(&file.records[0]), ["unterminated_quote"]);
    assert_eq!(file.records[0].raw(), b"1,\"{\"\"a\"\": 1},x\n");
    // Rows without any quote in between are rescued as well.
    let file = read(b"a,b\n1,\"open\n2,x\n3,\n4,\"y\"\n5,z\n");
    assert_eq!(file.values()[1..], [["2", "x"], ["3", ""], ["4", "y"], ["5", "z"]]);
    assert_eq!(codes(&file.records[0]), ["unterminated_quote"]);
}

#[test]
fn text_after_a_multi_line_cell_stays_one_record() {
    // The last line alone is no faultless record, so this is read the way pandas reads it.
    let file = read(b"a,b,c\n1,\"two\nlines\" oops,3\n4,5,6\n");
    assert_eq!(file.values(), [["1", "two\nlines oops", "3"], ["4", "5", "6"]]);
    assert_eq!(codes(&file.records[0]), ["text_after_quote"]);
}

#[test]
fn a_record_beyond_the_limit_is_cut_to_its_first_line() {
    let file = limited(b"a,b\n1,\"open\n2,xxxxxxxx\n3,yyyyyyyy\n4,\"w\"\n", 16);
    assert_eq!(file.values(), [["1", "open"], ["2", "xxxxxxxx"], ["3", "yyyyyyyy"], ["4", "w"]]);
    assert_eq!(codes(&file.records[0]), ["unterminated_quote"]);
    assert!(file.records[1..].iter().all(|record| record.problems().is_empty()));
    // The same bytes with room enough are taken apart by the lost quote rule, with the same result.
    assert_eq!(limited(b"a,b\n1,\"open\n2,xxxxxxxx\n3,yyyyyyyy\n4,\"w\"\n", 100).values(), file.values());
}

#[test]
fn a_line_beyond_the_limit_is_skipped_and_counted() {
    let long = "x".repeat(1_000_000);
    for end in ["\n", "\r\n", "\r", ""] {
        let bytes = format!("a,b\n1,2\n{long}{end}");
        let bytes = if end.is_empty() { bytes } else { format!("{bytes}3,4{end}") };
        let file = limited(bytes.as_bytes(), 10);
        let record = &file.records[1];
        assert_eq!(codes(record)[0], "too_long");
        assert_eq!(record.byte_len(), (long.len() + end.len()) as u64);
        assert_eq!(record.line_end().map_or("", |end| std::str::from_utf8(end.as_bytes()).unwrap()), end);
        assert!(!record.is_complete() && record.is_damaged());
        assert_eq!((record.field_count(), record.raw(), record.offset(), record.line()), (0, &b"xxxxxxxxxx"[..], 8, 3));
        if !end.is_empty() {
            assert_eq!(file.values()[2], ["3", "4"]);
            assert_eq!((file.records[2].line(), file.records[2].ordinal()), (4, 2));
        }
        assert_eq!(file.dialect.final_newline, Some(!end.is_empty()));
    }
}

#[test]
fn the_limit_is_exact_whatever_the_line_end() {
    for (bytes, longest) in
        [(&b"a\n12345\n1\n"[..], 6), (b"a\r\n12345\r\n1\r\n", 7), (b"a\r12345\r1\r", 6), (b"a\n12345", 5)]
    {
        assert!(!limited(bytes, longest).is_damaged(), "{bytes:?}");
        let shorter = limited(bytes, longest - 1);
        assert_eq!(codes(&shorter.records[0]), ["too_long"], "{bytes:?}");
        assert_eq!(shorter.records[0].byte_len(), longest as u64);
    }
}

#[test]
fn too_many_cells_are_refused_with_all_bytes() {
    let options = ReadOptions { max_cells: 3, ..ReadOptions::default() };
    let bytes = b"a,b\n1,2,3\n1,2,3,4\n1,\"2\n3\",4,5,6\n7,8\n";
    let file = File::read_from(&bytes[..], options);
    assert_eq!(file.concatenated(), bytes);
    let problems: Vec<_> = file.records.iter().map(codes).collect();
    assert_eq!(problems[..3], [vec![], vec!["too_many_cells"], vec!["unterminated_quote"]]);
    assert_eq!(file.records[1].field_count(), 0);
    assert_eq!(file.values().last().unwrap(), &["7", "8"]);
}

#[test]
fn blank_lines_without_end_stay_bounded() {
    let bytes = [&b"a\n1\n"[..], &b" \n".repeat(50), b"2\n", &b"\r\n".repeat(3)].concat();
    let file = limited(&bytes, 16);
    assert_eq!(file.concatenated(), bytes);
    assert!(file.records.iter().all(|record| record.raw_with_leading().len() <= 2 * 16 + 3));
    let records: Vec<_> =
        file.records.iter().filter(|record| !record.is_damaged()).map(|r| (r.cell(0).unwrap(), r.line())).collect();
    assert_eq!(records, [("1", 2), ("2", 53)]);
    assert!(file.records.iter().filter(|record| record.is_damaged()).all(|record| codes(record) == ["blank_run"]));
    let lines: Vec<_> = file.records.iter().map(|record| record.line()).collect();
    assert!(lines.is_sorted());
}

#[test]
fn hostile_input_is_read_in_linear_time() {
    // Each line leaves a quote open, both for a reader outside and for one inside quotes. Looking
    // for the closing quote anew from every line would take hours.
    let line = b"a\",\"b\n";
    let bytes = [b"x,y\n", line.repeat(400_000).as_slice()].concat();
    let file = File::read(&bytes);
    assert_eq!(file.records.len(), 400_000);
    assert!(file.records.iter().all(|record| record.is_damaged()));
    assert_eq!(file.concatenated(), bytes);
}

#[test]
fn a_damaged_header_leaves_the_records_readable() {
    let file = read(b"a,\"b\n1,2\n3,4\n");
    assert_eq!(file.header.names(), ["a", "b"]);
    assert!(file.header.record().is_damaged());
    assert_eq!(file.values(), [["1", "2"], ["3", "4"]]);
}

#[test]
fn the_counter_tells_where_it_differs() {
    let open = b"a,b\n1,2\n3,\"open\n4,5\n";
    let counts = count_records(&open[..]).unwrap();
    assert_eq!((counts.records, counts.open_quote, counts.quoted_newlines), (2, true, 2));
    assert_eq!(read(open).records.len(), 3);
    let lost = b"a,b\n1,\"open\n2,\"x\"\n";
    let counts = count_records(&lost[..]).unwrap();
    assert_eq!((counts.records, counts.open_quote), (1, false));
    assert_eq!(read(lost).records.len(), 2);
}

/// Endless text without a line break, cut off after some bytes; remembers how much was asked for.
struct Greedy {
    left: usize,
    largest_request: usize,
}

impl std::io::Read for &mut Greedy {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.largest_request = self.largest_request.max(buffer.len());
        let count = buffer.len().min(self.left);
        buffer[..count].fill(b'x');
        self.left -= count;
        Ok(count)
    }
}

#[test]
fn the_window_grows_to_the_limit_and_not_further() {
    for (max_record_bytes, bound) in [(1000, 128 << 10), (300_000, 300_001), (1 << 20, (1 << 20) + 1)] {
        let mut source = Greedy { left: 20_000_000, largest_request: 0 };
        let options = ReadOptions { max_record_bytes, ..ReadOptions::default() };
        let file = File::read_from(&mut source, options);
        assert_eq!(file.position, 20_000_000);
        assert_eq!(codes(file.header.record()), ["too_long"]);
        assert_eq!(file.header.raw().len(), max_record_bytes);
        assert!(source.largest_request <= bound, "{} for {max_record_bytes}", source.largest_request);
    }
}
