// Which events the limits of the legend let pass, and what each limit keeps back.

import { UNKNOWN_DEATHS } from './codec.js';

/** No limit at all: an empty list of codes stands for every code. */
export const NO_LIMITS = { groups: [], targets: [], deaths: 0 };

const allowed = (entries, codes) =>
  Uint8Array.from(entries, ({ code }) => !codes.length || codes.includes(code));

export class Sieve {
  /** `tolls`: [position, deaths] of events whose own column of deaths is empty because
   * they share one toll. */
  constructor(columns, { groups, targets, tolls }, limits) {
    this.columns = columns;
    this.groups = allowed(groups, limits.groups);
    this.targets = allowed(targets, limits.targets);
    this.least = limits.deaths;
    this.tolls = new Map(tolls);
    this.open = !limits.groups.length && !limits.targets.length && !limits.deaths;
  }

  /** Deaths of an event, or null where nobody gives a figure. */
  deaths(i) {
    const own = this.columns.deaths[i];
    return own === UNKNOWN_DEATHS ? this.tolls.get(i) ?? null : own;
  }

  /** One byte for each event: what both `visible` and the limits let pass. */
  through(visible) {
    if (this.open) return visible;
    const { columns, groups, targets, least } = this;
    return visible.map((shown, i) =>
      shown && groups[columns.group[i]] && targets[columns.target[i]]
        && (!least || this.deaths(i) >= least) ? 1 : 0,
    );
  }

  /** Count events by group and by target, each as if its own part set no limit: what
   * a group that is off would add. `unknown`: those kept back for want of a figure. */
  tally(found) {
    const { columns, least } = this;
    const groups = new Uint32Array(this.groups.length);
    const targets = new Uint32Array(this.targets.length);
    let unknown = 0;
    for (const i of found) {
      const g = columns.group[i];
      const t = columns.target[i];
      if (least) {
        const deaths = this.deaths(i);
        if (deaths === null && this.groups[g] && this.targets[t]) unknown++;
        if (deaths === null || deaths < least) continue;
      }
      if (this.targets[t]) groups[g]++;
      if (this.groups[g]) targets[t]++;
    }
    return { groups, targets, unknown };
  }
}
