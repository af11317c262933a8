//! Issues of cached responses.

use super::{read, saved_query, write};
use crate::contract::support::is_files;
use landfast_domain::Store;
use landfast_domain::delivery::{Issue, IssueFilter, JiraCache, QueryKey, documents};

/// A response with these issues.
fn response(issues: &[String]) -> String {
    format!("{{\"timestamp\": \"2025-12-17T09:30:00Z\", \"issues\": [{}]}}", issues.join(", "))
}

fn saved(store: &dyn Store, issues: &[String]) -> QueryKey {
    let query = saved_query(store);
    write(store, |d| documents::save_jira_cache(d, &query, "k", &response(issues), None));
    query
}

fn issue(key: &str, status: &str, rest: &str) -> String {
    format!("{{\"key\": \"{key}\", \"fields\": {{\"status\": {{\"name\": \"{status}\"}}{rest}}}}}")
}

fn places(issues: &[Issue]) -> Vec<i64> {
    issues.iter().map(|issue| issue.ordinal).collect()
}

/// What an issue says is kept beside its text: words, times in any zone, points, and what is missing.
pub fn values_of_issues_are_kept(store: &dyn Store) {
    let rich = "{\"id\": \"300001\", \"key\": \"ORB-1\", \"fields\": {\"project\": {\"key\": \"ORB\", \"name\": \"Orbit\"},\n \
        \"created\": \"2025-03-17T10:00:00.075+0100\", \"updated\": \"last week\", \"resolutiondate\": null, \"priority\": null, \
        \"status\": {\"name\": \"Done\", \"statusCategory\": {\"key\": \"done\"}}, \"issuetype\": {\"name\": \"Bug\", \"subtask\": true}, \
        \"assignee\": {\"displayName\": \"Zoë 🌱\"}, \"customfield_1\": \"-0.5\", \"summary\": \"a\\u0000b\"}}";
    let texts = [rich.to_owned(), "{}".to_owned(), "null".to_owned(), issue("A-1", "To Do", ", \"customfield_1\": 0")];
    let query = saved(store, &texts);
    let (_, expected) = JiraCache::read(query.clone(), "k", &response(&texts), None, Some("customfield_1")).unwrap();
    let found = read(store, |d| d.issues_page(&query, "k", None, 9));
    assert_eq!(found, expected);
    assert_eq!((found[0].facts.points, found[1].facts.points, found[3].facts.points), (Some(-0.5), None, Some(0.0)));
    assert_eq!(read(store, |d| d.list_issues(&query, &IssueFilter::default())), expected);
}

/// Issues are read page by page, in the order of the response.
pub fn issues_are_read_page_by_page(store: &dyn Store) {
    let texts: Vec<String> = (0..7).map(|number| issue(&format!("A-{}", 9 - number), "Done", "")).collect();
    let query = saved(store, &texts);
    let page = |after, limit| places(&read(store, |d| d.issues_page(&query, "k", after, limit)));
    assert_eq!(page(None, 3), [0, 1, 2]);
    assert_eq!(page(Some(2), 3), [3, 4, 5]);
    assert_eq!(page(Some(5), 3), [6]);
    assert_eq!(page(Some(6), 3), [0_i64; 0]);
    assert_eq!(page(None, 0), [0_i64; 0]);
    assert_eq!(page(None, usize::MAX).len(), 7);
}

/// Saving issues replaces those in the same places and leaves the others.
pub fn issues_are_replaced_by_place(store: &dyn Store) {
    let texts: Vec<String> = (0..4).map(|number| issue(&format!("A-{number}"), "To Do", "")).collect();
    let query = saved(store, &texts);
    let changed = [
        Issue::read(3, issue("A-3", "Done", ""), None),
        Issue::read(1, issue("B-1", "Wrong", ""), None),
        Issue::read(1, issue("B-1", "Done", ""), None),
    ];
    write(store, |d| d.save_issues(&query, "k", &changed));
    let done = IssueFilter { status: Some("Done".to_owned()), ..IssueFilter::default() };
    assert_eq!(places(&read(store, |d| d.list_issues(&query, &done))), [1, 3]);
    let keys: Vec<_> = read(store, |d| d.issues_page(&query, "k", None, 9)).into_iter().map(|i| i.facts.key).collect();
    assert_eq!(keys, ["A-0", "B-1", "A-2", "A-3"].map(|key| Some(key.to_owned())));
}

