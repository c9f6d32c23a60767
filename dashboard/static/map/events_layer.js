// Draws events on one canvas, and tells which lie under a finger.
//
// `paint` chooses how: today every event is a path (`_paintMarks`), which is good to
// some thousands in view. Stamps and a density image for more belong beside it: they
// take the same `_drawn` positions and leave the rest of the layer as it is.

import { CanvasLayer } from './canvas_layer.js';
import { PRECISION, UNKNOWN_DEATHS } from './codec.js';
import { fade, inkOn, radiusOf, starPoints, trace } from './marks.js';

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const AREA_KM = 25;
const REGION_KM = 80;
const SPREAD = 6.5; // pixels between events of one point
const SPREAD_LIMIT = 40; // no event is drawn further from its point
const FINGER = 14; // pixels around a touch that still hit
const MOUSE = 6;
const LETTER_FROM = 6.5; // smallest radius that carries a letter

export const EventsLayer = CanvasLayer.extend({
  initialize(options) {
    CanvasLayer.prototype.initialize.call(this, options);
    this._canvas.setAttribute('role', 'img');
    this._clear();
    this.letters = false;
    this.chosen = null;
  },

  /** Give the layer its events. Nothing is drawn before `show`. */
  setEvents(columns, groups, targets) {
    this.columns = columns;
    this.groups = groups.map((group) => ({ ...group, ink: inkOn(group.colour) }));
    this.targets = targets;
    this.radius = Float32Array.from(columns.deaths, radiusOf);
  },

  setOperations(operations) {
    this.operations = operations ?? [];
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

  _clear() {
    this.drawn = [];
    this.stars = [];
    this._places = new Map();
    this._tags = [];
  },

  paint(context, view) {
    this._clear();
    if (!this.columns || !this.found) return;
    this._place(view);
    this._paintMarks(context, view);
    this.options.painted?.(this.drawn.length);
  },

  /** Give each event its pixel; events of one point go on a small spiral. */
  _place(view) {
    const { columns, radius } = this;
    const together = new Map();
    for (const i of this.found) {
      if (columns.precision[i] >= PRECISION.country) continue;
      const members = together.get(columns.place[i]);
      if (members) members.push(i);
      else together.set(columns.place[i], [i]);
    }
    const seen = [];
    for (const members of together.values()) {
      const first = members[0];
      const x = columns.x[first] * view.scale - view.x;
      const y = columns.y[first] * view.scale - view.y;
      const spread = Math.min(SPREAD, SPREAD_LIMIT / Math.sqrt(members.length));
      members.forEach((i, rank) => {
        const away = spread * Math.sqrt(rank);
        const mark = {
          i,
          x: x + away * Math.cos(rank * GOLDEN),
          y: y + away * Math.sin(rank * GOLDEN),
          r: radius[i],
        };
        seen.push(mark);
        this._places.set(i, mark);
      });
    }
    // Big first, small last: a busy place never hides the lone event.
    this.drawn = seen.sort((one, other) => other.r - one.r || one.i - other.i);
  },

  _paintMarks(context, view) {
    const { columns } = this;
    const blur = (kind) => this.drawn.filter(({ i }) => columns.precision[i] === kind);
    for (const mark of blur(PRECISION.region)) {
      mark.reach = this._pixels(view, mark.i, REGION_KM);
      this._wash(context, mark);
    }
    for (const mark of blur(PRECISION.area)) {
      mark.reach = Math.max(this._pixels(view, mark.i, AREA_KM), mark.r + 3);
      this._ring(context, mark);
    }
    this._paintLinks(context, view);
    for (const mark of this.drawn) {
      if (columns.precision[mark.i] !== PRECISION.region) this._mark(context, mark);
    }
    this._paintStars(context);
    const chosen = this._places.get(this.chosen);
    if (chosen) this._halo(context, chosen);
  },

  _pixels(view, i, km) {
    const metres = 40075016.7 * Math.cos((this.columns.latitude(i) * Math.PI) / 180);
    return (km * 1000 * view.scale) / metres;
  },

  _group(i) {
    return this.groups[this.columns.group[i]];
  },

  _mark(context, { i, x, y, r }) {
    const group = this._group(i);
    const shape = this.targets[this.columns.target[i]].shape;
    const [first, last] = this.window;
    const within = this.columns.start[i] >= first && this.columns.end(i) <= last;
    const sharp = this.columns.precision[i] !== PRECISION.area;
    trace(context, shape, x, y, r);
    context.fillStyle = group.hollow
      ? 'rgba(255, 255, 255, 0.85)'
      : fade(group.colour, within && sharp ? 0.86 : 0.5);
    context.fill();
    if (group.hollow || !within) {
      context.lineWidth = group.hollow ? 1.8 : 1.2;
      context.strokeStyle = group.colour;
    } else {
      context.lineWidth = 1.25;
      context.strokeStyle = 'rgba(255, 255, 255, 0.95)';
    }
    context.stroke();
    if (this.columns.deaths[i] === UNKNOWN_DEATHS) {
      context.beginPath();
      context.arc(x, y, 1.7, 0, 2 * Math.PI);
      context.fillStyle = group.hollow ? group.colour : '#FFFFFF';
      context.fill();
    } else if (r >= LETTER_FROM) {
      this._letter(context, group, x, y, Math.max(11, Math.min(r, 16)));
    }
    if (this.letters && (r < LETTER_FROM || this.columns.deaths[i] === UNKNOWN_DEATHS)) {
      this._tag(context, group, x + r + 1, y);
    }
  },

  _letter(context, group, x, y, size) {
    context.font = `700 ${size}px system-ui, "Liberation Sans", sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = group.hollow ? group.colour : group.ink;
    context.fillText(group.letter, x, y + size * 0.06);
  },

  _tag(context, group, x, y) {
    context.font = '700 11px system-ui, "Liberation Sans", sans-serif';
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.lineWidth = 3;
    context.strokeStyle = 'rgba(255, 255, 255, 0.92)';
    context.strokeText(group.letter, x, y);
    context.fillStyle = '#1b1b1b';
    context.fillText(group.letter, x, y);
  },

  _ring(context, { i, x, y, reach }) {
    const { colour } = this._group(i);
    context.beginPath();
    context.arc(x, y, reach, 0, 2 * Math.PI);
    context.fillStyle = fade(colour, 0.1);
    context.fill();
    context.setLineDash([4, 3]);
    context.lineWidth = 1.4;
    context.strokeStyle = fade(colour, 0.95);
    context.stroke();
    context.setLineDash([]);
  },

  _wash(context, { i, x, y, reach }) {
    const group = this._group(i);
    const wash = context.createRadialGradient(x, y, 0, x, y, reach);
    wash.addColorStop(0, fade(group.colour, 0.42));
    wash.addColorStop(0.55, fade(group.colour, 0.26));
    wash.addColorStop(1, fade(group.colour, 0));
    context.fillStyle = wash;
    context.beginPath();
    context.arc(x, y, reach, 0, 2 * Math.PI);
    context.fill();
    // One letter is enough where washes of one group lie on each other.
    const near = (tag) => Math.hypot(tag.x - x, tag.y - y) < 14;
    if (this._tags.some((tag) => near(tag) && tag.letter === group.letter)) return;
    const room = this._tags.filter(near).length * 11;
    this._tags.push({ letter: group.letter, x, y });
    this._tag(context, group, x - 4 + room, y);
  },

  /** Lines from the members of an operation to their middle. */
  _paintLinks(context, view) {
    // Small from afar, where many operations share the screen.
    const r = Math.min(10, Math.max(5.5, 5.5 + 2 * (Math.log2(view.scale / 256) - 5.5)));
    for (const [index, operation] of (this.operations ?? []).entries()) {
      const members = operation.members.map((i) => this._places.get(i)).filter(Boolean);
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
    const around = this.columns.precision[i] === PRECISION.region ? reach : r + 4;
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
    const origin = this._map.layerPointToContainerPoint(this._corner);
    const x = point.x - origin.x;
    const y = point.y - origin.y;
    const slack = touch ? FINGER : MOUSE;
    const far = (mark) => Math.hypot(mark.x - x, mark.y - y);
    const star = this.stars.findLast((one) => far(one) <= one.r + slack / 2);
    if (star) return { star: star.index, events: [] };
    const region = PRECISION.region;
    const sharp = ({ i }) => this.columns.precision[i] !== region;
    const near = this.drawn
      .filter((mark) => sharp(mark) && far(mark) <= mark.r + slack)
      .sort((one, other) => far(one) - one.r - (far(other) - other.r));
    // A click well inside one mark means that mark, unless others lie there too.
    const inside = near.filter((mark) => far(mark) <= mark.r + 1);
    if (inside.length && !touch) return { star: null, events: inside.map(({ i }) => i) };
    if (near.length) return { star: null, events: near.map(({ i }) => i) };
    const washes = this.drawn.filter((mark) => !sharp(mark) && far(mark) <= mark.reach * 0.8);
    return { star: null, events: washes.map(({ i }) => i) };
  },

  /** Pixel of an event in the map's container, or null where it is not drawn. */
  pointOf(index) {
    const mark = this._places.get(index);
    if (!mark || !this._map) return null;
    const origin = this._map.layerPointToContainerPoint(this._corner);
    return { x: mark.x + origin.x, y: mark.y + origin.y, r: mark.r };
  },
});
