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

/** One byte for each of `n` events from one bit each, the first lowest. */
export function fromBits(bits, n) {
  const flags = new Uint8Array(n);
  for (let i = 0; i < n; i++) flags[i] = (bits[i >> 3] >> (i & 7)) & 1;
  return flags;
}

/** How to read one column, by its coding; drawing/packing.py says what each means. */
const CODINGS = {
  plain: ({ data }, { read }) => read(data),

  table({ data, table }, { read, n }) {
    const codes = read(data);
    const values = Uint16Array.from(table);
    const column = new Uint16Array(n);
    for (let i = 0; i < n; i++) column[i] = values[codes[i]];
    return column;
  },

  runs({ data, counts }, { read, n }) {
    const column = new Uint16Array(n);
    const lengths = read(counts);
    let from = 0;
    read(data).forEach((value, k) => {
      column.fill(value, from, from + lengths[k]);
      from += lengths[k];
    });
    return column;
  },

  sparse({ data, at }, { read, n }) {
    const column = new Uint16Array(n);
    const values = read(data);
    read(at).forEach((position, k) => { column[position] = values[k]; });
    return column;
  },
};

/** Fields of one byte, each as a column of its own. */
function cut({ data, fields }, { read, n }) {
  const packed = read(data);
  let low = 0;
  return fields.map(([name, bits]) => {
    const [shift, mask] = [low, (1 << bits) - 1];
    low += bits;
    const column = new Uint8Array(n);
    for (let i = 0; i < n; i++) column[i] = (packed[i] >> shift) & mask;
    return [name, column];
  });
}

const STEPS = 65536; // of longitude and of latitude

/** Columns of typed arrays, sorted by first day. `lon` and `lat` stay the steps that
 * were packed: what a step means on the earth or on the screen is one look into a table
 * of 65,536, made once (`mercatorX`, `mercatorY`) or for each view (`Placing`). */
export class Columns {
  constructor(bytes, layout) {
    this.n = layout.n;
    this.digest = layout.digest;
    this.epoch = layout.epoch;
    this.maxSpan = layout.max_span;
    const read = ({ dtype, offset, length }) => {
      const Type = ARRAYS[dtype];
      const part = bytes.subarray(offset, offset + length * Type.BYTES_PER_ELEMENT);
      // A view must start on a multiple of its width; a slice always does.
      const aligned = part.byteOffset % Type.BYTES_PER_ELEMENT === 0;
      const own = aligned ? part : part.slice();
      return new Type(own.buffer, own.byteOffset, length);
    };
    const source = { read, n: this.n };
    const columns = Object.fromEntries(layout.columns.flatMap((column) => (
      column.coding === 'bits'
        ? cut(column, source)
        : [[column.name, CODINGS[column.coding](column, source)]]
    )));
    this.lon = columns.lon;
    this.lat = columns.lat;
    this.start = columns.day_start;
    this.span = columns.span;
    this.deaths = columns.deaths;
    this.group = columns.group;
    this.target = columns.target;
    this.precision = columns.precision;

    const [west, south, east, north] = layout.bbox;
    this.mercatorX = new Float64Array(STEPS);
    this.mercatorY = new Float64Array(STEPS);
    for (let step = 0; step < STEPS; step++) {
      const share = step / (STEPS - 1);
      const latitude = south + share * (north - south);
      const longitude = west + share * (east - west);
      [this.mercatorX[step], this.mercatorY[step]] = mercator(latitude, longitude);
    }
  }

  latitude(i) {
    const y = this.mercatorY[this.lat[i]];
    return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  }

  longitude(i) {
    return this.mercatorX[this.lon[i]] * 360 - 180;
  }

  /** The same number for events at the same packed point. */
  place(i) {
    return this.lon[i] * STEPS + this.lat[i];
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

  /** Positions of visible events whose interval touches the window, by first day.
   * With `room` for all events they are written there, and a frame allocates nothing. */
  within(window, visible, room) {
    const [first, last] = window;
    const until = this.from(last + 1);
    const found = room ?? new Int32Array(until);
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
