// Packed columns of events and the questions they answer without a server.

export const UNKNOWN_DEATHS = 65535;
export const PRECISION = { site: 0, town: 1, area: 2, region: 3, country: 4 };

const ARRAYS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };

/** Take an envelope apart: JSON header, then named sections of bytes. */
export function openEnvelope(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const message = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  for (const [name, [offset, size]] of Object.entries(message.sections)) {
    message[name] = bytes.subarray(offset, offset + size);
  }
  return message;
}

/** Undo `inert.sealed`: base64 of JSON. */
export function unseal(text) {
  return JSON.parse(new TextDecoder().decode(fromBase64(text)));
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** Columns of typed arrays, sorted by first day. Positions are fractions of the
 * Web Mercator square, so that a pixel is one multiplication away. */
export class Columns {
  constructor(bytes, layout) {
    this.n = layout.n;
    this.digest = layout.digest;
    this.epoch = layout.epoch;
    this.maxSpan = layout.max_span;
    const raw = {};
    for (const { name, dtype, offset } of layout.columns) {
      const Type = ARRAYS[dtype];
      const end = offset + this.n * Type.BYTES_PER_ELEMENT;
      const part = bytes.subarray(offset, end);
      // A view must start on a multiple of its width; a slice always does.
      const aligned = part.byteOffset % Type.BYTES_PER_ELEMENT === 0;
      const own = aligned ? part : part.slice();
      raw[name] = new Type(own.buffer, own.byteOffset, this.n);
    }
    this.start = raw.day_start;
    this.span = raw.span;
    this.deaths = raw.deaths;
    this.group = raw.group;
    this.target = raw.target;
    this.precision = raw.precision;

    const [west, south, east, north] = layout.bbox;
    this.x = new Float64Array(this.n);
    this.y = new Float64Array(this.n);
    this.place = new Uint32Array(this.n); // equal where the packed points are equal
    for (let i = 0; i < this.n; i++) {
      const [x, y] = mercator(
        south + (raw.lat[i] * (north - south)) / 65535,
        west + (raw.lon[i] * (east - west)) / 65535,
      );
      this.x[i] = x;
      this.y[i] = y;
      this.place[i] = raw.lon[i] * 65536 + raw.lat[i];
    }
  }

  latitude(i) {
    return (Math.atan(Math.sinh(Math.PI * (1 - 2 * this.y[i]))) * 180) / Math.PI;
  }

  longitude(i) {
    return this.x[i] * 360 - 180;
  }

  end(i) {
    return this.start[i] + this.span[i];
  }

  /** First position whose start is `day` or later. */
  from(day) {
    let low = 0;
    let high = this.n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.start[middle] < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Positions of visible events whose interval touches the window, by first day. */
  within(window, visible) {
    const [first, last] = window;
    const until = this.from(last + 1);
    const found = new Int32Array(until);
    let size = 0;
    for (let i = this.from(first - this.maxSpan); i < until; i++) {
      if (visible[i] && this.start[i] + this.span[i] >= first) found[size++] = i;
    }
    return found.subarray(0, size);
  }

  /** Count visible events by step and group, each once, at its first day.
   * Returns {sure, vague}: arrays of steps x groups; vague = long intervals. */
  histogram(edges, groups, visible, vagueDays) {
    const steps = edges.length - 1;
    const sure = new Uint32Array(steps * groups);
    const vague = new Uint32Array(steps * groups);
    let step = 0;
    for (let i = this.from(edges[0]); i < this.n; i++) {
      while (step < steps && this.start[i] >= edges[step + 1]) step++;
      if (step === steps) break;
      if (!visible[i]) continue;
      const counts = this.span[i] >= vagueDays ? vague : sure;
      counts[step * groups + this.group[i]]++;
    }
    return { sure, vague };
  }
}

/** Fractions of the Web Mercator square, from the north-west corner. */
export function mercator(latitude, longitude) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return [
    (longitude + 180) / 360,
    0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI),
  ];
}

export function sameBytes(one, other) {
  if (one === other) return true;
  if (!one || !other || one.length !== other.length) return false;
  return one.every((byte, i) => byte === other[i]);
}
