"""The command line: one file per command group; a contract that scripts rely on."""