/// Issues are filtered by status, assignee, type, project and response, each exactly.
pub fn issues_are_filtered_exactly(store: &dyn Store) {
    let query = saved(
        store,
        &[
            issue("A-1", "Done", ", \"assignee\": {\"name\": \"ann\"}, \"issuetype\": {\"name\": \"Bug\"}"),
            issue("A-2", "done", ", \"assignee\": {\"name\": \"Ann\"}, \"issuetype\": {\"name\": \"Bug\"}"),
            issue("B-1", "Done ", ", \"issuetype\": {\"name\": \"Story\"}"),
            issue("B-2", "Done", ", \"assignee\": {\"name\": \"ann\"}, \"issuetype\": {\"name\": \"Story\"}"),
        ],
    );
    write(store, |d| documents::save_jira_cache(d, &query, "l", &response(&[issue("A-1", "Done", "")]), None));
    let text = |text: &str| Some(text.to_owned());
    let listed = |filter: IssueFilter| places(&read(store, |d| d.list_issues(&query, &filter)));
    let all = IssueFilter::default;
    assert_eq!(listed(IssueFilter { status: text("Done"), ..all() }), [0, 3, 0]);
    assert_eq!(listed(IssueFilter { status: text("Done"), cache_key: text("k"), ..all() }), [0, 3]);
    assert_eq!(listed(IssueFilter { status: text("DONE"), ..all() }), [0_i64; 0]);
    assert_eq!(listed(IssueFilter { assignee: text("ann"), ..all() }), [0, 3]);
    assert_eq!(listed(IssueFilter { assignee: text("ann"), issue_type: text("Story"), ..all() }), [3]);
    assert_eq!(listed(IssueFilter { project_key: text("B"), ..all() }), [2, 3]);
    assert_eq!(listed(IssueFilter { cache_key: text("nope"), ..all() }), [0_i64; 0]);
    assert_eq!(listed(IssueFilter { limit: Some(3), ..all() }), [0, 1, 2]);
    assert_eq!(listed(IssueFilter { limit: Some(0), ..all() }), [0_i64; 0]);
}

/// Of issues with one key in a response the last is the issue; those without a key are all listed.
pub fn of_a_repeated_issue_key_the_last_counts(store: &dyn Store) {
    let query = saved(
        store,
        &[
            issue("A-1", "Done", ""),
            "{}".to_owned(),
            issue("A-1", "To Do", ""),
            "{}".to_owned(),
            issue("A-2", "Done", ""),
        ],
    );
    let listed = |status: Option<&str>| {
        let filter = IssueFilter { status: status.map(str::to_owned), ..IssueFilter::default() };
        places(&read(store, |d| d.list_issues(&query, &filter)))
    };
    assert_eq!(listed(None), [1, 2, 3, 4]);
    assert_eq!(listed(Some("Done")), [4]);
    assert_eq!(listed(Some("To Do")), [2]);
    assert_eq!(read(store, |d| d.issues_page(&query, "k", None, 9)).len(), 5);
}

/// Words of any length are kept and found.
pub fn long_words_of_issues_are_kept_and_found(store: &dyn Store) {
    let (long, longer) = ("ä".repeat(2_000), format!("{}b", "ä".repeat(2_000)));
    let query =
        saved(store, &[issue("A-1", &long, ""), issue("A-2", &longer, ""), issue(&format!("A-{long}"), "x", "")]);
    let filter = IssueFilter { status: Some(longer.clone()), ..IssueFilter::default() };
    let found = read(store, |d| d.list_issues(&query, &filter));
    assert_eq!(places(&found), [1]);
    assert!(found[0].facts.status.as_ref() == Some(&longer));
    let all = read(store, |d| d.list_issues(&query, &IssueFilter::default()));
    assert!(all[2].facts.key == Some(format!("A-{long}")));
}

/// Ten thousand issues are kept in order.
pub fn ten_thousand_issues_are_kept_in_order(store: &dyn Store) {
    if is_files(store) {
        return;
    }
    let query = saved(store, &[]);
    let issues: Vec<Issue> = (0..10_000)
        .map(|place| {
            let status = if place % 100 == 7 { "Done" } else { "To Do" };
            Issue::read(place, issue(&format!("A-{place}"), status, ""), None)
        })
        .collect();
    write(store, |d| d.save_issues(&query, "k", &issues));
    assert!(read(store, |d| d.issues_page(&query, "k", None, usize::MAX)) == issues);
    let done = IssueFilter { status: Some("Done".to_owned()), limit: Some(50), ..IssueFilter::default() };
    let found = read(store, |d| d.list_issues(&query, &done));
    assert!((found.len(), found[49].ordinal) == (50, 4_907) && found.is_sorted_by_key(|issue| issue.ordinal));
}
