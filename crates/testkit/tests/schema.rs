//! The schema goes up, down and up again, and its page is current.

use landfast_testkit::schema;

#[test]
fn migrations_go_up_down_and_up_again_on_both_databases() {
    let faults: Vec<String> = schema::check().iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_page_about_the_tables_is_current() {
    let page = include_str!("../../../docs/schema.md");
    assert!(page == schema::document(), "docs/schema.md is not current; run `cargo xtask schema`");
}
