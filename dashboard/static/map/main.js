// Map, legend, card and time strip in one component.
//
//   mount(root, message, callbacks) -> {update(message), destroy()}
//
// A message is plain data; days count from `layout.epoch`, events by packed position:
//   language, words        "en" or "fr"; phrases by key, all begin with map_
//   packed, layout         events as columns, see drawing/packing.py
//   visible                one bit for each event: whether all but time lets it pass
//   window, extent         [first, last] day shown; of the whole strip
//   groups, targets        {code, label, colour, letter, hollow}; {code, label, shape}
//   precisions             labels of site, town, area, region, country
//   operations             {members: [position], label}
//   milestones             {day, day_end, label, major}
//   ground, regions_layer  address of ground.json; mali-9 or mali-20-approx
//   layers                 {role: shown} of the ground; towns: names of towns
//   choropleth             null or {values: {id: {class, label}}, classes, title}
//   selected               null or {index, card: {title, lines, claims, sources, note}}
//   view, height           first {lat, lon, zoom} or null; pixels of the map
//   memory, report_view    key under which a view is kept; whether Python hears of it
//
// A message with `compact` shows the map with a folded legend and no time strip.
// callbacks: settled({start, end, mode, step}), clicked({index}), view({lat, lon, zoom}).
// The element `.sahel-map` tells tests and benchmarks what it has done: data-ready,
// data-drawn (events), data-how (paths, stamps, bins or heat), data-window, data-drawn-at (performance.now()), data-playing.

import { Card, MOST_CHOICES, factsOf } from './card.js';
import { Columns, fromBits, sameBytes } from './codec.js';
import { el, setText } from './dom.js';
import { EventsLayer } from './events_layer.js';
import { Ground } from './ground.js';
import { L } from './leaflet.js';
import { Legend } from './legend.js';
import { luminance } from './marks.js';
import { Modes } from './modes.js';
import { Strip } from './strip.js';
import { Words } from './words.js';

const SETTLE_MS = 250;
const VIEW_MS = 1000;

/** Where each map stood and how it was drawn when its page was left, by
 * `message.memory`. */
const remembered = new Map();

const grounds = new Map();

/** A ground description, fetched once for each address. */
function fetchGround(address) {
  if (!grounds.has(address)) {
    const answer = fetch(address).then((response) => {
      if (!response.ok) throw new Error(`${response.status} for the ground`);
      return response.json();
    });
    answer.catch(() => grounds.delete(address));
    grounds.set(address, answer);
  }
  return grounds.get(address);
}

/** Start fetching what a map will need, before there is one. */
export function prepare(message) {
  if (message.ground) fetchGround(new URL(message.ground, document.baseURI).href);
}

/** `map`: a Leaflet map that has its ground already; else one is made. */
export function mount(root, message, callbacks, map) {
  const shown = new MapView(root, message, callbacks, map);
  return {
    update: (next) => shown.update(next),
    destroy: () => shown.destroy(),
  };
}

class MapView {
  constructor(root, message, callbacks, map) {
    this.callbacks = callbacks;
    this.sent = []; // windows told to Python whose echo is still to come
    this.message = {};
    this._covered = null; // the mark to be seen beside its card, once it is drawn

    this.stage = el('div', { class: 'stage' });
    this.given = Boolean(map);
    this.mapBox = map?.getContainer() ?? el('div');
    this.mapBox.classList.add('map-box');
    this.credit = el('p', { class: 'attribution' });
    this.frame = el('div', { class: 'frame' });
    this.root = el('div', { class: 'sahel-map' }, this.stage);
    if (this.given) this.mapBox.before(this.root);
    else root.append(this.root);
    this.frame.append(this.mapBox, this.credit);
    this.stage.append(this.frame);

    this.legend = new Legend(this.stage, {
      onLetters: (on) => {
        this.events.letters = on;
        this.events.redraw();
      },
    });
    this.strip = new Strip(message.strip === false ? el('div') : this.root, {
      onWindow: (window) => this._windowMoved(window),
      onSettled: () => this._settleSoon(),
      onPlaying: (playing) => {
        this.root.dataset.playing = playing ? '1' : '0';
      },
    });
    this.card = new Card(this.frame, {
      onChoose: (index) => this._open(index),
      onClose: (byHand, index) => {
        if (byHand) this._dismissed = index;
        this._asked = null;
        this._covered = null;
        this.events.choose(null);
        if (this.limits && this.ready) this.map.setMaxBounds(this.limits);
      },
    });
    this.modes = new Modes(this.frame, {
      onMode: (mode) => {
        this.events.setMode(mode);
        this._remember({ mode });
      },
    });
    this.map = map ?? this._makeMap();
    this._listen();
    this.events = new EventsLayer({
      pane: 'events',
      label: (found) => this.say?.count('canvas', found.length) ?? '',
      painted: (told) => {
        this.modes.tell(told);
        this.root.dataset.drawn = told.drawn;
        this.root.dataset.how = told.how;
        this.root.dataset.drawnAt = performance.now();
        if (this._covered !== null) requestAnimationFrame(() => this._uncover(this._covered));
      },
    });
    this.resize = new ResizeObserver(() => this._resized());
    this.resize.observe(this.mapBox);
    this.schemes = matchMedia('(prefers-color-scheme: dark)');
    this.recolour = () => this._theme(true);
    this.schemes.addEventListener('change', this.recolour);
    this.update(message);
  }

