DROP TABLE cutover_mismatches;
DROP TABLE cutover_dirty;
DROP TABLE cutover_changes;
DROP TABLE cutover_stages;
