//! Stable codes of what can be odd about the files of a delivery tree.

crate::finding::codes! {
    INVALID_UTF8 = "invalid_utf8", "the file is not UTF-8; it is set aside with its bytes and nothing is made of it";
    NUL_BYTE = "nul_byte", "the file holds a zero byte; it is set aside with its bytes and nothing is made of it";
    MALFORMED_JSON = "malformed_json", "the file is not JSON; it is set aside with its bytes and nothing is made of it";
    WRONG_KIND = "wrong_kind", "the file is JSON, but not an object where one is needed, or not a list; it is set aside with its bytes";
    EMPTY_FILE = "empty_file", "the file is empty, as a crash while writing leaves it; it is set aside";
    UNUSABLE_ID = "unusable_id", "the name of a folder cannot be an id; what is in it is not loaded";

    BYTE_ORDER_MARK = "byte_order_mark", "the file begins with a byte order mark, which the legacy program cannot read; loaded without it";
    LONE_SURROGATE = "lone_surrogate", "half a character as an escape; loaded, the text is kept and reads as U+FFFD";
    DUPLICATE_KEY = "duplicate_key", "a key occurs twice in one object; loaded, the last value counts and the text is kept";
    NOT_FINITE = "not_finite", "NaN or an infinite number; loaded, the text is kept and reads as no value";

    REGISTRY_MISSING = "registry_missing", "there is no registry; names and times come from the settings, the most recently used profile is active";
    REGISTRY_GHOST = "registry_ghost", "the registry lists a profile that has no folder; its entry is kept, no profile is made of it";
    REGISTRY_LIST = "registry_list", "the registry lists its entries without ids as keys, as an older version did; loaded";
    REGISTRY_NAMELESS = "registry_nameless", "an entry of the registry names no profile; it is kept as text";
    REGISTRY_ERROR = "registry_error", "the registry was damaged once and written anew by the legacy program; loaded";
    ACTIVE_UNKNOWN = "active_unknown", "an active id names nothing; the most recently used profile or the first query takes its place";
    UNREGISTERED = "unregistered", "a profile has a folder but no entry in the registry; loaded";

    PROFILE_WITHOUT_SETTINGS = "profile_without_settings", "a profile's folder holds no readable settings; loaded with what the registry says";
    PROFILE_FLATTENED = "profile_flattened", "settings were written over the profile's document; loaded, values at the root count, name and dates come from the registry";
    PROFILE_APP_SETTINGS = "profile_app_settings", "settings in the form from before profiles; loaded";
    SHADOWED_SETTINGS = "shadowed_settings", "an older settings file beside profile.json, which alone counts; kept with the source files";
    ID_DIFFERS = "id_differs", "the id in a file is not the name of its folder, which alone counts";
    NAME_REPEATED = "name_repeated", "another profile or query has the same name but for case; both are loaded";
    OLD_FIELD_MAPPINGS = "old_field_mappings", "field mappings without dora and flow, as an older version wrote them; loaded as they are";

    QUERY_WITHOUT_DOCUMENT = "query_without_document", "a query has no readable query.json; loaded under its id with the JQL of its issue cache";
    QUERY_UNLISTED = "query_unlisted", "a query has a folder but is not listed in the registry; loaded";
    QUERY_GHOST = "query_ghost", "a list names a query that has no folder; ignored";
    OLD_JQL_KEY = "old_jql_key", "the JQL stands under jql_query, as an older version wrote it; loaded";

    DATA_VERSION_1 = "data_version_1", "project data of the first version; loaded, totals read as scope";
    DATA_INITIAL = "data_initial", "project data as the creation of a query wrote them, without metadata; loaded with its rows";
    ROW_WITHOUT_DATE = "row_without_date", "a row of the weekly statistics has no readable date; loaded";
    ROW_DATE_REPEATED = "row_date_repeated", "two rows of the weekly statistics have the same date; both are loaded";
    ROW_INCOMPLETE = "row_incomplete", "a row of the weekly statistics lacks one of its numbers, or has null or text there; loaded";

    CACHE_OLD_VERSION = "cache_old_version", "an issue cache of an older form; loaded";
    CACHE_WITHOUT_TIME = "cache_without_time", "an issue cache whose time cannot be read; loaded, reads as expired";
    CACHE_TOTAL_DIFFERS = "cache_total_differs", "an issue cache holds another number of issues than it says; all of them are loaded";
    CACHE_HASH_DIFFERS = "cache_hash_differs", "the hash of an issue cache is not that of its JQL; loaded";
    ISSUE_WITHOUT_KEY = "issue_without_key", "an issue has no key; loaded under its place";
    ISSUE_REPEATED = "issue_repeated", "an issue key occurs again; both are loaded, the later one is the newer";
    CHANGELOG_WITHOUT_ISSUE = "changelog_without_issue", "a history belongs to an issue that is not in the issue cache; loaded";
    CHANGELOG_NOT_OBJECT = "changelog_not_object", "an entry of the change log is no object; loaded as text";

    WEEK_LABEL_OLD = "week_label_old", "a week's label is not written like 2025-W07; loaded, the label is kept";
    WEEK_LABEL_UNKNOWN = "week_label_unknown", "a label names no week; loaded";
    WEEK_REPEATED = "week_repeated", "two labels name the same week; both are loaded";
    METRIC_OTHER = "metric_other", "a metric this version does not know, or a member that is no object; loaded";

    TASK_INTERRUPTED = "task_interrupted", "a background task was running; it is marked as failed when the program starts";
    LEFTOVER = "leftover", "a file a crash left behind; not loaded";
    DERIVED = "derived", "a file with copies or results that can be made again; counted, not loaded";
    OLD_INSTALLATION = "old_installation", "files from before profiles beside a folder of profiles; kept with the source files, not loaded";
    UNKNOWN_FILE = "unknown_file", "a file this version does not know; not read";
}
