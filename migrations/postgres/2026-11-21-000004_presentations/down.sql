DROP TABLE presentation_jobs;
