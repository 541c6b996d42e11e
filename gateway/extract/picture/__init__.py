"""Pictures: the words in them, the words about them, and the metafiles that are drawn from text."""
