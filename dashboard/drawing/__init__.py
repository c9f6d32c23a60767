"""How it looks: the map's ground, its events, and the colours of all charts."""
