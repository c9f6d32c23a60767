// Draws a ground description: what `ground.describe` read off a folium map.
// Nothing of it listens to the mouse; events lie above, on their own canvas.

import { CanvasLayer } from './canvas_layer.js';
import { mercator } from './codec.js';
import { L } from './leaflet.js';

// A description is drawn for paper and light pages. In the dark these roles change.
const DARK = {
  countries: { fillColor: '#23282c', color: '#23282c' },
  regions: { color: '#8d979e' },
  borders: { color: '#b9c2c8' },
  rivers: { color: '#5d8fb0' },
  lakes: { fillColor: '#2d4a5e', color: '#41687f' },
};


/** A shape of the description as GeoJSON: lines of whole steps, each from the last. */
function decode([id, area, parts]) {
  const line = (steps) => {
    let [x, y] = [0, 0];
    const points = [];
    for (let k = 0; k < steps.length; k += 2) {
      x += steps[k];
      y += steps[k + 1];
      points.push([x / 1000, y / 1000]);
    }
    return points;
  };
  const lines = parts.map((part) => part.map(line));
  const geometry = area
    ? { type: 'MultiPolygon', coordinates: lines }
    : { type: 'MultiLineString', coordinates: lines[0] };
  return { type: 'Feature', id, properties: {}, geometry };
}

/** The ground of one map. `names` is the language of its labels. */
export class Ground {
  constructor(map, description, base, names) {
    this.map = map;
    this.layers = new Map(); // by role
    this.limits = L.latLngBounds(description.limits);
    let level = 200;
    for (const part of description.parts) {
      const pane = `ground-${level}`;
      const element = map.createPane(pane);
      element.style.zIndex = level++;
      element.style.pointerEvents = 'none';
      element.classList.add(`ground-${part.role}`);
      const layer = this._layer(part, pane, base, names);
      this.layers.set(part.role, { part, layer });
      if (part.show) layer.addTo(map);
    }
  }

  _layer(part, pane, base, names) {
    if (part.kind === 'image') {
      const address = new URL(part.url, base).href;
      return L.imageOverlay(address, part.bounds, { pane, opacity: part.opacity, alt: '' });
    }
    if (part.kind === 'names') return new NamesLayer({ pane, labels: part.labels, names });
    return L.geoJSON(part.shapes.map(decode), {
      pane,
      renderer: L.canvas({ pane, padding: 0.15 }),
      interactive: false,
      smoothFactor: 0.6,
      style: () => part.style,
    });
  }

  /** Show or hide roles: {relief: true, rivers: false}. */
  setShown(shown) {
    for (const [role, { part, layer }] of this.layers) {
      if (part.kind === 'names') layer.setHidden({ town: shown.towns === false });
      const wanted = shown[role] ?? part.show;
      if (wanted && !this.map.hasLayer(layer)) layer.addTo(this.map);
      if (!wanted && this.map.hasLayer(layer)) layer.remove();
    }
  }

  setTheme(dark) {
    for (const [role, { part, layer }] of this.layers) {
      if (part.kind === 'names') layer.setTheme(dark);
      else if (part.kind === 'shapes' && !role.startsWith('regions')) {
        layer.setStyle({ ...part.style, ...(dark ? DARK[role] : null) });
      }
    }
  }

  setNames(names) {
    for (const { part, layer } of this.layers.values()) {
      if (part.kind === 'names') layer.setNames(names);
    }
  }

  /** Id of the shown region at a point, or null. */
  regionAt({ lat, lng }) {
    for (const [role, { layer }] of this.layers) {
      if (!role.startsWith('regions') || !this.map.hasLayer(layer)) continue;
      let found = null;
      layer.eachLayer((shape) => {
        if (found || !shape.getBounds().contains([lat, lng])) return;
        const polygons = shape.feature.geometry.coordinates;
        if (polygons.some((rings) => within(lng, lat, rings))) found = shape.feature.id;
      });
      if (found) return found;
    }
    return null;
  }

