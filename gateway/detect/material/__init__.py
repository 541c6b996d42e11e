"""What a message shares with the registered material of releases: phrases and figures.

`matcher` loads numpy, and is imported only where material is registered.
"""
