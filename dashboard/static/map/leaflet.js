// Leaflet comes as a script that sets window.L; a page that has one keeps it.
import '../vendor/leaflet-1.9.4/leaflet.js';

export const L = globalThis.L;
