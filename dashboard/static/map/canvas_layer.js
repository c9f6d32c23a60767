// A Leaflet layer that is one canvas over the whole map, in a pane of its own.

import { L } from './leaflet.js';

/** Share of the map's size drawn beyond each edge, so that a pan shows no gap. */
const PADDING = 0.15;

export const CanvasLayer = L.Layer.extend({
  options: { pane: 'overlayPane' },

  initialize(options) {
    L.setOptions(this, options);
    this._canvas = L.DomUtil.create('canvas', 'leaflet-zoom-animated');
    this._canvas.style.pointerEvents = 'none';
    this._frame = 0;
  },

  getEvents() {
    return {
      viewreset: this._reset,
      moveend: this._reset,
      zoom: this._follow,
      zoomanim: this._animate,
      resize: this._reset,
    };
  },

  onAdd() {
    this.getPane().appendChild(this._canvas);
    this._reset();
  },

  onRemove() {
    cancelAnimationFrame(this._frame);
    this._frame = 0;
    this._canvas.remove();
  },

  /** Draw again before the next frame; many calls make one drawing. */
  redraw() {
    if (!this._map || this._frame) return;
    this._frame = requestAnimationFrame(() => {
      this._frame = 0;
      this._paint();
    });
  },

  _reset() {
    const map = this._map;
    const size = map.getSize();
    const margin = size.multiplyBy(PADDING).round();
    const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    const full = size.add(margin.multiplyBy(2));
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const width = Math.round(full.x * ratio);
    const height = Math.round(full.y * ratio);
    if (this._canvas.width !== width) this._canvas.width = width;
    if (this._canvas.height !== height) this._canvas.height = height;
    this._canvas.style.width = `${full.x}px`;
    this._canvas.style.height = `${full.y}px`;
    L.DomUtil.setPosition(this._canvas, corner);
    this._corner = corner;
    this._size = full;
    this._ratio = ratio;
    this._zoom = map.getZoom();
    this._center = map.getCenter();
    if (this._frame) cancelAnimationFrame(this._frame);
    this._frame = 0;
    this._paint();
  },

  _paint() {
    if (!this._map) return;
    const context = this._canvas.getContext('2d');
    context.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
    context.clearRect(0, 0, this._size.x, this._size.y);
    // Pixels of the canvas = fraction of the Mercator square * scale - offset.
    const scale = 256 * 2 ** this._zoom;
    const offset = this._map.getPixelOrigin().add(this._corner);
    const { _size: size, _ratio: ratio } = this;
    this.paint(context, { scale, x: offset.x, y: offset.y, size, ratio });
  },

  /** To be overridden: draw with a context in CSS pixels. */
  paint() {},

  _animate(event) {
    this._transform(event.center, event.zoom);
  },

  _follow() {
    this._transform(this._map.getCenter(), this._map.getZoom());
  },

  _transform(center, zoom) {
    const map = this._map;
    const scale = map.getZoomScale(zoom, this._zoom);
    const corner = map
      .project(map.unproject(map.getPixelOrigin().add(this._corner), map.getZoom()), zoom)
      .subtract(map._getNewPixelOrigin(center, zoom));
    L.DomUtil.setTransform(this._canvas, corner, scale);
  },
});
