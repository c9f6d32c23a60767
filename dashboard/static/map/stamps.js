// Events as stamps: each look is drawn once, and then its pixels are written straight
// into an image for each event that has it. Good to some hundred thousand in view.

import { PRECISION, UNKNOWN_DEATHS } from './codec.js';
import { REGION_KM, paintCount, paintMark, paintWash, radiusOf } from './marks.js';

// Radii from big to small: of marks as they are, to the nearest of these. A toll that
// nobody gives has a look of its own among the small ones.
const RADII = [43, 37, 32, 27.5, 23.5, 20, 17, 14.5, 12.5, 10.5, 9, 7.5, 6.2, 5];
const SIZES = [
  ...RADII.map((r) => ({ r, unknown: false })),
  { r: radiusOf(UNKNOWN_DEATHS), unknown: true },
  { r: radiusOf(0), unknown: false },
];
export const REACH = 70; // pixels from an event's point to the end of its stamp, at most
const GIANT = 46; // a radius from which on a mark is drawn as a path: there are few
const MIXED = '#4D4D4D'; // of a wash that stands for several groups

// Doubts that a stamp shows: none, days partly outside the window, known to an area.
const SURE = 0;
const DATE = 1;
const AREA = 2;
const DOUBTS = 3;
const GIANTS = 255;
const APART = 255;
const PROBED = 8; // the largest radius of a stamp that a few pixels stand for
const SOLID = 200; // an opacity from which on a pixel hides what is below it

/** Position in `SIZES` for each number of deaths, or `GIANTS`. */
const sizes = Uint8Array.from({ length: 65536 }, (_, deaths) => {
  if (deaths === UNKNOWN_DEATHS) return RADII.length;
  const r = radiusOf(deaths);
  if (r > GIANT) return GIANTS;
  const off = (k) => (SIZES[k].unknown ? Infinity : Math.abs(SIZES[k].r - r));
  let best = 0;
  for (let k = 1; k < SIZES.length; k++) if (off(k) < off(best)) best = k;
  return best;
});

export class Stamps {
  constructor() {
    this.near = new Int32Array(0);
    this.washes = [];
    this.canvas = document.createElement('canvas');
  }

  /** Sort events by look and by layer, once: what a frame then does is to count. */
  setScene(scene) {
    const { columns, groups, targets } = scene;
    this.scene = scene;
    this._looks = []; // pixels of each look that was needed
    this._kind = new Uint16Array(columns.n);
    this._at = new Int32Array(columns.n);
    this._turn = null;
    this._layer = new Uint8Array(columns.n);
    this._sorted = new Int32Array(columns.n);
    this._starts = new Int32Array(2 * SIZES.length + 1);
    for (let i = 0; i < columns.n; i++) {
      const size = sizes[columns.deaths[i]];
      if (size === GIANTS || columns.precision[i] === PRECISION.region) {
        this._layer[i] = APART;
        continue;
      }
      const area = columns.precision[i] === PRECISION.area;
      const kind = (size * groups.length + columns.group[i]) * targets.length;
      this._kind[i] = (kind + columns.target[i]) * DOUBTS + (area ? AREA : SURE);
      // Biggest below, and of one size the doubtful below the sure.
      this._layer[i] = 2 * size + (area ? 0 : 1);
    }
  }

  paint(context, near, window) {
    this.near = near;
    const { view } = this.scene.placing;
    this._look(view);
    const apart = this._sort(near);
    this._write(near.length - apart.length, window);
    const { edge } = this;
    this.canvas.getContext('2d').putImageData(this.image, -edge, -edge);
    const { precision } = this.scene.columns;
    this._washRegions(context, apart.filter((i) => precision[i] === PRECISION.region));
    this._paintGiants(context, apart.filter((i) => precision[i] !== PRECISION.region), window);
    context.imageSmoothingEnabled = false; // pixel for pixel
    context.drawImage(this.canvas, 0, 0, view.size.x, view.size.y);
    this._countRegions(context);
    return near.length;
  }

