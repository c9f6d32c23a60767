"""The dashboard: what the events add up to, how it looks, and what the reader sees."""
