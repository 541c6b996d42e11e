"""Real servers and clients for the tests: Postfix instances, a recording sink, the gateway."""
