"""Binary formats of statistical packages and databases: rows and columns, with their labels."""
