"""Figures worked out from who spoke when and how much."""