  /** Colour regions by class; null takes the colours away. */
  setChoropleth(choropleth, dark) {
    for (const [role, { part, layer }] of this.layers) {
      if (!role.startsWith('regions')) continue;
      const base = { ...part.style, ...(dark ? DARK.regions : null) };
      layer.setStyle((feature) => {
        const entry = choropleth?.values[feature.id];
        const colour = entry && choropleth.classes[entry.class]?.colour;
        if (!colour) return { ...base, fill: false };
        return { ...base, fill: true, fillColor: colour, fillOpacity: 0.72 };
      });
    }
  }
}

/** Names of towns, regions and countries; where two would overlap the lower rank goes. */
export const NamesLayer = CanvasLayer.extend({
  initialize(options) {
    CanvasLayer.prototype.initialize.call(this, options);
    this._canvas.setAttribute('aria-hidden', 'true');
    this.names = options.names;
    this.hidden = {};
    this.dark = false;
    this.labels = options.labels
      .map((label) => {
        const [x, y] = mercator(label.lat, label.lon);
        return { ...label, x, y };
      })
      .sort((one, other) => one.rank - other.rank);
  },

  setTheme(dark) {
    this.dark = dark;
    this.redraw();
  },

  setNames(names) {
    if (this.names === names) return;
    this.names = names;
    this.redraw();
  },

  /** Leave out kinds of names: {town: true}. */
  setHidden(hidden) {
    this.hidden = hidden;
    this.redraw();
  },

  paint(context, view) {
    const zoom = Math.log2(view.scale / 256);
    const taken = [];
    const halo = this.dark ? 'rgba(18, 21, 24, 0.85)' : 'rgba(255, 255, 255, 0.85)';
    const ink = this.dark
      ? { town: '#e8eaec', region: '#aeb8bf', country: '#c9d1d6' }
      : { town: '#2b2b2b', region: '#5c5346', country: '#4a4f55' };
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const label of this.labels) {
      if (zoom < label.from || zoom >= (label.until ?? 99)) continue;
      if (this.hidden[label.kind]) continue;
      const x = label.x * view.scale - view.x;
      const y = label.y * view.scale - view.y;
      if (x < -80 || y < -20 || x > view.size.x + 80 || y > view.size.y + 20) continue;
      const name = label.name[this.names] ?? label.name.en;
      const text = label.kind === 'country' ? name.toUpperCase() : name;
      context.font = FONTS[label.kind];
      context.letterSpacing = label.kind === 'country' ? '2px' : '0px';
      const width = context.measureText(text).width;
      const spot = spots(label.kind, x, y, width).find(
        ([left, middle]) => !taken.some((other) => overlaps(box(left, middle, width), other)),
      );
      if (!spot) continue;
      const [left, middle] = spot;
      taken.push(box(left, middle, width));
      if (label.kind === 'town') {
        taken.push([x - 3, y - 3, x + 3, y + 3]);
        context.beginPath();
        context.arc(x, y, 2, 0, 2 * Math.PI);
        context.fillStyle = ink.town;
        context.fill();
      }
      context.lineWidth = 3;
      context.strokeStyle = halo;
      context.strokeText(text, left, middle);
      context.fillStyle = ink[label.kind];
      context.fillText(text, left, middle);
    }
    context.letterSpacing = '0px';
  },
});

const FAMILY = 'system-ui, "Liberation Sans", Arial, sans-serif';
const FONTS = {
  town: `500 12px ${FAMILY}`,
  region: `italic 400 12px ${FAMILY}`,
  country: `600 11px ${FAMILY}`,
};

/** Whether a point lies in a polygon: its rings are crossed an odd number of times. */
function within(x, y, rings) {
  let inside = false;
  for (const ring of rings) {
    for (let k = 0, before = ring.length - 1; k < ring.length; before = k++) {
      const [x1, y1] = ring[k];
      const [x2, y2] = ring[before];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}

/** Where a name may stand, the best first: [left, middle]. */
function spots(kind, x, y, width) {
  if (kind !== 'town') return [[x - width / 2, y], [x - width / 2, y - 16], [x - width / 2, y + 16]];
  return [[x + 5, y], [x - 5 - width, y], [x - width / 2, y - 11], [x - width / 2, y + 12]];
}

function box(left, middle, width) {
  return [left - 2, middle - 7, left + width + 2, middle + 7];
}

function overlaps(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

