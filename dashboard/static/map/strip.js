// The time strip: bars, milestones, two handles, a window to drag, and a player.
// It owns the window while a hand is on it; `onWindow` hears of every change,
// `onSettled` when the hand has let go.

import { el, put, setText } from './dom.js';
import { fade } from './marks.js';
import { Calendar } from './words.js';

const STEPS = ['day', 'week', 'month'];
const SPEEDS = [1, 2, 4];
const STEP_MS = 700; // one step of the player at speed 1
const STILL_MS = 1400; // the same where the reader asked for less motion
const VAGUE_DAYS = 28; // an interval this long is a vague date: its bar is hatched
const NARROWEST = 1.5; // pixels of a bar; finer steps are drawn coarser
const SIDE = 38; // pixels left and right of the bars: numbers, and room for a thumb
const AXIS = 18;
const ROW = 16;
const NAME_WIDTH = 170; // pixels of a milestone's name; its tip has the whole

export class Strip {
  constructor(parent, { onWindow, onSettled, onPlaying }) {
    this.onWindow = onWindow;
    this.onSettled = onSettled;
    this.onPlaying = onPlaying;
    this.step = 'month';
    this.mode = 'growing';
    this.speed = 1;
    this.playing = false;
    this.held = false; // a hand is on it
    this.window = [0, 0];
    this.extent = [0, 1];
    this.milestones = [];
    this._build(parent);
  }

  // Elements, made once ------------------------------------------------------------

  _build(parent) {
    const button = (name, action) =>
      el('button', { type: 'button', class: name, onclick: action });
    this.playButton = button('play', () => this.play(!this.playing));
    this.stepButtons = STEPS.map((step) => button('segment', () => this.setStep(step)));
    this.modeButtons = ['moving', 'growing'].map((mode) =>
      button('segment', () => this.setMode(mode)),
    );
    this.speedButton = button('speed', () => {
      this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
      this._labels();
    });
    this.wholeButton = button('whole', () => {
      this.play(false);
      this._set([...this.extent]);
      this._settle();
    });
    this.stepGroup = el('div', { class: 'segments', role: 'group' }, this.stepButtons);
    this.modeGroup = el('div', { class: 'segments', role: 'group' }, this.modeButtons);
    this.summary = el('p', { class: 'summary' });
    this.spoken = el('p', { class: 'unseen', 'aria-live': 'polite' });

    this.canvas = el('canvas', { class: 'bars', 'aria-hidden': 'true' });
    this.ticks = el('div', { class: 'ticks', role: 'group' });
    this.tip = el('div', { class: 'tip', hidden: true });
    this.band = el('div', { class: 'band' });
    const id = `keys-${Math.random().toString(36).slice(2)}`;
    this.keys = el('p', { class: 'unseen', id });
    this.handles = ['start', 'end'].map((side, k) =>
      el(
        'button',
        {
          type: 'button', class: `handle ${side}`, role: 'slider',
          'aria-orientation': 'horizontal', 'aria-describedby': id,
          onkeydown: (event) => this._key(event, k),
          onclick: (event) => event.preventDefault(),
        },
        el('span', { class: 'grip' }),
      ),
    );
    this.plot = el(
      'div', { class: 'plot' },
      this.canvas, this.band, this.ticks, this.handles, this.tip,
    );
    this.list = el('ol', { class: 'unseen' });
    this.root = el(
      'section', { class: 'strip' },
      el(
        'div', { class: 'tools' },
        this.playButton, this.speedButton, this.summary,
        el('div', { class: 'options' }, this.stepGroup, this.modeGroup, this.wholeButton),
      ),
      this.plot, this.spoken, this.keys, this.list,
    );
    this.root.addEventListener('keydown', (event) => this._space(event));
    this.plot.addEventListener('pointerdown', (event) => this._grab(event));
    this.ticks.addEventListener('keydown', (event) => this._roam(event));
    parent.append(this.root);
    this.watch = new ResizeObserver(() => this._layout());
    this.watch.observe(this.plot);
  }

  destroy() {
    this.play(false, true);
    clearTimeout(this._speaking);
    this.watch.disconnect();
  }

  // What is shown ------------------------------------------------------------------

  /** Everything that does not change with the window. */
  show(say, { columns, visible, groups, extent, milestones, theme }) {
    this.say = say;
    this.columns = columns;
    this.visible = visible;
    this.groups = groups;
    this.extent = [...extent];
    this.milestones = milestones;
    this.theme = theme;
    this.calendar = new Calendar(columns.epoch);
    this._labels();
    this._layout();
  }

