//! Rows that cannot be records stay where they are, and files in doubt are not written.

use crate::support::{Fixture, guest, task};
use landfast_domain::Error;
use landfast_domain::tasks::Task;

fn rejected(fixture: &Fixture) -> Vec<(u64, &'static str)> {
    let rows = fixture.store.rejected(&guest()).unwrap();
    rows.into_iter().map(|row| (row.line, row.reject.code)).collect()
}

#[test]
fn a_row_with_an_extra_comma_stays_in_its_place() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run\nt2,Read, slowly\nt3,Rest\n");
    assert_eq!(fixture.keys::<Task>(), ["t1", "t3"]);
    fixture.set::<Task>("t3", "name", "Sleep").unwrap();
    fixture.write(|r| r.tasks().insert(&guest(), &task("t4"))).unwrap();
    fixture.write(|r| r.tasks().delete(&guest(), &"t1".into())).unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name\nt2,Read, slowly\nt3,Sleep\nt4,Task t4\n");
    assert_eq!(rejected(&fixture), [(2, "long-row")]);
    assert_eq!(fixture.store.rejected(&guest()).unwrap()[0].raw, b"t2,Read, slowly\n");
}

#[test]
fn a_row_with_an_extra_comma_is_in_the_way_of_a_column_it_would_fit() {
    let before = "task_id,name\r\nt1,Run\r\nt2,Read, slowly\r\n";
    let fixture = Fixture::tasks(before);
    let error = fixture.set::<Task>("t1", "description", "x").unwrap_err();
    assert!(matches!(&error, Error::Corrupt { key, .. } if key == "tasks.csv line 3"), "{error:?}");
    assert_eq!(fixture.text("tasks.csv"), before);
    // A row that stays too long is in nobody's way.
    let fixture = Fixture::tasks("task_id,name\nt1,Run\nt2,Read, slowly, aloud\n");
    fixture.set::<Task>("t1", "description", "x").unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name,description\nt1,Run,x\nt2,Read, slowly, aloud\n");
}

#[test]
fn empty_surplus_cells_make_room_for_a_new_column() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run,,\n\"t2\",Read,\n");
    fixture.set::<Task>("t1", "description", "x").unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name,description\nt1,Run,x,\n\"t2\",Read,\n");
    assert_eq!(rejected(&fixture), []);
}

#[test]
fn rows_that_are_not_utf8_keep_their_bytes() {
    let fixture = Fixture::new(&[("tasks.csv", b"task_id,name\nt1,R\xffn\nt2,Read\n")]);
    fixture.set::<Task>("t2", "name", "Rest").unwrap();
    assert_eq!(fixture.bytes("tasks.csv"), b"task_id,name\nt1,R\xffn\nt2,Rest\n");
    assert_eq!(rejected(&fixture), [(2, "invalid-utf8")]);
}

#[test]
fn a_quote_that_is_not_closed_hides_no_other_row() {
    let fixture = Fixture::tasks("task_id,name\nt1,\"Run\nt2,Read\n");
    fixture.set::<Task>("t2", "name", "Rest").unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name\nt1,\"Run\nt2,Rest\n");
    assert_eq!(fixture.keys::<Task>(), ["t2"]);
}

#[test]
fn a_write_that_an_open_quote_would_swallow_is_refused() {
    let before = "task_id,name\nt1,\"Run\nt2,Read\n";
    let fixture = Fixture::tasks(before);
    // The quote before the new text would close the open one, and both lines would be one row.
    let error = fixture.set::<Task>("t2", "name", "a\nb").unwrap_err();
    let Error::Corrupt { key, value, .. } = &error else { panic!("{error:?}") };
    assert_eq!((key.as_str(), value.as_str()), ("tasks.csv line 2", "t1,\"Run\n"));
    assert_eq!(fixture.text("tasks.csv"), before);
    // The store goes on as before.
    fixture.set::<Task>("t2", "name", "Rest").unwrap();
}

#[test]
fn a_file_with_a_damaged_header_is_read_but_not_written() {
    let before = "task_id,\"name\nt1,Run\n";
    let fixture = Fixture::tasks(before);
    let error = fixture.write(|r| r.tasks().insert(&guest(), &task("t2"))).unwrap_err();
    assert!(matches!(&error, Error::Corrupt { key, .. } if key == "tasks.csv line 1"), "{error:?}");
    assert_eq!(fixture.text("tasks.csv"), before);
}

#[test]
fn a_row_torn_by_a_carriage_return_is_mended_when_it_changes_and_not_before() {
    let fixture = Fixture::tasks("task_id,name,description\nt1,Run\rslowly,x\nt2,Read,y\n");
    fixture.set::<Task>("t2", "name", "Rest").unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name,description\nt1,Run\rslowly,x\nt2,Rest,y\n");
    fixture.set::<Task>("t1", "description", "z").unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name,description\nt1,\"Run\rslowly\",z\nt2,Rest,y\n");
    assert_eq!(fixture.list::<Task>()[0].name.raw(), "Run\rslowly");
}

#[test]
fn a_row_torn_by_a_carriage_return_is_mended_when_the_file_gets_a_column() {
    let fixture = Fixture::tasks("task_id,name\nt1,Run\rslowly\nt2,Read\n");
    fixture.set::<Task>("t2", "mood", "good").unwrap();
    assert_eq!(fixture.text("tasks.csv"), "task_id,name,mood\nt1,\"Run\rslowly\"\nt2,Read,good\n");
}

#[test]
fn parts_of_a_row_that_do_not_fit_stay_apart_when_columns_are_added() {
    let before = "task_id,name\nt1,a,b\rc\nt2,Read\n";
    let fixture = Fixture::tasks(before);
    assert_eq!(rejected(&fixture), [(2, "bare-cr"), (3, "bare-cr")]);
    // With one column more the parts would look like one whole row.
    let error = fixture.set::<Task>("t2", "description", "x").unwrap_err();
    assert!(matches!(&error, Error::Corrupt { key, .. } if key == "tasks.csv line 2"), "{error:?}");
    assert_eq!(fixture.text("tasks.csv"), before);
}

#[test]
fn a_damaged_list_of_users_is_told() {
    for (text, column) in [
        ("{", ""),
        (r#"{"version": 2, "users": []}"#, "version"),
        (r#"{"version": 1, "users": [{"id": "a b", "name": "", "created_at": ""}]}"#, "id"),
    ] {
        let fixture = Fixture::new(&[(".landfast/accounts.json", text.as_bytes())]);
        let error = fixture.write(|r| r.accounts().list()).unwrap_err();
        assert!(matches!(&error, Error::Corrupt { column: found, .. } if found == column), "{error:?}");
    }
}
