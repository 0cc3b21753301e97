"""Councils that are made up: their truth is known, and their records are about nobody."""
