// The door of folium pages: layers for a map that folium has made.
PLACEHOLDER