  /** Other events, all else as it was: bars are counted anew. */
  setVisible(visible) {
    this.visible = visible;
    this._layout();
  }

  /** Take a window from outside, without telling anyone. */
  setWindow(window) {
    this.window = this._clamp(window);
    this._place();
  }

  /** Say what the window holds; spoken only when it has come to rest. */
  summarise(text) {
    setText(this.summary, text);
    clearTimeout(this._speaking);
    this._speaking = setTimeout(() => {
      if (!this.playing) setText(this.spoken, text);
    }, 700);
  }

  _labels() {
    const { say } = this;
    if (!say) return;
    this.root.setAttribute('aria-label', say.say('strip'));
    const name = say.say(this.playing ? 'pause' : 'play');
    put(
      this.playButton,
      el('span', { class: this.playing ? 'sign pause' : 'sign', 'aria-hidden': 'true' }),
      el('span', {}, name),
    );
    this.stepButtons.forEach((button, k) => {
      setText(button, say.say(`step_${STEPS[k]}`));
      button.setAttribute('aria-pressed', String(STEPS[k] === this.step));
    });
    this.modeButtons.forEach((button, k) => {
      const mode = ['moving', 'growing'][k];
      setText(button, say.say(`mode_${mode}`));
      button.setAttribute('aria-pressed', String(mode === this.mode));
    });
    this.stepGroup.setAttribute('aria-label', say.say('step'));
    this.modeGroup.setAttribute('aria-label', say.say('mode'));
    const speed = say.say('speed', { n: this.speed });
    setText(this.speedButton, `×\u202f${this.speed}`);
    this.speedButton.setAttribute('aria-label', speed);
    this.speedButton.title = speed;
    setText(this.wholeButton, say.say('whole'));
    setText(this.keys, say.say('handle_keys'));
    this.handles.forEach((handle, k) => {
      handle.setAttribute('aria-label', say.say(k ? 'handle_end' : 'handle_start'));
    });
    this.ticks.setAttribute('aria-label', say.say('milestones'));
    this.list.setAttribute('aria-label', say.say('milestones'));
  }

  // Geometry -----------------------------------------------------------------------

  _layout() {
    const width = this.plot.clientWidth;
    if (!width || !this.columns) return;
    this.width = width;
    this.height = this.plot.clientHeight;
    this.left = SIDE;
    this.span = width - 2 * SIDE;
    const [first, last] = this.extent;
    // The bars' own step: as chosen, or coarser where a bar would be too thin.
    this.bin = STEPS.slice(STEPS.indexOf(this.step)).find((step) => {
      const days = { day: 1, week: 7, month: 30.4 }[step];
      return (this.span * days) / (last - first + 1) >= NARROWEST;
    }) ?? 'month';
    this.edges = this.calendar.edges(first, last, this.bin);
    this.counts = this.columns.histogram(
      this.edges, this.groups.length, this.visible, VAGUE_DAYS,
    );
    this._milestones();
    this.pictures = null;
    this._place();
  }

  _x(day) {
    const [first, last] = this.extent;
    const share = (day - first) / (last + 1 - first);
    return this.left + Math.min(1, Math.max(0, share)) * this.span;
  }

  _day(x) {
    const [first, last] = this.extent;
    return first + ((x - this.left) / this.span) * (last + 1 - first);
  }

  _clamp([start, end]) {
    const [first, last] = this.extent;
    const low = Math.min(Math.max(start, first), last);
    return [low, Math.max(low, Math.min(end, last))];
  }

  /** Put band and handles where the window is, and paint. */
  _place() {
    if (!this.span) return;
    const [start, end] = this.window;
    const [left, right] = [this._x(start), this._x(end + 1)];
    this.band.style.transform = `translateX(${left}px)`;
    this.band.style.width = `${Math.max(right - left, 1)}px`;
    [left, right].forEach((x, k) => {
      const handle = this.handles[k];
      const day = this.window[k];
      const [first, last] = k ? [start, this.extent[1]] : [this.extent[0], end];
      handle.style.transform = `translateX(${x}px)`;
      handle.setAttribute('aria-valuemin', first);
      handle.setAttribute('aria-valuemax', last);
      handle.setAttribute('aria-valuenow', day);
      handle.setAttribute('aria-valuetext', this.say.day(day));
    });
    this._paint();
  }

