DROP TABLE counters;
DROP TABLE leases;
DROP TABLE import_runs;
DROP TABLE quarantine;
DROP TABLE source_chunks;
DROP TABLE source_documents;
