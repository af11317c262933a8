//! Stable codes of what can be odd about a snapshot of jobs.
//!
//! Codes about one member of a job are written with its name: `timestamp_missing:created_at`.

use crate::finding::codes;

codes! {
    JOB_NOT_OBJECT = "job_not_object", "an entry of the list of jobs is no object; it is set aside with its bytes";
    JOB_ID_MISSING = "job_id_missing", "no text, or an empty one, where the id of the job should be; it is set aside with its bytes";
    JOB_ID_TOO_LONG = "job_id_too_long", "an id of more than 50 characters, which the planned table could not hold";
    ID_NOT_URL_SAFE = "id_not_url_safe", "an id with other characters than ASCII letters, digits, `-` and `_`";
    JOB_ID_MISMATCH = "job_id_mismatch", "the key of the job in an object of jobs is not its `job_id`, which counts";
    DUPLICATE_JOB_ID = "duplicate_job_id", "the same id occurs again in one snapshot; one entry is loaded, the others are kept in the ledger";
    STATUS_UNKNOWN = "status_unknown", "a status other than queued, processing, completed, failed; loaded, never worked on or removed";
    PROGRESS_OUT_OF_RANGE = "progress_out_of_range", "progress below 0 or above 100, which the legacy arithmetic produces for several slides";
    PROGRESS_MISSING = "progress_missing", "no progress";
    PROGRESS_TYPE = "progress_type", "progress that is no number";
    COMPLETED_BELOW_100 = "completed_below_100", "completed with a progress below 100";
    TIMESTAMP_MISSING = "timestamp_missing", "a time that should be there is not";
    TIMESTAMP_UNPARSED = "timestamp_unparsed", "a time in a form that is not understood; its text is kept";
    TIMESTAMP_NUMERIC = "timestamp_numeric", "a time given as seconds since 1970";
    TIMESTAMP_FUTURE = "timestamp_future", "a time after the moment the snapshot was taken";
    TIMESTAMP_ORDER = "timestamp_order", "ended or last seen alive before it was created";
    COMPLETED_WITHOUT_COMPLETED_AT = "completed_without_completed_at", "completed, but it is not known when";
    COMPLETED_WITHOUT_VIDEO_URL = "completed_without_video_url", "completed, but without an address of the video";
    FAILED_WITHOUT_ERROR = "failed_without_error", "failed without a reason";
    ERROR_TYPE = "error_type", "an error that is no text; its JSON is taken for the text";
    FILES_TYPE = "files_type", "a list of created files that is no list of texts";
    FILE_PATH_UNSAFE = "file_path_unsafe", "a created file whose path is absolute or leaves the working directory; it is never opened or removed";
    VIDEO_URL_TOO_LONG = "video_url_too_long", "an address of more than 500 characters, which the planned table could not hold";
    REQUEST_SHAPE = "request_shape", "a request that is no object, or with members of another kind than expected; it is kept";
    NUL_IN_STRING = "nul_in_string", "a text with U+0000; its columns show U+2400";
    NONFINITE_NUMBER = "nonfinite_number", "`NaN` or `Infinity`; the member reads as unknown";
    QUEUE_SHAPE = "queue_shape", "the member `landfast` of an earlier export is not what this program writes";
    EXTRA_KEYS = "extra_keys", "members this version does not know; they are kept and exported again";
    INTERRUPTED = "interrupted", "in flight when the snapshot was taken; handled like a job found at start";
    OFFSET_MISSING = "offset_missing", "the snapshot does not tell its offset from UTC; UTC is assumed";
    BOM = "bom", "the file begins with a byte order mark";
}
