//! `landfast conformance`.

use crate::support::Sandbox;

#[test]
fn the_rules_of_the_contract_run_against_a_named_database() {
    for (name, sandbox) in Sandbox::on_every_database() {
        let list = sandbox.expect(0, &["conformance", "--list"]).stdout;
        assert!(list.lines().count() >= 120, "{} rules", list.lines().count());
        let report = sandbox.json(&["conformance", "--rule", "order::", "--json", "--quiet"]);
        assert_eq!(report["broken"], 0, "{name}: {report}");
        assert!(report["kept"].as_u64().unwrap() > 0, "{name}: {report}");
        let status = sandbox.json(&["db", "status", "--json"]);
        assert_eq!(status["rows"]["users"], 1, "{name}: the rules' users are gone again");
    }
    assert_eq!(Sandbox::new().expect(2, &["conformance", "--rule", "no such rule"]).code, 2);
}
