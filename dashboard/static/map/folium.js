// The door of folium pages: layers for a map that folium has made.

import { fromBase64, unseal } from './codec.js';
import { NamesLayer } from './ground.js';
import { L } from './leaflet.js';
import { mount } from './main.js';

/** Names of towns, regions and countries. */
export function names(labels, options) {
  return new NamesLayer({ ...options, labels: unseal(labels) });
}

/** Events with their legend, cards and time strip around the map. */
export function events(message, packed) {
  return new Events(unseal(message), fromBase64(packed));
}

const Events = L.Layer.extend({
  initialize(message, packed) {
    const visible = fromBase64(message.visible);
    this.message = { milestones: [], operations: [], ...message, packed, visible };
  },

  onAdd(map) {
    this._shown = mount(null, this.message, {}, map);
  },

  onRemove() {
    this._shown.destroy();
  },
});