  /** Say for each event at which pixel of this view it lies: a frame then writes. */
  _look(view) {
    const { columns, placing } = this.scene;
    if (this._turn === placing.turn) return;
    this._turn = placing.turn;
    this._resize(view);
    const { ratio, edge, width } = this;
    for (let i = 0; i < columns.n; i++) {
      // Only pixels of events in view are ever asked for.
      const x = (placing.xs[columns.lon[i]] * ratio + edge + 0.5) | 0;
      const y = (placing.ys[columns.lat[i]] * ratio + edge + 0.5) | 0;
      this._at[i] = y * width + x;
    }
  }

  /** An image as large as the canvas, and an edge wide enough for any mark: so nothing
   * that is written needs to be clipped. */
  _resize({ size, ratio }) {
    const edge = Math.ceil(REACH * ratio) * 2;
    const width = Math.round(size.x * ratio) + 2 * edge;
    const height = Math.round(size.y * ratio) + 2 * edge;
    if (this.width === width && this.height === height && this.ratio === ratio) return;
    Object.assign(this, { width, height, ratio, edge });
    this.canvas.width = width - 2 * edge;
    this.canvas.height = height - 2 * edge;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this._taken = new Uint8Array(width * height);
    this._looks = []; // they hold distances between pixels
  }

  /** Bring events into the order of their layers; return those that are no stamps. */
  _sort(near) {
    const { _layer: layer, _starts: starts, _sorted: sorted } = this;
    const apart = [];
    starts.fill(0);
    for (let k = 0; k < near.length; k++) {
      const i = near[k];
      if (layer[i] === APART) apart.push(i);
      else starts[layer[i] + 1]++;
    }
    for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1];
    for (let k = 0; k < near.length; k++) {
      const i = near[k];
      if (layer[i] !== APART) sorted[starts[layer[i]]++] = i;
    }
    return apart;
  }

  /** Write stamps from the topmost down, each only where nothing hides it. At busy
   * places nearly all are hidden, and cost no more than the finding of that. */
  _write(count, [first, last]) {
    const { _sorted: sorted, _layer: layer, _at: at, _taken: taken, pixels, width } = this;
    const { start, span } = this.scene.columns;
    pixels.fill(0);
    taken.fill(0);
    for (let k = count - 1; k >= 0; k--) {
      const i = sorted[k];
      const sign = layer[i] + 1;
      const p = at[i];
      // Another of its layer on the same pixel hides it, and so do two at its sides.
      if (taken[p] === sign) continue;
      taken[p] = sign;
      if (taken[p - 1] === sign && taken[p + 1] === sign) continue;
      if (taken[p - width] === sign && taken[p + width] === sign) continue;
      let look = this._kind[i];
      const within = start[i] >= first && start[i] + span[i] <= last;
      if (!within && look % DOUBTS === SURE) look += DATE;
      const { away, ink, probes } = (this._looks[look] ??= this._draw(look));
      let q = 0;
      while (q < probes.length && pixels[p + probes[q]] >>> 24 >= SOLID) q++;
      if (probes.length && q === probes.length) continue;
      for (q = 0; q < away.length; q++) {
        const there = p + away[q];
        const above = pixels[there];
        if (!above) pixels[there] = ink[q];
        else if (above >>> 24 < SOLID) pixels[there] = over(ink[q], above);
      }
    }
  }

  /** Draw one look; return its pixels as distances from the middle and their colours. */
  _draw(look) {
    const { groups, targets } = this.scene;
    const doubt = look % DOUBTS;
    const kind = (look - doubt) / DOUBTS;
    const group = Math.floor(kind / targets.length) % groups.length;
    const size = SIZES[Math.floor(kind / targets.length / groups.length)];
    const half = Math.ceil((size.r * 1.6 + 3) * this.ratio);
    const side = 2 * half + 1;
    const canvas = document.createElement('canvas');
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.scale(this.ratio, this.ratio);
    const middle = (half + 0.5) / this.ratio;
    const mark = {
      ...size,
      group: groups[group],
      shape: targets[kind % targets.length].shape,
      dated: doubt !== DATE,
      sharp: doubt !== AREA,
      hollow: doubt === AREA,
    };
    paintMark(context, mark, middle, middle);
    const inks = new Uint32Array(context.getImageData(0, 0, side, side).data.buffer);
    const away = [];
    const ink = [];
    inks.forEach((colour, p) => {
      if (!(colour >>> 24)) return;
      away.push((Math.floor(p / side) - half) * this.width + (p % side) - half);
      ink.push(colour);
    });
    // Of a small stamp, some pixels tell whether it is hidden: all round its edge.
    const probes = size.r > PROBED ? [] : away.filter((_, k) => k % 6 === 0);
    return {
      away: Int32Array.from(away), ink: Uint32Array.from(ink), probes: Int32Array.from(probes),
    };
  }

  /** One wash for all events of a point that are known to their region only. */
  _washRegions(context, regions) {
    const { columns, groups, placing } = this.scene;
    const points = new Map();
    for (const i of regions) {
      const place = columns.place(i);
      const wash = points.get(place);
      if (!wash) {
        const reach = placing.pixels(i, REGION_KM);
        points.set(place, { x: placing.x(i), y: placing.y(i), reach, group: columns.group[i], events: [i] });
      } else {
        if (wash.group !== columns.group[i]) wash.group = null;
        wash.events.push(i);
      }
    }
    this.washes = [...points.values()];
    for (const { x, y, reach, group } of this.washes) {
      paintWash(context, group === null ? MIXED : groups[group].colour, x, y, reach);
    }
  }

  _countRegions(context) {
    for (const { x, y, events } of this.washes) {
      paintCount(context, this.scene.number(events.length), x, y);
    }
  }

  /** Marks too big for a stamp, the biggest first. */
  _paintGiants(context, giants, [first, last]) {
    const { columns, groups, targets, placing } = this.scene;
    giants.sort((one, other) => columns.deaths[other] - columns.deaths[one]);
    for (const i of giants) {
      const area = columns.precision[i] === PRECISION.area;
      const mark = {
        group: groups[columns.group[i]],
        shape: targets[columns.target[i]].shape,
        r: this._radius(i),
        unknown: false,
        dated: columns.start[i] >= first && columns.end(i) <= last,
        sharp: !area,
        hollow: area,
      };
      paintMark(context, mark, placing.x(i), placing.y(i));
    }
  }

  /** Events under a point of the canvas. */
  hit(x, y, slack, touch) {
    const { near, _layer: layer } = this;
    const { xs, ys } = this.scene.placing;
    const { lon, lat, precision } = this.scene.columns;
    const inside = [];
    const close = [];
    for (let k = 0; k < near.length; k++) {
      const i = near[k];
      const dx = xs[lon[i]] - x;
      const dy = ys[lat[i]] - y;
      const far = dx * dx + dy * dy;
      if (layer[i] === APART) {
        if (precision[i] === PRECISION.region) continue;
      } else if (far > REACH * REACH) continue;
      const r = this._radius(i);
      if (far <= (r + slack) ** 2) close.push(i);
      if (far <= (r + 1) ** 2) inside.push(i);
    }
    if (inside.length && !touch) return inside;
    if (close.length) return close;
    return this.washes
      .filter((wash) => Math.hypot(wash.x - x, wash.y - y) <= wash.reach * 0.8)
      .flatMap(({ events }) => events);
  }

  _radius(i) {
    const deaths = this.scene.columns.deaths[i];
    return SIZES[sizes[deaths]]?.r ?? radiusOf(deaths);
  }

  pointOf(i) {
    const { placing, columns } = this.scene;
    const mark = { i, x: placing.x(i), y: placing.y(i), r: this._radius(i) };
    if (columns.precision[i] !== PRECISION.region) return mark;
    return { ...mark, reach: placing.pixels(i, REGION_KM) };
  }
}

/** One pixel laid over another, both RGBA with the lowest byte first. */
function over(below, above) {
  if (!below) return above;
  const a = above >>> 24;
  const b = 255 - a;
  const red = (((below & 255) * b + (above & 255) * a) / 255) | 0;
  const green = ((((below >> 8) & 255) * b + ((above >> 8) & 255) * a) / 255) | 0;
  const blue = ((((below >> 16) & 255) * b + ((above >> 16) & 255) * a) / 255) | 0;
  const opacity = (a + ((below >>> 24) * b) / 255) | 0;
  return ((opacity << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
