UPDATE write_backs SET argument = '', state = x'00ff', attempts = -1
