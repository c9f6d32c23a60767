// The doors of the Streamlit components: one map for each place on the page, and the
// events that all of them draw.
//
// Streamlit calls `show` again with each message and keeps only the last cleanup; a
// call that a newer one overtook has its cleanup run at once. So the map is kept by
// its parent, and only the newest call may take it down.

import { openEnvelope } from './codec.js';
import { mount, prepare } from './main.js';

const maps = new WeakMap();

const MOST_PACKS = 2; // the record, and a file of the reader's own

/** Packed events by their digest, in the order in which they were asked for. */
const packs = new Map();

function promised() {
  const pack = {};
  pack.promise = new Promise((resolve) => { pack.resolve = resolve; });
  return pack;
}

/** The bytes of a digest: a promise that `share` keeps, before or after it is given. */
function packOf(digest) {
  const pack = packs.get(digest) ?? promised();
  packs.delete(digest); // and to the end, as the one last asked for
  packs.set(digest, pack);
  while (packs.size > MOST_PACKS) packs.delete(packs.keys().next().value);
  return pack;
}

/** Take the events of a page. They stay when the page is left: the next may draw them. */
export function share(component) {
  const { digest, packed } = openEnvelope(component.data);
  packOf(digest).resolve(packed);
}

/** Take part in one call of the component. `base` is the address of the files. */
export async function show(component, base) {
  const { parentElement: parent } = component;
  const entry = maps.get(parent) ?? { calls: 0, shown: null, styled: null };
  maps.set(parent, entry);
  const call = ++entry.calls;
  entry.component = component;
  const message = openEnvelope(component.data);
  prepare(message);
  entry.styled ??= style(parent, base);
  [message.packed] = await Promise.all([packOf(message.layout.digest).promise, entry.styled]);
  if (call === entry.calls) {
    if (entry.shown) {
      entry.shown.update(message);
    } else {
      const tell = (name) => (value) => entry.component.setStateValue(name, value);
      entry.shown = mount(parent, message, {
        window: tell('window'),
        limits: tell('limits'),
        view: tell('view'),
        clicked: (value) => entry.component.setTriggerValue('clicked', value),
      });
    }
  }
  return () => {
    if (call !== entry.calls) return;
    entry.shown?.destroy();
    maps.delete(parent);
  };
}

/** Link the style sheets inside the parent, and wait until they hold. */
function style(parent, base) {
  const sheets = ['../vendor/leaflet-1.9.4/leaflet.css', 'map.css'].map((name) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(name, base).href + new URL(base).search;
    parent.append(link);
    return new Promise((resolve) => {
      link.onload = resolve;
      link.onerror = resolve; // an unstyled map still shows its events
    });
  });
  return Promise.all(sheets);
}
