// Lists and ledgers as plain HTML: readable by a screen reader, light on a phone.
// Every text comes from tables, so it is set as text and never as markup.

const STYLE = `
:host { display: block; color: var(--st-text-color, #1b1b1b);
  font-family: var(--st-font, sans-serif); font-size: 0.95rem; line-height: 1.4; }
ol, ul { list-style: none; margin: 0; padding: 0; }
.event { border-top: 1px solid var(--st-border-color, #ccc); padding: 0.6rem 0; }
.event { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; }
.event h4, .claim h4 { font-size: 1rem; font-weight: 600; margin: 0; }
.figures { display: grid; gap: 0.6rem; margin: 0;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.tile { border: 1px solid var(--st-border-color, #ccc); border-radius: 0.5rem;
  padding: 0.5rem 0.8rem; margin: 0; }
.tile dt { font-size: 0.85rem; }
.tile dd { margin: 0; }
.tile .value { font-size: 1.6rem; font-weight: 600; line-height: 1.25;
  font-variant-numeric: tabular-nums; }
.meta { font-size: 0.85rem; opacity: 0.85; margin: 0.15rem 0 0; }
.mark { display: inline-block; min-width: 1.25rem; height: 1.25rem; line-height: 1.25rem;
  border-radius: 0.65rem; text-align: center; font-size: 0.75rem; font-weight: 700;
  color: #fff; margin-right: 0.4rem; }
.mark.hollow { background: none !important; color: inherit;
  box-shadow: inset 0 0 0 2px currentColor; }
button { font: inherit; color: var(--st-primary-color, #0072b2); background: none;
  border: 1px solid currentColor; border-radius: 0.5rem; min-height: 44px;
  padding: 0 0.9rem; cursor: pointer; align-self: start; white-space: nowrap; }
button:focus-visible, a:focus-visible { outline: 3px solid currentColor;
  outline-offset: 2px; }
a { color: var(--st-link-color, #0072b2); overflow-wrap: anywhere; }
p { margin: 0; }
.note { border-top: 1px solid var(--st-border-color, #ccc); padding: 0.5rem 0; }
.when { font-weight: 600; }
.group { margin: 0 0 1.6rem; }
.group h3 { font-size: 1.05rem; margin: 0 0 0.2rem; }
.claim { border-top: 1px solid var(--st-border-color, #ccc); padding: 0.6rem 0;
  display: grid; grid-template-columns: minmax(11rem, 1fr) 2fr; gap: 0.2rem 1rem; }
.claim.old { opacity: 0.75; }
.figure { font-weight: 600; }
.stance { display: inline-block; border: 1px solid currentColor; border-radius: 0.4rem;
  padding: 0 0.4rem; font-size: 0.8rem; margin-left: 0.4rem; white-space: nowrap; }
.track { position: relative; height: 1rem; margin: 0.25rem 0;
  background: var(--st-secondary-background-color, #eee); border-radius: 0.2rem; }
.bar { position: absolute; top: 0.2rem; bottom: 0.2rem; border-radius: 0.15rem;
  background: var(--st-primary-color, #0072b2); min-width: 5px; }
.bar.open { border-top-right-radius: 0; border-bottom-right-radius: 0;
  background: linear-gradient(to right, var(--st-primary-color, #0072b2), transparent); }
.words { position: absolute; inset: 0.2rem 0; border-radius: 0.15rem; opacity: 0.6;
  background: repeating-linear-gradient(45deg, currentColor 0 2px, transparent 2px 9px); }
.scale { display: flex; justify-content: space-between; font-size: 0.75rem;
  opacity: 0.85; }
blockquote { margin: 0.2rem 0; padding-left: 0.6rem; font-style: italic;
  border-left: 3px solid var(--st-border-color, #ccc); }
@media (max-width: 40rem) {
  .claim, .event { grid-template-columns: 1fr; }
  .event button { justify-self: start; margin-top: 0.4rem; }
  .figures { grid-template-columns: 1fr 1fr; gap: 0.4rem; }
  .tile .value { font-size: 1.3rem; }
}
`;

/** Return an element with a class and a text; children follow. */
function make(tag, className, text, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = text;
  element.append(...children.filter(Boolean));
  return element;
}

