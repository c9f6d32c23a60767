// Draws events on one canvas, and tells which lie under a finger.
//
// The layer chooses how, by what the reader asked for and by how many are in view:
// paths, stamps, hexagons with counts, or a density. Each is a module of its own that
// paints events given by position, and knows which of them lie under a pixel.

import { Bins } from './bins.js';
import { CanvasLayer } from './canvas_layer.js';
import { PRECISION } from './codec.js';
import { Heat } from './heat.js';
import { inkOn, starPoints } from './marks.js';
import { Paths } from './paths.js';
import { Placing, holds } from './placing.js';
import { REACH, Stamps } from './stamps.js';

const MOST_PATHS = 4000;
const MOST_STAMPS = 300000;
const FINGER = 14; // pixels around a touch that still hit
const MOUSE = 6;

export const EventsLayer = CanvasLayer.extend({
  initialize(options) {
    CanvasLayer.prototype.initialize.call(this, options);
    this._canvas.setAttribute('role', 'img');
    this.mode = 'marks';
    this.letters = false;
    this.chosen = null;
    this.stars = [];
    this.placing = new Placing();
    this.painters = {
      paths: new Paths(), stamps: new Stamps(), bins: new Bins(), heat: new Heat(),
    };
  },

  /** Give the layer its events. Nothing is drawn before `show`. */
  setEvents(columns, groups, targets, { number, brief }) {
    this.columns = columns;
    this.placing.setColumns(columns);
    this._scene = {
      columns,
      groups: groups.map((group) => ({ ...group, ink: inkOn(group.colour) })),
      targets,
      placing: this.placing,
      number,
      brief,
    };
    this._ready = new Set(); // painters that know these events
    this.how = null;
  },

  setOperations(operations) {
    this.operations = operations ?? [];
  },

  /** Marks, bins or heat, as the reader wants it. */
  setMode(mode) {
    if (this.mode === mode) return;
    this.mode = mode;
    this.redraw();
  },

  /** Show these positions (of `columns.within`), in this window of days. */
  show(found, window) {
    this.found = found;
    this.window = window;
    this._canvas.setAttribute('aria-label', this.options.label?.(found) ?? '');
    this.redraw();
  },

  choose(index) {
    if (this.chosen === index) return;
    this.chosen = index;
    this.redraw();
  },

  paint(context, view) {
    if (!this.columns || !this.found) return;
    this.placing.look(view, REACH);
    this.stars = [];
    const near = this.placing.near(this.found);
    this.how = this._choose(near.length);
    const painter = this._painter(this.how);
    let drawn;
    if (this.how === 'paths') {
      // Beyond the edge, too, where there are few: an operation's lines may lead there.
      drawn = painter.place(this.found.length <= MOST_PATHS ? this.found : near);
      painter.paintGround(context);
      this._paintLinks(context, view);
      painter.paintMarks(context, this.window, this.letters);
    } else {
      drawn = painter.paint(context, near, this.window);
      if (this.how === 'stamps') this._paintLinks(context, view);
    }
    this._paintStars(context);
    const chosen = this._mark(this.chosen);
    if (chosen) this._halo(context, chosen);
    const aside = this.how === 'bins' || this.how === 'heat' ? near.length - drawn : 0;
    this.options.painted?.({ drawn, how: this.how, inView: near.length, aside });
  },

  _choose(inView) {
    if (this.mode !== 'marks') return this.mode;
    if (inView <= MOST_PATHS) return 'paths';
    return inView <= MOST_STAMPS ? 'stamps' : 'heat';
  },

  /** A painter that knows the events; what it needs for that is made at its first use. */
  _painter(how) {
    const painter = this.painters[how];
    if (!this._ready.has(how)) painter.setScene(this._scene);
    this._ready.add(how);
    return painter;
  },

  /** Pixel and radius of an event that is shown, else undefined. */
  _mark(i) {
    if (i === null || !this.how || !holds(this.found, i)) return undefined;
    if (this.columns.precision[i] >= PRECISION.country) return undefined;
    return this.painters[this.how].pointOf(i);
  },

  /** Lines from the members of an operation to their middle. */
  _paintLinks(context, view) {
    // Small from afar, where many operations share the screen.
    const r = Math.min(10, Math.max(5.5, 5.5 + 2 * (Math.log2(view.scale / 256) - 5.5)));
    for (const [index, operation] of this.operations.entries()) {
      const members = operation.members.map((i) => this._mark(i)).filter(Boolean);
      if (members.length < 2) continue;
      const star = {
        index,
        x: members.reduce((sum, { x }) => sum + x, 0) / members.length,
        y: members.reduce((sum, { y }) => sum + y, 0) / members.length,
        r,
      };
      context.beginPath();
      for (const { x, y } of members) {
        context.moveTo(star.x, star.y);
        context.lineTo(x, y);
      }
      context.lineWidth = 3;
      context.strokeStyle = 'rgba(255, 255, 255, 0.6)';
      context.stroke();
      context.lineWidth = 1.2;
      context.strokeStyle = 'rgba(34, 34, 34, 0.85)';
      context.stroke();
      this.stars.push(star);
    }
  },

  _paintStars(context) {
    for (const { x, y, r } of this.stars) {
      context.beginPath();
      starPoints(x, y, r).forEach(([px, py], k) =>
        k ? context.lineTo(px, py) : context.moveTo(px, py),
      );
      context.closePath();
      context.lineJoin = 'round';
      context.lineWidth = r > 7 ? 3 : 2;
      context.strokeStyle = '#FFFFFF';
      context.stroke();
      context.fillStyle = '#222222';
      context.fill();
    }
  },

  _halo(context, { i, x, y, r, reach }) {
    const around = this.columns.precision[i] === PRECISION.region && reach ? reach : r + 4;
    for (const [width, colour] of [[5, '#FFFFFF'], [2.5, '#111111']]) {
      context.beginPath();
      context.arc(x, y, around, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
  },

  /** What lies under a point of the map's container, the topmost first.
   * Returns {star: number|null, events: positions}. */
  hit(point, touch) {
    if (!this.how) return { star: null, events: [] };
    const origin = this._map.layerPointToContainerPoint(this._corner);
    const x = point.x - origin.x;
    const y = point.y - origin.y;
    const slack = touch ? FINGER : MOUSE;
    const star = this.stars.findLast(
      (one) => Math.hypot(one.x - x, one.y - y) <= one.r + slack / 2,
    );
    if (star) return { star: star.index, events: [] };
    return { star: null, events: this.painters[this.how].hit(x, y, slack, touch) };
  },

  /** Pixel of an event in the map's container, or null where it is not drawn. */
  pointOf(index) {
    const mark = this._map && this._mark(index);
    if (!mark) return null;
    const origin = this._map.layerPointToContainerPoint(this._corner);
    return { x: mark.x + origin.x, y: mark.y + origin.y, r: mark.r };
  },
});
