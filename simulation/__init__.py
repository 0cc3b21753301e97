"""The model: people, places, steps and chance. Knows no files and no plots."""
