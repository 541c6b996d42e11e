"""Lists that people keep elsewhere -> the roles and appointments of a release file.

Every fault of every row is told at once with file and row; nothing is guessed: a title never finds
its person by itself, and a date that can be read in two ways is a fault.
"""
