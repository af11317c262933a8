//! Helpers shared by the CSV tests.

use std::io::{self, Read};

use landfast_legacy::csv::{CsvReader, Dialect, Header, ReadOptions, Record};

/// Everything a reader tells about a file.
pub(crate) struct File {
    pub(crate) header: Header,
    pub(crate) records: Vec<Record>,
    pub(crate) trailing: Vec<u8>,
    pub(crate) dialect: Dialect,
    pub(crate) position: u64,
}

impl File {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        Self::read_from(bytes, ReadOptions::default())
    }

    pub(crate) fn read_from(source: impl Read, options: ReadOptions) -> Self {
        let mut reader = CsvReader::with_options(source, options).unwrap();
        let header = reader.header().clone();
        let mut records = Vec::new();
        let mut record = Record::new();
        while reader.read_record(&mut record).unwrap() {
            records.push(record.clone());
        }
        assert_eq!(reader.records(), records.len() as u64);
        Self {
            header,
            records,
            trailing: reader.trailing().to_vec(),
            dialect: *reader.dialect(),
            position: reader.position(),
        }
    }

    /// Header, records and trailing bytes one after the other.
    pub(crate) fn concatenated(&self) -> Vec<u8> {
        let mut all = self.header.raw().to_vec();
        for record in &self.records {
            all.extend_from_slice(record.raw_with_leading());
        }
        all.extend_from_slice(&self.trailing);
        all
    }

    /// Values of all data records; wrong UTF-8 replaced.
    pub(crate) fn values(&self) -> Vec<Vec<String>> {
        self.records.iter().map(values).collect()
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.header.record().is_damaged() || self.records.iter().any(Record::is_damaged)
    }

    /// A text form of everything observable, to compare two readings.
    pub(crate) fn describe(&self) -> Vec<String> {
        let mut all: Vec<String> = std::iter::once(self.header.record()).chain(&self.records).map(describe).collect();
        all.push(format!("{:?} {:?} {}", self.trailing, self.dialect, self.position));
        all
    }
}

pub(crate) fn values(record: &Record) -> Vec<String> {
    (0..record.field_count()).map(|cell| record.cell_lossy(cell).into_owned()).collect()
}

/// Problem codes of a record.
pub(crate) fn codes(record: &Record) -> Vec<&'static str> {
    record.problems().iter().map(|problem| problem.code()).collect()
}

fn describe(record: &Record) -> String {
    let cells: Vec<_> = (0..record.field_count())
        .map(|cell| {
            (record.cell(cell).map(str::to_owned), record.cell_raw(cell).unwrap().to_vec(), record.is_quoted(cell))
        })
        .collect();
    format!(
        "{} {} {} {} {:?} {:?} {:?} {:?} {:?} {:?} {}",
        record.offset(),
        record.line(),
        record.ordinal(),
        record.byte_len(),
        record.leading(),
        record.raw(),
        cells,
        record.line_end(),
        record.shape(),
        record.problems(),
        record.quoted_newlines(),
    )
}

/// A source that delivers its bytes in pieces of the given sizes, over and over, with an
/// interruption before each of them.
pub(crate) struct Pieces<'a> {
    bytes: &'a [u8],
    sizes: Vec<usize>,
    next: usize,
    interrupted: bool,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(bytes: &'a [u8], sizes: &[usize]) -> Self {
        Self { bytes, sizes: sizes.to_vec(), next: 0, interrupted: false }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = self.sizes[self.next % self.sizes.len()].min(buffer.len()).min(self.bytes.len());
        self.next += 1;
        let (piece, rest) = self.bytes.split_at(size);
        buffer[..size].copy_from_slice(piece);
        self.bytes = rest;
        Ok(size)
    }
}
