DROP TABLE saved_answers;
DROP TABLE security_events;
DROP TABLE sessions;
DROP TABLE credentials;
