"""The commands that are typed: each parses, calls and prints."""
