// The fixed scale of counts: the same classes and colours for bins and for density,
// whatever the filter, the window or the zoom.

export const CLASSES = [1, 2, 5, 10, 25, 100, 500]; // the least count of each
export const RAMP = ['#FDE0DD', '#FCC5C0', '#FA9FB5', '#F768A1', '#DD3497', '#AE017E', '#49006A'];

export function classOf(count) {
  let k = CLASSES.length - 1;
  while (k > 0 && count < CLASSES[k]) k--;
  return k;
}

/** Words of a class: 1, 2–4, ... 500+. */
export function classLabel(k, say) {
  const low = say.number(CLASSES[k]);
  if (k === CLASSES.length - 1) return `${low}+`;
  const high = CLASSES[k + 1] - 1;
  return high === CLASSES[k] ? low : `${low}–${say.number(high)}`;
}

const STEPS = 32; // of the table, for each doubling
const LEAST = 2 ** -4; // a density below it is not drawn

/** Colour of a density as a number of one pixel (RGBA, lowest byte first); 0 for none.
 * Between the least counts of two classes the colours run into each other, and below one
 * event they fade. */
export function inkOf(density) {
  if (density < LEAST) return 0;
  const step = Math.round(Math.log2(density / LEAST) * STEPS);
  return INKS[Math.min(step, INKS.length - 1)];
}

const INKS = (() => {
  const colours = RAMP.map((colour) => parseInt(colour.slice(1), 16));
  const last = Math.round(Math.log2(CLASSES.at(-1) / LEAST) * STEPS);
  return Uint32Array.from({ length: last + 1 }, (_, step) => {
    const density = LEAST * 2 ** (step / STEPS);
    const low = classOf(density);
    const high = Math.min(low + 1, RAMP.length - 1);
    const share = high === low || density < 1
      ? 0 : Math.log(density / CLASSES[low]) / Math.log(CLASSES[high] / CLASSES[low]);
    const channel = (shift) => {
      const [from, to] = [low, high].map((k) => (colours[k] >> shift) & 255);
      return Math.round(from + share * (to - from));
    };
    const full = 0.72 + 0.2 * (step / last);
    const opacity = density < 1 ? full * (Math.log2(density / LEAST) / 4) : full;
    const alpha = Math.round(255 * opacity);
    return ((alpha << 24) | (channel(0) << 16) | (channel(8) << 8) | channel(16)) >>> 0;
  });
})();
