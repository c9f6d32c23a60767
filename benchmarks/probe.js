// Runs in every frame before its page does. Writes down what the page shows, with the
// moment of each change, so that no measurement waits for a question from outside.
//
// All moments are milliseconds of the wall clock, so that frames and Python agree.
(() => {
  const wall = (moment) => Date.now() - performance.now() + moment;
  const bench = window === top ? { states: [], actions: {}, messages: [] } : top.bench;
  window.bench = bench;

  // What is shown ------------------------------------------------------------------

  const roots = [document];
  let last = '';

  const look = () => {
    const shown = {};
    const title = document.querySelector('h1');
    if (title) shown.title = true;
    const marks = document.querySelectorAll('path.leaflet-interactive').length;
    if (marks) shown.marks = marks;
    const told = document.querySelector('.bench-drawn');
    if (told) shown.told = Number(told.dataset.count);
    if (bench.instances) shown.instances = bench.instances;
    const map = roots.map((root) => root.querySelector('.sahel-map')).find(Boolean);
    if (map?.dataset.ready === '1') {
      shown.count = Number(map.dataset.count);
      shown.window = map.dataset.window;
      shown.drawn = wall(Number(map.dataset.drawnAt));
    }
    const key = JSON.stringify({ ...shown, drawn: map?.dataset.drawnAt });
    if (key === last) return;
    last = key;
    bench.states.push({ at: Date.now(), ...shown });
  };

  const watch = (root) => {
    const watcher = new MutationObserver(look);
    watcher.observe(root, { childList: true, subtree: true });
    if (root === document) return;
    // The map tells what it has drawn by its attributes, inside a shadow root.
    const attributes = ['data-ready', 'data-drawn-at', 'data-count', 'data-window'];
    new MutationObserver(look).observe(root, {
      subtree: true, attributes: true, attributeFilter: attributes,
    });
  };
  watch(document);
  // A frame's window may outlive the empty document that it opens with.
  addEventListener('DOMContentLoaded', () => watch(document));

  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function attachShadow(options) {
    const root = attach.call(this, options);
    roots.push(root);
    watch(root);
    return root;
  };

  // WebGL draws all points of a layer by one call: it is over when the pixels are there.
  for (const name of ['drawArraysInstanced', 'drawElementsInstanced']) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function drawn(...args) {
      draw.apply(this, args);
      this.finish();
      bench.instances = args.at(-1);
      look();
    };
  }

  if (window !== top) return;

  /** When the page first showed `wanted` after a moment, or null. */
  bench.when = ({ after, wanted }) => {
    const fits = (state) => state.at >= after
      && (state.drawn === undefined || state.drawn >= after)
      && Object.entries(wanted).every(([name, value]) => value === state[name]
        || (value === null && state[name] !== undefined));
    return bench.states.find(fits)?.at ?? null;
  };

  // What the reader did ------------------------------------------------------------

  // A list acts as soon as the finger is lifted, which is just before the click.
  for (const kind of ['pointerup', 'keydown']) {
    const note = (event) => { bench.actions[kind] = wall(event.timeStamp); };
    addEventListener(kind, note, { capture: true });
  }

  // What server and browser said to each other -------------------------------------

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        bench.messages.push({ at: Date.now(), way: 'in', size: data.byteLength, data });
      });
    }

    send(data) {
      bench.messages.push({ at: Date.now(), way: 'out', size: data.byteLength, data });
      super.send(data);
    }
  };

  const inBase64 = (data) => {
    let text = '';
    for (const byte of new Uint8Array(data)) text += String.fromCharCode(byte);
    return btoa(text);
  };

  /** Messages since a moment, as text that Python can read. */
  bench.said = (after) => bench.messages
    .filter(({ at }) => at >= after)
    .map(({ at, way, size, data }) => ({ at, way, size, data: inBase64(data) }));
})();