  // Bars ---------------------------------------------------------------------------

  /** Bars as they are within the window over bars as they are outside of it: both are
   * pictures, so that a frame of a moving window draws two of them and no bars. */
  _paint() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    if (this.pictures?.ratio !== ratio) this._paintPictures(ratio);
    const { canvas, pictures, edges } = this;
    const { width, height } = pictures.outside;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, width, height);
    context.drawImage(pictures.outside, 0, 0);
    const [start, end] = this.window;
    const first = edges.findLastIndex((edge) => edge <= start);
    const after = edges.findIndex((edge) => edge > end);
    const left = Math.floor(this._x(edges[Math.max(first, 0)]) * ratio);
    const right = Math.ceil(this._x(edges[after < 0 ? edges.length - 1 : after]) * ratio);
    if (right <= left) return;
    const part = [left, 0, right - left, height];
    context.clearRect(...part);
    context.drawImage(pictures.inside, ...part, ...part);
  }

  _paintPictures(ratio) {
    const picture = (inside) => {
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(this.width * ratio);
      canvas.height = Math.round(this.height * ratio);
      const context = canvas.getContext('2d');
      context.scale(ratio, ratio);
      this._paintBars(context, inside);
      return canvas;
    };
    this.pictures = { ratio, inside: picture(true), outside: picture(false) };
  }

  _paintBars(context, inside) {
    const { height, edges } = this;
    const top = this.rows * ROW + 12;
    const floor = height - AXIS;
    const tall = floor - top;

    const groups = this.groups.length;
    const steps = edges.length - 1;
    const totals = new Uint32Array(steps);
    for (let k = 0; k < steps; k++) {
      for (let g = 0; g < groups; g++) {
        totals[k] += this.counts.sure[k * groups + g] + this.counts.vague[k * groups + g];
      }
    }
    const most = niceCeiling(totals.reduce((high, n) => Math.max(high, n), 1));
    this._axes(context, { top, floor, most });

    for (let k = 0; k < steps; k++) {
      if (!totals[k]) continue;
      const left = this._x(edges[k]);
      const right = this._x(edges[k + 1]);
      const wide = Math.max(1, right - left - (right - left > 3 ? 1 : 0));
      let y = floor;
      for (let g = 0; g < groups; g++) {
        for (const kind of ['sure', 'vague']) {
          const n = this.counts[kind][k * groups + g];
          if (!n) continue;
          const high = (n / most) * tall;
          y -= high;
          this._bar(context, this.groups[g], [left, y, wide, high], inside, kind === 'vague');
        }
      }
    }
    this._stems(context, { floor });
  }

  _bar(context, group, [x, y, width, height], inside, vague) {
    const colour = fade(group.colour, inside ? 1 : 0.38);
    context.fillStyle = vague ? fade(group.colour, inside ? 0.3 : 0.12) : colour;
    context.fillRect(x, y, width, height);
    if (!vague) return;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    context.beginPath();
    for (let d = -height; d < width + height; d += 4) {
      context.moveTo(x + d, y + height);
      context.lineTo(x + d + height, y);
    }
    context.lineWidth = 1.2;
    context.strokeStyle = colour;
    context.stroke();
    context.restore();
  }

  _axes(context, { top, floor, most }) {
    const { theme, say } = this;
    context.font = `11px ${theme.font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    const values = most % 2 === 0 && floor - top > 40 ? [0, most / 2, most] : [0, most];
    for (const value of values) {
      const y = Math.round(floor - (value / most) * (floor - top)) + 0.5;
      context.fillStyle = theme.faint;
      context.fillRect(this.left, y - 0.5, this.span, 1);
      context.fillStyle = theme.soft;
      context.fillText(say.number(value), this.left - 6, y);
    }
    const [first, last] = this.extent;
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    let free = -Infinity;
    for (let year = this.calendar.year(first); year <= this.calendar.year(last); year++) {
      const day = Math.max(this.calendar.toDay(year, 0), first);
      const x = Math.round(this._x(day)) + 0.5;
      context.fillStyle = theme.faint;
      context.fillRect(x - 0.5, floor, 1, 5);
      const wide = context.measureText(year).width;
      if (x + 3 < free || x + 3 + wide > this.left + this.span + SIDE) continue;
      context.fillStyle = theme.soft;
      context.fillText(year, x + 3, floor + 13);
      free = x + 3 + wide + 8;
    }
  }

  // Milestones ---------------------------------------------------------------------

  _milestones() {
    const { say, theme } = this;
    const [first, last] = this.extent;
    const shown = this.milestones
      .filter(({ day, day_end: end }) => (end ?? day) >= first && day <= last)
      .toSorted((one, other) => one.day - other.day);
    const pen = this.canvas.getContext('2d');
    pen.font = `11px ${theme.font}`;
    // Names go where they fit: two rows, the earlier first; the rest stay ticks.
    const free = this.width > 600 ? [-Infinity, -Infinity] : [-Infinity];
    this.rows = free.length;
    this.stems = [];
    const focused = this.ticks.querySelector('[tabindex="0"]')?.dataset.key;
    const nodes = [];
    for (const milestone of shown) {
      const x = this._x(milestone.day);
      const date = say.span(milestone.day, milestone.day_end ?? milestone.day);
      const name = `${milestone.label} · ${date}`;
      let named = null;
      if (milestone.major) {
        const label = shorten(pen, milestone.label, NAME_WIDTH);
        const wide = pen.measureText(label).width;
        const left = Math.min(x + 3, this.width - wide - 2);
        const row = free.findIndex((taken) => left > taken);
        if (row >= 0) {
          free[row] = left + wide + 10;
          named = { x, left, row, label, wide };
        }
      }
      this.stems.push(named ?? { x, major: milestone.major });
      const key = `${milestone.day} ${milestone.label}`;
      const tick = el('button', {
        type: 'button', class: named ? 'tick named' : 'tick',
        'aria-label': name, tabindex: '-1', 'data-key': key, 'data-tip': name,
        onfocus: () => this._tip(tick, x),
        onpointerenter: () => this._tip(tick, x),
        onclick: () => this._tip(tick, x),
        onblur: () => this._tip(null),
        onpointerleave: () => this._tip(null),
      });
      if (named) {
        tick.style.transform = `translate(${named.left - 3}px, ${named.row * ROW}px)`;
        tick.style.width = `${named.wide + 6}px`;
      } else tick.style.transform = `translateX(${x}px)`;
      nodes.push(tick);
    }
    (nodes.find((node) => node.dataset.key === focused) ?? nodes[0])?.setAttribute('tabindex', '0');
    const active = this.ticks.contains(this.root.getRootNode().activeElement);
    this.plot.style.setProperty('--ticks-top', `${this.rows * ROW}px`);
    put(this.ticks, nodes);
    if (active) this.ticks.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
    put(this.list, nodes.map((node) => el('li', {}, node.dataset.tip)));
  }

  _stems(context, { floor }) {
    const { theme } = this;
    context.font = `11px ${theme.font}`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    const base = this.rows * ROW;
    for (const { x, left, row, label, major } of this.stems) {
      const named = label !== undefined;
      const top = named ? row * ROW + 3 : base;
      context.fillStyle = named || major ? theme.soft : theme.faint;
      context.fillRect(Math.round(x), top, 1, base + 8 - top);
      if (named) {
        context.fillStyle = theme.faint;
        context.fillRect(Math.round(x), base + 8, 1, floor - base - 8);
        context.fillStyle = theme.background;
        context.fillRect(left - 1, row * ROW, context.measureText(label).width + 3, ROW - 1);
        context.fillStyle = theme.text;
        context.fillText(label, left, row * ROW + 8);
      } else {
        context.beginPath();
        context.arc(Math.round(x) + 0.5, base + 4, major ? 3 : 2.2, 0, 2 * Math.PI);
        context.fillStyle = major ? theme.text : theme.soft;
        context.fill();
      }
    }
  }

  _tip(tick, x) {
    this.tip.hidden = !tick;
    if (!tick) return;
    setText(this.tip, tick.dataset.tip);
    const wide = this.tip.offsetWidth;
    const left = Math.min(Math.max(2, x - wide / 2), this.width - wide - 2);
    this.tip.style.transform = `translateX(${left}px)`;
  }

  /** Arrows walk from milestone to milestone; the strip has one tab stop for all. */
  _roam(event) {
    const nodes = [...this.ticks.children];
    const at = nodes.indexOf(event.target);
    const to = {
      ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: nodes.length - 1,
    }[event.key];
    if (event.key === 'Escape') this._tip(null);
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = nodes[Math.min(Math.max(to, 0), nodes.length - 1)];
    nodes.forEach((node) => node.setAttribute('tabindex', node === next ? '0' : '-1'));
    next.focus({ preventScroll: true });
  }

  // Hands --------------------------------------------------------------------------

  _set(window) {
    const next = this._clamp(window);
    if (next[0] === this.window[0] && next[1] === this.window[1]) return;
    this.window = next;
    this._place();
    this.onWindow(next);
  }

  _settle() {
    if (!this.held && !this.playing) this.onSettled();
  }

  /** Move one edge by steps; the far edge stays where it is. */
  _moveEdge(k, count) {
    const { calendar, step } = this;
    const [start, end] = this.window;
    if (k === 0) {
      const from = calendar.floor(start, step);
      // From within a step the first move goes to its own edge.
      const to = count < 0 && from < start ? calendar.add(from, count + 1, step) : calendar.add(from, count, step);
      this._set([Math.min(to, end), end]);
    } else {
      const after = calendar.floor(end + 1, step);
      const to = count > 0 && after < end + 1 ? calendar.add(after, count, step)
        : count < 0 && after < end + 1 ? calendar.add(after, count + 1, step)
          : calendar.add(after, count, step);
      this._set([start, Math.max(to - 1, start)]);
    }
  }

  /** Move the window by steps; at an end of the data it stops with its length. */
  _moveBoth(count) {
    const { calendar, step } = this;
    const [first, last] = this.extent;
    const [start, end] = this.window;
    let [from, to] = [calendar.add(start, count, step), calendar.add(end + 1, count, step) - 1];
    if (from < first) [from, to] = [first, first + (end - start)];
    if (to > last) [from, to] = [last - (end - start), last];
    this._set([from, to]);
  }

  _key(event, k) {
    const steps = {
      ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
    }[event.key];
    const [start, end] = this.window;
    if (steps !== undefined) {
      if (event.shiftKey) this._moveBoth(steps);
      else this._moveEdge(k, steps);
    } else if (event.key === 'Home') {
      this._set(k ? [start, start] : [this.extent[0], end]);
    } else if (event.key === 'End') {
      this._set(k ? [start, this.extent[1]] : [end, end]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.play(false);
    this._settle();
  }

  _space(event) {
    if (event.key !== ' ' && event.key !== 'Spacebar') return;
    const on = event.target.closest('button');
    if (on && !on.classList.contains('handle')) return; // a button's own key
    event.preventDefault();
    this.play(!this.playing);
  }

  _grab(event) {
    if (event.button || event.target.closest('.tick')) return;
    const rect = this.plot.getBoundingClientRect();
    const x = event.clientX - rect.left;
    const start = [...this.window];
    const handle = event.target.closest('.handle');
    let grip = handle ? this.handles.indexOf(handle) : null;
    if (grip === null && event.target !== this.band) {
      // Beside the window: the nearer handle comes to the finger.
      const [left, right] = [this._x(start[0]), this._x(start[1] + 1)];
      grip = Math.abs(x - left) <= Math.abs(x - right) ? 0 : 1;
      this._drag(grip, this._day(x), start);
    }
    const shift = handle ? x - this._x(grip ? start[1] + 1 : start[0]) : 0;
    const origin = this._day(x);
    event.preventDefault();
    if (grip !== null) this.handles[grip].focus({ preventScroll: true });
    this.play(false, true);
    this.held = true;
    this.root.classList.add('held');
    this.plot.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const day = this._day(moved.clientX - rect.left - shift);
      if (grip === null) this._slide(day - origin, start);
      else this._drag(grip, day, start);
    };
    const drop = () => {
      this.plot.removeEventListener('pointermove', move);
      this.plot.removeEventListener('pointerup', drop);
      this.plot.removeEventListener('pointercancel', drop);
      this.held = false;
      this.root.classList.remove('held');
      this._settle();
    };
    this.plot.addEventListener('pointermove', move);
    this.plot.addEventListener('pointerup', drop);
    this.plot.addEventListener('pointercancel', drop);
  }

  /** One edge under the finger: it goes to the nearest edge of a step. */
  _drag(grip, day, start) {
    const { calendar, step } = this;
    const low = calendar.floor(day, step);
    const high = calendar.add(low, 1, step);
    const near = day - low < high - day ? low : high;
    if (grip === 0) this._set([Math.min(near, start[1]), start[1]]);
    else this._set([start[0], Math.max(near - 1, start[0])]);
  }

  /** The whole window under the finger, in whole steps. */
  _slide(days, start) {
    const { calendar, step } = this;
    const length = { day: 1, week: 7, month: 30.4 }[step];
    const count = Math.round(days / length);
    const [first, last] = this.extent;
    let [from, to] = [calendar.add(start[0], count, step), calendar.add(start[1] + 1, count, step) - 1];
    const long = start[1] - start[0];
    if (from < first) [from, to] = [first, first + long];
    if (to > last) [from, to] = [last - long, last];
    this._set([from, to]);
  }

  // The player ---------------------------------------------------------------------

  setStep(step) {
    this.step = step;
    this._labels();
    this._layout();
  }

  setMode(mode) {
    this.mode = mode;
    if (this.playing) this._begin();
    this._labels();
  }

  play(playing, quiet) {
    if (this.playing === playing) return;
    this.playing = playing;
    this.root.classList.toggle('playing', playing);
    cancelAnimationFrame(this._frame);
    clearTimeout(this._timer);
    this._labels();
    this.onPlaying(playing);
    if (playing) this._begin();
    else if (!quiet) {
      this._rest();
      this._settle();
    }
  }

  /** Where a run starts: on edges of steps, and from the beginning if at the end. */
  _begin() {
    const { calendar, step } = this;
    const [first, last] = this.extent;
    let [start, end] = this.window;
    start = calendar.floor(start, step);
    end = calendar.floor(end, step);
    end = calendar.add(end, 1, step);
    if (this.mode === 'moving' && start <= first && end > last) {
      end = calendar.add(start, { day: 30, week: 13, month: 12 }[step], step);
    } else if (end > last) {
      const long = end - start;
      start = this.mode === 'moving' ? calendar.floor(first, step) : start;
      end = this.mode === 'moving' ? start + long : calendar.add(start, 1, step);
    }
    this.run = { start, end, gone: 0 };
    cancelAnimationFrame(this._frame);
    clearTimeout(this._timer);
    this._showRun(0);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (still) this._jump();
    else this._glide();
  }

  /** Show the run after some steps, a fraction between two edges of the calendar. */
  _showRun(gone) {
    const { calendar, step, run } = this;
    run.gone = gone;
    const whole = Math.floor(gone);
    const at = (day) => {
      const here = calendar.add(day, whole, step);
      if (whole === gone) return here;
      return here + (calendar.add(day, whole + 1, step) - here) * (gone - whole);
    };
    const start = this.mode === 'moving' ? at(run.start) : run.start;
    const end = at(run.end);
    this._set([Math.round(start), Math.round(end) - 1]);
    return Math.round(end) - 1 < this.extent[1];
  }

  _glide() {
    let before = performance.now();
    const frame = (now) => {
      const passed = Math.min(now - before, 100); // a sleeping tab does not leap
      before = now;
      const goesOn = this._showRun(this.run.gone + (passed * this.speed) / STEP_MS);
      if (!goesOn) this.play(false);
      else if (this.playing) this._frame = requestAnimationFrame(frame);
    };
    this._frame = requestAnimationFrame(frame);
  }

  _jump() {
    const pace = () => STILL_MS / this.speed;
    const tick = () => {
      const goesOn = this._showRun(this.run.gone + 1);
      if (!goesOn) this.play(false);
      else if (this.playing) this._timer = setTimeout(tick, pace());
    };
    this._timer = setTimeout(tick, pace());
  }

  /** A run that stops between two edges goes back to the one before. */
  _rest() {
    if (!this.run) return;
    if (this.window[1] < this.extent[1]) this._showRun(Math.floor(this.run.gone));
    this.run = null;
  }
}

/** A name cut between words to what fits, with three dots where it was cut. */
function shorten(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  const words = text.split(' ');
  while (words.length > 1 && pen.measureText(`${words.join(' ')} …`).width > width) words.pop();
  return `${words.join(' ').replace(/[\s,;:.–-]+$/, '')} …`;
}

/** 1, 2, 4, 6, 8, 10, 20, 40 ...: round numbers, even where they can be halved. */
export function niceCeiling(value) {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const nice = [1, 2, 4, 6, 8, 10].find((k) => k * power >= value);
  return nice * power;
}
