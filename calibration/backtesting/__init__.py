"""Forecasts from past dates, held against what came: how far a fitted scenario can be believed."""
