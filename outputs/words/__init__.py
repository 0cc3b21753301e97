"""Sentences: options explained, journeys told, numbers and dates as people say them."""
