-- A ledger as version 4 of the schema left it: one application of long ago, invited, taken and written back.
CREATE TABLE mappings(name TEXT PRIMARY KEY, started_at BIGINT NOT NULL, read_until BIGINT NOT NULL, cursor TEXT NOT NULL,
  rules_fingerprint TEXT NOT NULL, last_poll BIGINT NOT NULL, next_poll BIGINT NOT NULL, last_error TEXT NOT NULL,
  last_count BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE applications(mapping TEXT NOT NULL, id TEXT NOT NULL, email TEXT NOT NULL, document TEXT NOT NULL,
  fingerprint TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT NOT NULL, first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL, PRIMARY KEY(mapping, id)) WITHOUT ROWID;
CREATE INDEX applications_by_email ON applications(email) WHERE email <> '';
CREATE TABLE assessments(id INTEGER PRIMARY KEY AUTOINCREMENT, mapping TEXT NOT NULL, application_id TEXT NOT NULL,
  test_key TEXT NOT NULL, rule TEXT NOT NULL, test_reference TEXT NOT NULL, test_id BIGINT NOT NULL,
  test_name TEXT NOT NULL, email TEXT NOT NULL, state TEXT NOT NULL, cause TEXT NOT NULL, reason TEXT NOT NULL,
  candidate_id BIGINT NOT NULL, newest_before BIGINT NOT NULL, approved BIGINT NOT NULL, send_alone BIGINT NOT NULL,
  cancel_wanted BIGINT NOT NULL, empty_look_ups BIGINT NOT NULL, revision BIGINT NOT NULL, result TEXT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, invited_at BIGINT NOT NULL, deadline BIGINT NOT NULL,
  finished_at BIGINT NOT NULL, settle_until BIGINT NOT NULL, look_again_at BIGINT NOT NULL,
  checksum BIGINT NOT NULL DEFAULT 0, UNIQUE(mapping, application_id, test_key));
CREATE INDEX assessments_by_state ON assessments(state);
CREATE INDEX assessments_by_person ON assessments(email, test_id);
CREATE INDEX assessments_to_look_at_again ON assessments(mapping, look_again_at) WHERE look_again_at > 0;
CREATE TABLE transitions(id INTEGER PRIMARY KEY AUTOINCREMENT, assessment_id BIGINT NOT NULL REFERENCES assessments(id),
  at BIGINT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, cause TEXT NOT NULL, correlation_id TEXT NOT NULL);
CREATE INDEX transitions_by_assessment ON transitions(assessment_id);
CREATE INDEX transitions_paid ON transitions(at) WHERE from_state = 'inviting' AND to_state IN ('invited', 'unconfirmed');
CREATE TABLE write_backs(id INTEGER PRIMARY KEY AUTOINCREMENT, assessment_id BIGINT NOT NULL REFERENCES assessments(id),
  mapping TEXT NOT NULL, event TEXT NOT NULL, revision BIGINT NOT NULL, position BIGINT NOT NULL, action TEXT NOT NULL,
  argument TEXT NOT NULL, marker TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, attempts BIGINT NOT NULL,
  next_attempt_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE(assessment_id, event, revision, position));
CREATE INDEX write_backs_due ON write_backs(mapping, next_attempt_at) WHERE state IN ('pending', 'unconfirmed');
CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

INSERT INTO assessments VALUES(1, 'engineering', '77', '1001', 'backend engineers', 'C++ Senior', 1001, 'C++ Senior',
  'old@example.com', 'completed', '', '', 4711, 0, 0, 0, 0, 0, 0, '{"status": "completed", "score": 90, "passed": true}', 1704067200, 1704153600, 1704067200, 1704672000,
  1704153600, 0, 0, 0);
INSERT INTO transitions VALUES(1, 1, 1704067200, 'inviting', 'invited', 'TestDome has taken the invitation', '');
INSERT INTO transitions VALUES(2, 1, 1704153600, 'invited', 'completed', 'passed', '');
INSERT INTO write_backs VALUES(1, 1, 'engineering', 'completed', 0, 0, 'note', '"TestDome: 90%"', 'td-0123456789ab', 'done', '',
  1, 0, 1704153600);
PRAGMA user_version = 4;
