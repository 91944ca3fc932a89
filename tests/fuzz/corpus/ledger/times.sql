UPDATE assessments SET created_at = -9223372036854775807, deadline = 9223372036854775807, result = 'x'
