DROP TABLE run_files;
DROP TABLE runs;
