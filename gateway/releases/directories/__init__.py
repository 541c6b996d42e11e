"""The office's directories: who has which addresses, and whom distribution lists reach.

Each format has a module that gives an `Extract`; `expansion` takes lists apart, `joining` makes one
`Directory` of all. What is wrong with an entry makes that entry unlisted, never somebody listed.
"""

from gateway.releases.directories.joining import DirectoryReading, joined, with_directories
from gateway.releases.directories.reading import DirectoryFile, read_directories

__all__ = ["DirectoryFile", "DirectoryReading", "joined", "read_directories", "with_directories"]
