//! Stable codes of what can be odd about a run.
//!
//! Codes about one member or file are written with its name: `timestamp_missing:created_at`.

use crate::finding::codes;

codes! {
    STATE_MISSING = "state_missing", "neither a state nor a manifest: the directory is an orphan, listed with its files";
    STATE_UNREADABLE = "state_unreadable", "the state is no regular file or cannot be read; the directory is set aside";
    STATE_NOT_UTF8 = "state_not_utf8", "the state is not UTF-8; it is set aside with its bytes";
    STATE_NOT_JSON = "state_not_json", "the state is not JSON, for instance cut off; it is set aside with its bytes";
    STATE_NOT_OBJECT = "state_not_object", "the state is JSON but no object; it is set aside with its bytes";
    BOM = "bom", "the document begins with a byte order mark, which the legacy program could not read";
    DUPLICATE_JSON_KEY = "duplicate_json_key", "a key occurs again in an object; the last value counts";
    EXTRA_KEYS = "extra_keys", "members this version does not know; they are kept, where the legacy program lost them at the next update";
    RUN_ID_MISSING = "run_id_missing", "no id; the name of the directory is taken";
    RUN_ID_MISMATCH = "run_id_mismatch", "the id is not the name of the directory";
    RUN_ID_TYPE = "run_id_type", "an id that is no text; the name of the directory is taken";
    DUPLICATE_RUN_ID = "duplicate_run_id", "another directory has the same id and is newer; this run gets the name of its directory as id";
    ID_TOO_LONG = "id_too_long", "an id of more than 64 characters, which the planned table could not hold";
    ID_NOT_URL_SAFE = "id_not_url_safe", "an id with other characters than ASCII letters, digits, `-` and `_`";
    STATUS_MISSING = "status_missing", "no status";
    STATUS_UNKNOWN = "status_unknown", "a status outside the vocabulary; it is kept";
    SOURCE_MISSING = "source_missing", "no source, or one that is no text";
    SOURCE_TOO_LONG = "source_too_long", "a source of more than 20 characters, which the planned table could not hold";
    TIMESTAMP_MISSING = "timestamp_missing", "a time that should be there is not";
    TIMESTAMP_UNPARSED = "timestamp_unparsed", "a time in a form that is not understood; its text is kept";
    TIMESTAMP_ASSUMED_UTC = "timestamp_assumed_utc", "a time without a zone, taken for UTC";
    TIMESTAMP_NUMERIC = "timestamp_numeric", "a time given as seconds since 1970";
    TIMESTAMP_PRECISION = "timestamp_precision", "more than six digits of a second; the text is kept, the instant is cut";
    TIMESTAMP_ORDER = "timestamp_order", "updated before it was created";
    PROGRESS_OUT_OF_RANGE = "progress_out_of_range", "progress outside 0 to 100";
    PROGRESS_NOT_INTEGER = "progress_not_integer", "progress that is no whole number";
    ERROR_SHAPE = "error_shape", "an error that is not an object of the texts stage, code, message; it is kept";
    ERROR_EXTRA_KEYS = "error_extra_keys", "an error with further members; they are kept";
    ERROR_WITHOUT_STATUS = "error_without_status", "an error though the status is another one, since the legacy program never cleared it";
    STATUS_ERROR_WITHOUT_ERROR = "status_error_without_error", "failed without a reason";
    RESULTS_SHAPE = "results_shape", "results that are no object; they are kept";
    NONFINITE_NUMBER = "nonfinite_number", "`NaN` or `Infinity` in a document";
    NUL_IN_STRING = "nul_in_string", "a text with U+0000; its columns show U+2400";
    LONE_SURROGATE = "lone_surrogate", "half a character as an escape; its columns show U+FFFD";
    FILES_SHAPE = "files_shape", "a list of files that is no list of texts";
    FILE_LISTED_MISSING = "file_listed_missing", "a file the state lists is not there";
    FILE_UNLISTED = "file_unlisted", "a result file that neither state nor manifest lists";
    FILE_LISTED_TWICE = "file_listed_twice", "a list names a file again";
    FILE_PATH_UNSAFE = "file_path_unsafe", "a path that leads out of the run's directory, or a link; it is never opened, served or removed";
    JETSTREAM_ID_TOO_LONG = "jetstream_id_too_long", "an external id of more than 64 characters, which the planned table could not hold";
    STAGE_TOO_LONG = "stage_too_long", "a stage of more than 50 characters, which the planned table could not hold";
    TEXT_TYPE = "text_type", "something else where a text should be; its JSON is taken for the text";
    METADATA_NOT_JSON = "metadata_not_json", "the metadata is not JSON";
    METADATA_NOT_OBJECT = "metadata_not_object", "the metadata is JSON but no object";
    MANIFEST_NOT_JSON = "manifest_not_json", "the manifest is not JSON; a run known from its manifest alone is set aside";
    MANIFEST_MISSING = "manifest_missing", "a complete run without a manifest of its results";
    MANIFEST_SCHEMA = "manifest_schema", "the manifest lacks what its schema needs, or names another schema";
    MANIFEST_UNFINISHED = "manifest_unfinished", "the manifest was never closed";
    MANIFEST_RUN_ID_MISMATCH = "manifest_run_id_mismatch", "the manifest in a run's results names another run";
    MANIFEST_HASH_MISMATCH = "manifest_hash_mismatch", "a file is not the one its manifest lists";
    MANIFEST_HASH_CRLF = "manifest_hash_crlf", "a file is the one its manifest lists but for its line ends, LF instead of CRLF";
    MANIFEST_HASH_EMPTY = "manifest_hash_empty", "the manifest lists a file without its hash";
    MANIFEST_FILE_MISSING = "manifest_file_missing", "a file the manifest lists is not there";
    TWO_MANIFESTS = "two_manifests", "two manifests of one run that differ";
    SESSION_LOG_NOT_JSON = "session_log_not_json", "the session log is not JSON, or no object with events";
    SESSION_SEQUENCE = "session_sequence", "the events of the session log are not numbered 1, 2, 3 and so on";
    SNAPSHOT_MISSING = "snapshot_missing", "the session log names a snapshot that is not there";
    SNAPSHOT_UNREFERENCED = "snapshot_unreferenced", "a snapshot that the session log does not name";
    SNAPSHOT_HASH_MISMATCH = "snapshot_hash_mismatch", "a snapshot is not the one the session log names";
    INDEX_NOT_JSON = "index_not_json", "the cache of all states is not JSON, or no object with a list of runs";
    INDEX_ENTRY_WITHOUT_DIRECTORY = "index_entry_without_directory", "the cache lists a run that has no directory";
    DIRECTORY_NOT_IN_INDEX = "directory_not_in_index", "a directory with a state that the cache does not list";
}
