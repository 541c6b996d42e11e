"""PDF: what its pages show, and everything else that stands in the file."""
