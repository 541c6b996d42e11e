"""Archives and compressed files: each entry is a Part of its own, or a Gap."""
