UPDATE mappings SET cursor = NULL, started_at = 'yesterday', last_count = 1e300
