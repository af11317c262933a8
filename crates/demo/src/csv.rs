//! CSV files as pandas writes them on Linux.

use crate::{Error, Summary};
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// A CSV file being written.
pub(crate) struct CsvFile {
    name: String,
    path: PathBuf,
    out: BufWriter<File>,
    line: String,
    columns: usize,
    records: u64,
}

impl CsvFile {
    /// Creates `folder/name` and writes the header.
    pub(crate) fn create(folder: &Path, name: &str, header: &[&str]) -> Result<Self, Error> {
        let path = folder.join(name);
        let out = BufWriter::new(File::create(&path).map_err(Error::at(&path))?);
        let mut file =
            Self { name: name.to_owned(), path, out, line: String::new(), columns: header.len(), records: 0 };
        file.write_line(header)?;
        Ok(file)
    }

    /// Writes one record; it must have as many cells as the header.
    pub(crate) fn record(&mut self, cells: &[&str]) -> Result<(), Error> {
        debug_assert_eq!(cells.len(), self.columns, "{}", self.name);
        self.records += 1;
        self.write_line(cells)
    }

    /// Flushes the file and notes it in the summary.
    pub(crate) fn finish(mut self, summary: &mut Summary) -> Result<(), Error> {
        self.out.flush().map_err(Error::at(&self.path))?;
        summary.add(&self.name, self.records);
        Ok(())
    }

    fn write_line(&mut self, cells: &[&str]) -> Result<(), Error> {
        self.line.clear();
        for (number, cell) in cells.iter().enumerate() {
            if number > 0 {
                self.line.push(',');
            }
            push_cell(&mut self.line, cell, cells.len() == 1);
        }
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes()).map_err(Error::at(&self.path))
    }
}

/// Writes a text file and notes it in the summary.
pub(crate) fn write_text(
    folder: &Path,
    name: &str,
    text: &str,
    records: u64,
    summary: &mut Summary,
) -> Result<(), Error> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(Error::at(parent))?;
    }
    fs::write(&path, text).map_err(Error::at(&path))?;
    summary.add(name, records);
    Ok(())
}

fn push_cell(line: &mut String, cell: &str, alone: bool) {
    if cell.contains([',', '"', '\n', '\r']) || (alone && cell.is_empty()) {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_only_when_needed() {
        let mut line = String::new();
        for (cell, alone) in [("plain", false), ("a,b", false), ("say \"hi\"", false), ("", false), ("", true)] {
            push_cell(&mut line, cell, alone);
            line.push('|');
        }
        assert_eq!(line, "plain|\"a,b\"|\"say \"\"hi\"\"\"||\"\"|");
    }
}
