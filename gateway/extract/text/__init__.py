"""Text that people or programs wrote: plain, HTML, delimited and other records in text."""