  _makeMap() {
    const map = L.map(this.mapBox, {
      zoomControl: false,
      attributionControl: false,
      zoomSnap: 0.25,
      zoomDelta: 0.5,
      wheelPxPerZoomLevel: 120,
      maxZoom: 11,
      maxBoundsViscosity: 1,
      scrollWheelZoom: false, // until the map has the focus: the page scrolls past it
      worldCopyJump: false,
    });
    return map;
  }

  _listen() {
    const { map, mapBox } = this;
    // Leaflet takes the focus on a press; were the page to scroll to it then, the
    // click would fall on another place than the finger.
    mapBox.focus = () => HTMLElement.prototype.focus.call(mapBox, { preventScroll: true });
    map.createPane('events').style.zIndex = 450;
    map.on('focus', () => map.scrollWheelZoom.enable());
    map.on('blur', () => map.scrollWheelZoom.disable());
    map.on('click', (event) => this._clicked(event));
    map.on('mousemove', (event) => this._hover(event));
    map.on('moveend', () => this._viewMoved());
    this.mapBox.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.card.close(true);
    });
  }

  destroy() {
    clearTimeout(this._settling);
    clearTimeout(this._viewing);
    this._gone = true;
    this.resize.disconnect();
    this.schemes.removeEventListener('change', this.recolour);
    this.strip.destroy();
    this.events.remove();
    if (!this.given) this.map.remove();
    this.root.remove();
  }

  // A message from Python ----------------------------------------------------------

  update(message) {
    const before = this.message;
    this.message = message;
    const { layout } = message;
    const words = JSON.stringify([message.words, message.language]);
    const changed = {
      words: words !== this._words || this.columns?.epoch !== layout.epoch,
      events: layout.digest !== this.columns?.digest || layout.n !== this.columns?.n,
      visible: !sameBytes(message.visible, before.visible) || layout.n !== this.columns?.n,
    };
    const differs = (name) =>
      JSON.stringify(message[name]) !== JSON.stringify(before[name]);
    this._words = words;
    if (changed.words) this.say = new Words(message.words, message.language, layout.epoch);
    if (changed.events) this.columns = new Columns(message.packed, layout);
    if (changed.visible) this.visible = fromBits(message.visible, layout.n);

    const theme = this._theme();
    this.root.style.setProperty('--map-height', `${message.height ?? 540}px`);
    this.root.classList.toggle('compact', Boolean(message.compact));
    const legend = changed.words || ['groups', 'targets', 'precisions', 'choropleth']
      .some(differs) || differs('operations');
    if (legend) {
      this.legend.show(this.say, {
        ...message,
        operations: Boolean(message.operations?.length),
        letters: this.events.letters,
      });
    }
    if (changed.words) this._labelMap();
    if (changed.events) this._room = new Int32Array(this.columns.n);
    if (changed.events || changed.words || differs('groups') || differs('targets')) {
      this.events.setEvents(this.columns, message.groups, message.targets, {
        number: (value) => this.say.number(value),
        brief: (value) => this.say.brief(value),
      });
    }
    this.events.setOperations(message.operations);

    const window = this._windowFrom(message);
    if (changed.words || changed.events || changed.visible || theme.changed
      || differs('extent') || differs('milestones') || differs('groups')) {
      if (window) this.strip.window = window;
      this.strip.show(this.say, {
        columns: this.columns,
        visible: this.visible,
        groups: message.groups,
        extent: message.extent,
        milestones: message.milestones ?? [],
        theme,
      });
    }
    if (window) this.strip.setWindow(window);
    else this.strip.setWindow(this.strip.window); // within the extent, if that changed
    this._show();
    if (this.given) this._useGiven();
    else this._loadGround(before);
    this._selectedFrom(message, before);
  }

  /** The window Python asks for, or null where the reader's own stands.
   *
   * What the reader chose comes back as an echo, perhaps late: it must not undo what
   * the hand has done since. Only a window Python was not told of is a new wish. */
  _windowFrom(message) {
    const key = String(message.window);
    if (key === this._served) return null;
    const first = this._served === undefined;
    this._served = key;
    const echo = this.sent.indexOf(key);
    if (echo >= 0) {
      this.sent.splice(0, echo + 1);
      return null;
    }
    if (!first && (this.strip.held || this.strip.playing)) return null;
    clearTimeout(this._settling);
    return message.window;
  }

  /** Show the card Python sends, unless the reader has meanwhile turned elsewhere. */
  _selectedFrom(message, before) {
    const { selected } = message;
    const { card } = this;
    if (!selected) {
      if (before.selected && card.index === before.selected.index) card.close(false);
      return;
    }
    const { index } = selected;
    const shown = card.open && card.index === index;
    const fresh = before.selected?.index !== index;
    const elsewhere = this._asked != null && this._asked !== index;
    const fromOutside = fresh && before.layout && this._asked !== index;
    if (!shown && (!fresh || elsewhere || this._dismissed === index)) return;
    if (this._asked === index) this._asked = null;
    card.showCard(this.say, index, selected.card, false);
    this.events.choose(index);
    if (fresh) this._uncover(index);
    if (fromOutside) {
      // The list's button may stand far below the map.
      this.frame.scrollIntoView({ block: 'nearest', behavior: this._calm() ? 'auto' : 'smooth' });
    }
  }

  _calm() {
    return matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  // Look ---------------------------------------------------------------------------

  /** Colours of the page, as the canvas needs them. */
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
    this.root.classList.toggle('dark', dark);
    if (theme.changed) this._paintGround(dark);
    this.dark = dark;
    if (apply && theme.changed) {
      this.strip.theme = theme;
      this.strip._layout();
    }
    return theme;
  }

  _labelMap() {
    const { say } = this;
    this.mapBox.setAttribute('aria-label', say.say('map'));
    this.mapBox.setAttribute('role', 'application');
    this.root.lang = say.language;
    this.modes.label(say);
    setText(this.credit, say.say('attribution'));
    this.zoom?.remove();
    this.zoom = L.control.zoom({
      zoomInTitle: say.say('zoom_in'), zoomOutTitle: say.say('zoom_out'),
    }).addTo(this.map);
    this.scale?.remove();
    this.scale = L.control.scale({ imperial: false, position: 'bottomright' }).addTo(this.map);
    this.homeButton?.remove();
    this.homeButton = el('button', {
      type: 'button', class: 'home', title: say.say('home'), 'aria-label': say.say('home'),
      onclick: () => this.home && this.map.fitBounds(this.home()),
    });
    L.DomEvent.disableClickPropagation(this.homeButton);
    this.zoom.getContainer().append(this.homeButton);
  }

  _loadGround(before) {
    const { message } = this;
    if (message.ground !== before.ground && message.ground) {
      const address = new URL(message.ground, document.baseURI).href;
      fetchGround(address).then(
        (description) => this._useGround(description, address),
        (fault) => {
          console.error(fault);
          this._useGround({ parts: [], ...NOWHERE }, address);
          this.root.dataset.fault = 'ground';
        },
      );
    } else if (this.ground) {
      this._paintGround(this.dark);
    }
  }

  /** A map that came with its ground: only the events are ours. */
  _useGiven() {
    if (this.ready) return;
    this.ready = true;
    const home = this.map.getBounds();
    this.limits = this.map.options.maxBounds && L.latLngBounds(this.map.options.maxBounds);
    this.map.zoomControl?.remove(); // ours has the reader's words
    this.root.classList.add('page');
    this._resized();
    this.map.fitBounds(home, { animate: false });
    this.home = () => home;
    this.events.addTo(this.map);
    this._viewMoved();
    this.root.dataset.ready = '1';
  }

  _useGround(description, address) {
    if (this._gone || this.ground) return;
    const { map, message } = this;
    // How far out before where: a zoom to the least would undo what follows it.
    this.limits = L.latLngBounds(description.limits);
    this._resized();
    const { mode, ...last } = remembered.get(message.memory) ?? {};
    if (mode) this.modes.setMode(mode);
    if (mode) this.events.setMode(mode);
    const view = last.zoom === undefined ? message.view : last;
    if (view) map.setView([view.lat, view.lon], view.zoom, { animate: false });
    this.home = () => this._home(description);
    if (!view) map.fitBounds(this.home(), { animate: false });
    this.ground = new Ground(map, description, address, message.language);
    map.setMaxBounds(this.ground.limits);
    this._paintGround(this.dark);
    this.limits = this.ground.limits;
    this.ready = true;
    this._resized();
    this.events.addTo(map);
    this._viewMoved();
    this.root.dataset.ready = '1';
    if (this.card.open && this.card.index !== null) this._uncover(this.card.index);
  }

  /** The whole, or, in a frame that cannot show it, what the frame can show best. */
  _home({ home, narrow_home: narrow }) {
    const { map } = this;
    const bounds = L.latLngBounds(home);
    const least = map.getMinZoom();
    const size = map.project(bounds.getSouthEast(), least)
      .subtract(map.project(bounds.getNorthWest(), least));
    const fits = map.getSize().contains(size);
    return fits || !narrow ? bounds : L.latLngBounds(narrow);
  }

  _paintGround(dark) {
    const { ground, message } = this;
    if (!ground) return;
    const { regions_layer: regions, layers, choropleth, language } = message;
    const key = JSON.stringify([dark, regions, layers, choropleth, language]);
    if (key === this._groundKey) return;
    this._groundKey = key;
    const shown = { ...layers };
    for (const role of ground.layers.keys()) {
      if (role.startsWith('regions-mali')) shown[role] = role === `regions-${regions}`;
    }
    ground.setNames(language);
    ground.setShown(shown);
    ground.setTheme(dark);
    ground.setChoropleth(choropleth, dark);
  }

  _resized() {
    if (this._gone) return;
    this.map.invalidateSize({ pan: false, debounceMoveend: true });
    const size = this.map.getSize();
    if (!this.limits || !size.x || !size.y) return;
    // As far out as the ground fills the frame, so that no edge of it shows.
    const least = this.map.getBoundsZoom(this.limits, true);
    this.map.setMinZoom(Math.min(least, 8));
  }

  // Time ---------------------------------------------------------------------------

  _show() {
    const { window } = this.strip;
    const found = this.columns.within(window, this.visible, this._room);
    this.events.show(found, window);
    this.root.dataset.window = window.join(',');
    this.root.dataset.count = found.length;
    const counts = new Uint32Array(this.message.groups.length);
    let unplaced = 0;
    for (const i of found) {
      counts[this.columns.group[i]]++;
      if (this.columns.precision[i] >= 4) unplaced++;
    }
    this.legend.tally(counts);
    const parts = [this.say.span(...window), this.say.count('events', found.length)];
    if (unplaced) parts.push(this.say.count('unplaced', unplaced));
    this.strip.summarise(parts.join(' · '));
  }

  _windowMoved() {
    clearTimeout(this._settling);
    this._show();
  }

  _settleSoon() {
    clearTimeout(this._settling);
    this._settling = setTimeout(() => {
      const { window, mode, step, held, playing } = this.strip;
      if (held || playing) return;
      const state = { start: window[0], end: window[1], mode, step };
      const key = JSON.stringify(state);
      if (key === this._told) return;
      this._told = key;
      if (String(window) !== this._served) this.sent.push(String(window));
      this.callbacks.settled?.(state);
    }, SETTLE_MS);
  }

  // Map ----------------------------------------------------------------------------

  _remember(part) {
    const { memory } = this.message;
    remembered.set(memory, { ...remembered.get(memory), ...part });
  }

  _viewMoved() {
    if (!this.ready) return;
    const { lat, lng } = this.map.getCenter();
    const view = { lat: round(lat, 4), lon: round(lng, 4), zoom: this.map.getZoom() };
    this._remember(view);
    this.root.dataset.view = [view.lat, view.lon, view.zoom].join(',');
    if (!this.message.report_view) return;
    clearTimeout(this._viewing);
    this._viewing = setTimeout(() => this.callbacks.view?.(view), VIEW_MS);
  }

  _hover(event) {
    if (!this.ready || event.originalEvent.buttons) return;
    // Once a frame: among hundreds of thousands a look takes some milliseconds.
    const waiting = Boolean(this._hovered);
    this._hovered = event.containerPoint;
    if (waiting) return;
    requestAnimationFrame(() => {
      const point = this._hovered;
      this._hovered = null;
      if (this._gone) return;
      const hit = this.events.hit(point, false);
      const over = hit.star !== null || hit.events.length > 0;
      this.mapBox.classList.toggle('over', over);
    });
  }

  _clicked(event) {
    const source = event.originalEvent;
    const touch = source.pointerType === 'touch' || matchMedia('(pointer: coarse)').matches;
    const hit = this.events.hit(event.containerPoint, touch);
    this.card.returnTo = this.mapBox;
    if (hit.star !== null) {
      const operation = this.message.operations[hit.star];
      this._choose(operation.label, operation.members.filter((i) => this.visible[i]));
    } else if (hit.events.length === 1) {
      this._open(hit.events[0]);
    } else if (hit.events.length) {
      this._choose(this.say.count('here', hit.events.length), hit.events);
    } else {
      const { choropleth } = this.message;
      const region = choropleth && this.ground?.regionAt(event.latlng);
      const label = choropleth?.values[region]?.label;
      this.card.close(true);
      if (label) this.card.showCard(this.say, null, { title: label, note: choropleth.title }, true);
    }
  }

  _choose(title, indices) {
    // Positions go by the first day: the latest are the highest.
    const latest = Int32Array.from(indices).sort().reverse();
    const choices = Array.from(latest.subarray(0, MOST_CHOICES), (index) => {
      const facts = factsOf(this.say, this.columns, this.message, index);
      return { index, group: facts.group, day: facts.title, facts: facts.short };
    });
    this.events.choose(null);
    this.card.showChooser(this.say, title, choices, latest.length - choices.length);
  }

  /** Show an event's card: what the points say now, the rest when Python answers. */
  _open(index) {
    const { selected, cards } = this.message;
    this.events.choose(index);
    const known = selected?.index === index ? selected.card : cards?.[index];
    if (known) {
      this.card.showCard(this.say, index, known, true);
    } else if (!this.callbacks.clicked) {
      this.card.showCard(this.say, index, factsOf(this.say, this.columns, this.message, index), true);
    } else {
      this._asked = index;
      this._dismissed = null;
      const facts = factsOf(this.say, this.columns, this.message, index);
      this.card.showLoading(this.say, index, facts);
      this.callbacks.clicked({ index });
    }
    this._uncover(index);
  }

  /** Pan only as far as it takes to see the mark beside its card. */
  _uncover(index) {
    const point = this.ready ? this.events.pointOf(index) : null;
    this._covered = point || index === null ? null : index;
    if (!point) return;
    const frame = this.frame.getBoundingClientRect();
    const card = this.card.root.getBoundingClientRect();
    const [left, top] = [card.left - frame.left, card.top - frame.top];
    const room = point.r + 12;
    const sheet = card.width > frame.width * 0.8;
    const covered = point.x > left - room && point.x < left + card.width + room
      && point.y > top - room && point.y < top + card.height + room;
    if (!covered) return;
    if (this.limits) {
      // At its widest the map cannot move; beside a card it may, until that closes.
      const south = this.limits.getSouth() - (sheet ? 20 : 0);
      const west = this.limits.getWest() - (sheet ? 0 : 25);
      this.map.options.maxBounds = L.latLngBounds([south, west], this.limits.getNorthEast());
    }
    const by = sheet ? [0, point.y - top + room] : [point.x - left - card.width - room, 0];
    this.map.panBy(by, { animate: !this._calm() });
  }
}

const NOWHERE = { home: [[10, -12], [25, 5]], limits: [[3, -18], [28, 17]] };

function round(value, digits) {
  return Number(value.toFixed(digits));
}
