//! Verbs of emotions, notes, preferences and jobs.

use clap::{Args, Subcommand};

/// Verbs of `landfast tasks emotions`.
#[derive(Debug, Subcommand)]
pub enum EmotionVerb {
    /// Lists the words
    List,
    /// Adds a word, unless it is there in any spelling
    Add {
        /// The word
        word: String,
    },
    /// Removes a word in any spelling
    Remove {
        /// The word
        word: String,
    },
    /// Words that contain a text
    Search {
        /// The text
        text: String,
    },
    /// Removes repeated words; the first spelling stays
    Deduplicate,
}

/// Verbs of `landfast tasks notes`.
#[derive(Debug, Subcommand)]
pub enum NoteVerb {
    /// Lists free notes, newest first
    List,
    /// Adds a free note
    Add {
        /// The text
        text: String,
    },
    /// Removes a free note
    Delete {
        /// Key of the note
        id: String,
    },
    /// Shows the notes of a template
    Show {
        /// Key of the template
        task: String,
    },
    /// Appends a dated note to a template
    Append {
        /// Key of the template
        task: String,
        /// The text
        text: String,
    },
}

/// Verbs of `landfast tasks preferences`.
#[derive(Debug, Subcommand)]
pub enum PreferenceVerb {
    /// Lists the profiles
    List,
    /// Shows the settings of a profile, or one of them
    Get {
        /// The profile
        profile: String,
        /// The setting
        key: Option<String>,
    },
    /// Changes a setting; profile and setting are made when they are missing
    Set {
        /// The profile
        profile: String,
        /// The setting
        key: String,
        /// The value
        value: String,
    },
}

/// Fields of a job besides its name.
#[derive(Debug, Args)]
pub struct JobFields {
    /// Work, Play or 'Self care'
    #[arg(long)]
    pub task_type: Option<String>,
    /// Description
    #[arg(long)]
    pub description: Option<String>,
}

/// Verbs of `landfast tasks jobs`.
#[derive(Debug, Subcommand)]
pub enum JobVerb {
    /// Lists the jobs
    List,
    /// Makes a job
    Create {
        /// Name
        name: String,
        /// The other fields.
        #[command(flatten)]
        fields: JobFields,
    },
    /// Changes a job
    Update {
        /// Key of the job
        id: String,
        /// New name
        #[arg(long)]
        name: Option<String>,
        /// The other fields.
        #[command(flatten)]
        fields: JobFields,
    },
    /// Removes a job; its templates stay
    Delete {
        /// Key of the job
        id: String,
    },
    /// Lists the templates of a job
    Tasks {
        /// Key of the job
        id: String,
    },
    /// Puts a template into a job
    Assign {
        /// Key of the job
        id: String,
        /// Key of the template
        task: String,
    },
    /// Takes a template out of a job
    Remove {
        /// Key of the job
        id: String,
        /// Key of the template
        task: String,
    },
}
