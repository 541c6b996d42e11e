"""The list as the public is told of it: titles, never people and never addresses."""
