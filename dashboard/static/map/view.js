// What every view has: events, the reader's choices among them, and the time strip.

import { Columns, fromBits, sameBytes } from './codec.js';
import { el } from './dom.js';
import { join } from './links.js';
import { luminance } from './marks.js';
import { NO_LIMITS, Sieve } from './sieve.js';
import { Strip } from './strip.js';
import { Words } from './words.js';

export class View {
  /** `callbacks`: see main.js. Nothing is shown before `update`. */
  constructor(message, callbacks) {
    this.callbacks = callbacks;
    this.message = {};
    this.root = el('div', { class: 'sahel-map' });
    this.link = join(message.linked, this);
    this.strip = new Strip(message.strip === false ? el('div') : this.root, {
      onWindow: (window) => this.link.window.set(window),
      onSettled: () => this.link.window.settle(this._tellWindow),
      onPlaying: (playing) => {
        this.root.dataset.playing = playing ? '1' : '0';
      },
    });
    const { window: onWindow, limits: onLimits } = callbacks;
    this._tellWindow = onWindow && (([start, end], turn) => onWindow({ start, end, turn }));
    this._tellLimits = onLimits && ((limits, turn) => onLimits({ ...limits, turn }));
    this._joined = [
      [this.link.window, {
        follow: (window) => this._windowChosen(window),
        busy: () => this.strip.held || this.strip.playing,
      }],
      [this.link.limits, { follow: () => this._limitsChosen(), busy: () => false }],
    ];
    for (const [choice, member] of this._joined) choice.members.add(member);
    this.schemes = matchMedia('(prefers-color-scheme: dark)');
    this.recolour = () => this._theme(true);
    this.schemes.addEventListener('change', this.recolour);
  }

  destroy() {
    this._gone = true;
    for (const [choice, member] of this._joined) choice.members.delete(member);
    this.link.leave(this);
    this.schemes.removeEventListener('change', this.recolour);
    this.strip.destroy();
    this.root.remove();
  }

  /** Take a message from Python. */
  update(message) {
    const before = this.message;
    this.message = message;
    const { layout } = message;
    const { window, limits } = this.link;
    const words = JSON.stringify([message.words, message.language]);
    const differs = (name) =>
      JSON.stringify(message[name]) !== JSON.stringify(before[name]);
    const changed = {
      words: words !== this._words || this.columns?.epoch !== layout.epoch,
      events: layout.digest !== this.columns?.digest || layout.n !== this.columns?.n,
      visible: !sameBytes(message.visible, before.visible),
      legend: differs('groups') || differs('targets'),
      theme: false,
    };
    this._words = words;
    if (changed.words) this.say = new Words(message.words, message.language, layout.epoch);
    if (changed.events) {
      this.columns = new Columns(message.packed, layout);
      // Found events are written here each frame: nothing is to be swept up after it.
      this._room = new Int32Array(layout.n);
      this._others = new Int32Array(layout.n);
    }
    if (changed.visible || changed.events) {
      this.held = fromBits(message.visible, layout.n); // by Python's mask
    }

    this._hearing = true;
    const turns = message.turns ?? { window: 0, limits: 0 };
    window.hear(message.window, turns.window, this._tellWindow);
    limits.hear(message.limits ?? NO_LIMITS, turns.limits, this._tellLimits);
    this._hearing = false;

    const theme = this._theme();
    changed.theme = theme.changed;
    this._relabel(changed, differs);
    const shown = this.shown;
    this._sift();
    this.strip.window = window.value;
    if (changed.words || changed.events || changed.theme || changed.legend
      || shown !== this.shown || differs('extent') || differs('milestones')) {
      this.strip.show(this.say, {
        columns: this.columns,
        visible: this.shown,
        groups: message.groups,
        extent: message.extent,
        milestones: message.milestones ?? [],
        theme,
      });
    }
    this.strip.setWindow(window.value); // within the extent, if that changed
    this._show();
  }

  /** To be overridden: what bears words or marks of the legend. */
  _relabel() {}

  // Choices ------------------------------------------------------------------------

  _windowChosen(window) {
    if (this._hearing || !this.columns) return;
    if (String(window) !== String(this.strip.window)) this.strip.setWindow(window);
    this._show();
  }

  _limitsChosen() {
    if (this._hearing || !this.columns) return;
    this._sift();
    this.strip.setVisible(this.shown);
    this._show();
  }

  /** The reader has set limits in the legend. */
  _limit(limits) {
    this.link.limits.set(limits);
    this.link.limits.settle(this._tellLimits);
  }

  _sift() {
    const limits = this.link.limits.value;
    const { message, held, columns } = this;
    const key = JSON.stringify([limits, message.groups, message.targets, message.tolls]);
    if (key === this._sifted && held === this.sieved && columns === this.sieve.columns) return;
    [this._sifted, this.sieved] = [key, held];
    this.sieve = new Sieve(columns, message, limits);
    this.shown = this.sieve.through(held);
    const { groups, targets, deaths } = limits;
    Object.assign(this.root.dataset, { groups, targets, deaths });
  }

  /** Show what is asked for; returns the positions of the events. */
  _show() {
    const { window } = this.strip;
    const found = this.columns.within(window, this.shown, this._room);
    this.root.dataset.window = window.join(',');
    this.root.dataset.count = found.length;
    let unplaced = 0;
    for (const i of found) if (this.columns.precision[i] >= 4) unplaced++;
    const parts = [this.say.span(...window), this.say.count('events', found.length)];
    if (unplaced) parts.push(this.say.count('unplaced', unplaced));
    this.strip.summarise(parts.join(' · '));
    return found;
  }

  // Look ---------------------------------------------------------------------------

  /** Colours of the page, as a canvas needs them. */
  _theme(apply) {
    const style = getComputedStyle(this.root);
    const read = (name) => style.getPropertyValue(name).trim();
    const background = style.backgroundColor;
    const text = style.color;
    const dark = luminance(background) < 0.25;
    const mix = (share) => `color-mix(in srgb, ${text} ${share}%, ${background})`;
    const theme = {
      dark, text, background, soft: mix(72), faint: mix(16),
      font: read('--st-font') || style.fontFamily,
    };
    const key = JSON.stringify(theme);
    theme.changed = key !== this._themeKey;
    this._themeKey = key;
    this.dark = dark;
    this.root.classList.toggle('dark', dark);
    if (apply && theme.changed) {
      this.strip.theme = theme;
      this.strip._layout();
    }
    return theme;
  }
}
