"""Where it was: boundaries, gazetteer, basemap, and the join of events to them."""
