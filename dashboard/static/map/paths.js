// Events as paths, one by one: every sign there is, good to some thousands of events.

import { PRECISION, UNKNOWN_DEATHS } from './codec.js';
import {
  AREA_KM, REGION_KM, fade, lettered, paintMark, paintTag, paintWash, radiusOf,
} from './marks.js';

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const SPREAD = 6.5; // pixels between events of one point
const SPREAD_LIMIT = 40; // no event is drawn further from its point

export class Paths {
  constructor() {
    this.clear();
  }

  clear() {
    this.drawn = [];
    this._places = new Map();
    this._tags = [];
  }

  setScene(scene) {
    this.scene = scene;
    this.radius = Float32Array.from({ length: 65536 }, (_, deaths) => radiusOf(deaths));
    this.clear();
  }

  /** Give each event its pixel; events of one point go on a small spiral. */
  place(positions) {
    this.clear();
    const { columns, placing } = this.scene;
    const together = new Map();
    for (const i of positions) {
      if (columns.precision[i] >= PRECISION.country) continue;
      const place = columns.place(i);
      const members = together.get(place);
      if (members) members.push(i);
      else together.set(place, [i]);
    }
    for (const members of together.values()) {
      const x = placing.x(members[0]);
      const y = placing.y(members[0]);
      const spread = Math.min(SPREAD, SPREAD_LIMIT / Math.sqrt(members.length));
      members.forEach((i, rank) => {
        const away = spread * Math.sqrt(rank);
        const mark = {
          i,
          x: x + away * Math.cos(rank * GOLDEN),
          y: y + away * Math.sin(rank * GOLDEN),
          r: this.radius[columns.deaths[i]],
        };
        this.drawn.push(mark);
        this._places.set(i, mark);
      });
    }
    // Big first, small last: a busy place never hides the lone event.
    this.drawn.sort((one, other) => other.r - one.r || one.i - other.i);
    return this.drawn.length;
  }

  /** What lies below everything: the extent of places known only roughly. */
  paintGround(context) {
    const { columns, placing } = this.scene;
    const blur = (kind) => this.drawn.filter(({ i }) => columns.precision[i] === kind);
    for (const mark of blur(PRECISION.region)) {
      mark.reach = placing.pixels(mark.i, REGION_KM);
      this._wash(context, mark);
    }
    for (const mark of blur(PRECISION.area)) {
      mark.reach = Math.max(placing.pixels(mark.i, AREA_KM), mark.r + 3);
      this._ring(context, mark);
    }
  }

  paintMarks(context, [first, last], letters) {
    const { columns, groups, targets } = this.scene;
    for (const { i, x, y, r } of this.drawn) {
      if (columns.precision[i] === PRECISION.region) continue;
      const mark = {
        group: groups[columns.group[i]],
        shape: targets[columns.target[i]].shape,
        r,
        unknown: columns.deaths[i] === UNKNOWN_DEATHS,
        dated: columns.start[i] >= first && columns.end(i) <= last,
        sharp: columns.precision[i] !== PRECISION.area,
      };
      paintMark(context, mark, x, y);
      if (letters && !lettered(mark)) paintTag(context, mark.group.letter, x + r + 1, y);
    }
  }

  _ring(context, { i, x, y, reach }) {
    const { colour } = this.scene.groups[this.scene.columns.group[i]];
    context.beginPath();
    context.arc(x, y, reach, 0, 2 * Math.PI);
    context.fillStyle = fade(colour, 0.1);
    context.fill();
    context.setLineDash([4, 3]);
    context.lineWidth = 1.4;
    context.strokeStyle = fade(colour, 0.95);
    context.stroke();
    context.setLineDash([]);
  }

  _wash(context, { i, x, y, reach }) {
    const group = this.scene.groups[this.scene.columns.group[i]];
    paintWash(context, group.colour, x, y, reach);
    // One letter is enough where washes of one group lie on each other.
    const near = (tag) => Math.hypot(tag.x - x, tag.y - y) < 14;
    if (this._tags.some((tag) => near(tag) && tag.letter === group.letter)) return;
    const room = this._tags.filter(near).length * 11;
    this._tags.push({ letter: group.letter, x, y });
    paintTag(context, group.letter, x - 4 + room, y);
  }

  /** Events under a point of the canvas. */
  hit(x, y, slack, touch) {
    const far = (mark) => Math.hypot(mark.x - x, mark.y - y);
    const sharp = ({ i }) => this.scene.columns.precision[i] !== PRECISION.region;
    const near = this.drawn
      .filter((mark) => sharp(mark) && far(mark) <= mark.r + slack)
      .sort((one, other) => far(one) - one.r - (far(other) - other.r));
    // A click well inside one mark means that mark, unless others lie there too.
    const inside = near.filter((mark) => far(mark) <= mark.r + 1);
    if (inside.length && !touch) return inside.map(({ i }) => i);
    if (near.length) return near.map(({ i }) => i);
    return this.drawn
      .filter((mark) => !sharp(mark) && far(mark) <= mark.reach * 0.8)
      .map(({ i }) => i);
  }

  /** Pixel and radius of an event, or undefined where it is not drawn. */
  pointOf(i) {
    return this._places.get(i);
  }
}
