UPDATE applications SET document = '[]'