/** Return a link, or plain text where the address is none of the web's. */
function link(text, address) {
  if (!/^https?:\/\//i.test(address || "")) return make("span", "", text);
  const anchor = make("a", "", text);
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function eventItem(row, data, send) {
  const mark = data.marks[row.actor_class];
  const badge = make("span", mark.hollow ? "mark hollow" : "mark", mark.letter);
  badge.style.background = mark.colour;
  badge.setAttribute("aria-hidden", "true");
  const title = make("h4", "", null, badge, document.createTextNode(row.title));
  const told = make(
    "div", "", null, title,
    make("p", "meta", [row.when, row.where].filter(Boolean).join(" · ")),
    make("p", "meta", [row.who, row.deaths].filter(Boolean).join(" · ")),
    make("p", "meta", row.doubt),
  );
  const item = make("li", "event", null, told);
  if (data.words.show) {
    const button = make("button", "", data.words.show);
    button.setAttribute("aria-label", `${data.words.show}: ${row.when}, ${row.title}`);
    button.addEventListener("click", () => send("chosen", row.id));
    item.append(button);
  }
  return item;
}

function renderEvents(data, send) {
  const list = make("ol");
  list.setAttribute("aria-label", data.words.label);
  list.append(...data.rows.map((row) => eventItem(row, data, send)));
  return list;
}

/** The range of a claim on the ledger's one scale; words are hatched over all of it. */
function track(row, most) {
  const line = make("div", "track");
  line.setAttribute("aria-hidden", "true");
  if (row.low === null && row.high === null) {
    if (row.figure) line.append(make("div", "words"));
    return line;
  }
  const low = row.low ?? 0;
  const open = row.high === null;
  const high = open ? most : row.high;
  const bar = make("div", open ? "bar open" : "bar");
  bar.style.left = `${(100 * low) / most}%`;
  bar.style.width = `${(100 * (high - low)) / most}%`;
  line.append(bar);
  return line;
}

function claimItem(row, group, words) {
  const who = make(
    "div", "", null, make("h4", "", row.claimant), make("p", "meta", row.kind),
  );
  const said = make("div", "");
  const figure = make("span", "figure", row.figure || "–");
  said.append(figure, make("span", "stance", row.stance));
  if (group.most) said.append(track(row, group.most));
  for (const remark of row.remarks) said.append(make("p", "meta", remark));
  if (row.quote) said.append(make("blockquote", "", row.quote));
  const source = make("p", "meta", null, link(row.source.text, row.source.url));
  said.append(source);
  return make("li", row.old ? "claim old" : "claim", null, who, said);
}

function renderLedger(data) {
  const ledger = make("div");
  for (const group of data.groups) {
    const list = make("ul");
    list.append(...group.rows.map((row) => claimItem(row, group, data.words)));
    const section = make("section", "group", null, make("h3", "", group.title));
    if (group.most) {
      section.append(
        make("div", "scale", null,
          make("span", "", "0"), make("span", "", group.most_text)),
      );
    }
    section.append(list);
    ledger.append(section);
  }
  return ledger;
}

function renderFigures(data) {
  const tiles = data.tiles.map((tile) => {
    const value = make("dd", "", null, make("div", "value", tile.value));
    for (const remark of tile.remarks) value.append(make("p", "meta", remark));
    return make("div", "tile", null, make("dt", "", tile.label), value);
  });
  return make("dl", "figures", null, ...tiles);
}

function renderNotes(data) {
  const items = data.rows.map((row) => make(
    "li", "note", null,
    make("p", "when", row.when),
    make("p", "", row.text),
    make("p", "meta", null, link(row.source.text, row.source.url)),
  ));
  return make("ul", "", null, ...items);
}

const KINDS = {
  notes: renderNotes,
  figures: renderFigures, events: renderEvents, ledger: renderLedger,
};

/** Draw `data` into `root`; `send(name, value)` tells Python what was chosen. */
export function render(root, data, send) {
  const style = make("style", "", STYLE);
  const body = KINDS[data.kind](data, send);
  const holder = make("div", "", null, style, body);
  holder.dataset.ready = "1";
  root.replaceChildren(holder);
}
