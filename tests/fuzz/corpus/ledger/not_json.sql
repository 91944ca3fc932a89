UPDATE applications SET document = '{', decision = '{}'
