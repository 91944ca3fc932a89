UPDATE assessments SET state = 'lost', created_at = 9223372036854775807
