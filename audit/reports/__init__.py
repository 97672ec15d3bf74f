"""Outputs: one module each, written from a Report."""
