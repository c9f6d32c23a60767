// Measures in the page what no one outside could time. Each is called with its arguments
// as one object and gives numbers in milliseconds.
window.benchFrames = (() => {
  const find = (name) => {
    const hosts = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')];
    const roots = hosts.map((host) => host.shadowRoot).filter(Boolean);
    return roots.map((root) => root.querySelector(name)).find(Boolean);
  };

  /** Gaps between frames while `act` is called once in each. */
  const gaps = (frames, act) => new Promise((tell) => {
    const times = [];
    const step = (now) => {
      times.push(now);
      if (times.length > frames) tell(times.slice(1).map((time, k) => time - times[k]));
      else {
        act(times.length);
        requestAnimationFrame(step);
      }
    };
    requestAnimationFrame(step);
  });

  return {
    playing: ({ frames }) => gaps(frames, () => {}),

    /** The finger that is down on the strip goes to and fro, a little in each frame. */
    dragging({ frames, x, y, reach }) {
      const plot = find('.plot');
      return gaps(frames, (k) => {
        const share = Math.abs(((k / 60) % 2) - 1); // a second there, a second back
        const at = { clientX: x - reach * (1 - share), clientY: y };
        plot.dispatchEvent(new PointerEvent('pointermove', at));
      });
    },

    /** Reading the packed events, and finding one under a pixel, in each way to draw. */
    async reading({ packed, layout, rounds }) {
      const base = new URL('app/static/map/', document.baseURI);
      const load = (name) => import(new URL(name, base));
      const { Columns, fromBits } = await load('codec.js');
      const { Placing } = await load('placing.js');
      const bytes = new Uint8Array(await (await fetch(packed)).arrayBuffer());
      const timed = (act) => Array.from({ length: rounds }, () => {
        const begin = performance.now();
        act();
        return performance.now() - begin;
      });
      const found = { read: timed(() => new Columns(bytes, layout)) };
      const columns = new Columns(bytes, layout);
      const visible = fromBits(new Uint8Array(columns.n / 8 + 1).fill(255), columns.n);
      const placing = new Placing();
      placing.setColumns(columns);
      const size = { x: 1180, y: 850, equals: () => false };
      const scale = 256 * 2 ** 5;
      placing.look({ scale, x: scale * 0.44, y: scale * 0.43, size, ratio: 1 }, 70);
      const group = { colour: '#D55E00', letter: 'J', ink: '#000000' };
      const scene = {
        columns,
        placing,
        groups: Array(8).fill(group),
        targets: Array(4).fill({ shape: 'circle' }),
        number: String,
        brief: String,
      };
      const context = document.createElement('canvas').getContext('2d');
      const near = placing.near(columns.within([0, 65535], visible)).slice();
      for (const [name, kind] of [['stamps', 'Stamps'], ['bins', 'Bins'], ['heat', 'Heat']]) {
        const painter = new (await load(`${name}.js`))[kind]();
        painter.setScene(scene);
        painter.paint(context, near, [0, 65535]);
        const busiest = near[near.length >> 1];
        const [x, y] = [placing.x(busiest), placing.y(busiest)];
        found[name] = timed(() => painter.hit(x + 1, y + 1, 6, false));
      }
      return found;
    },
  };
})();
