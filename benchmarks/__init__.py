"""How long the dashboard takes, beside the plainest pages that could do the same."""
