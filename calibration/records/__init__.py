"""Records as plain tables, a history out of them, and what both ways of importing have in common."""
