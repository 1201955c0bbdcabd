// The workbench: one panel at a time, named by the address, and the clock above all of them.
import { openClock } from "./clock.js";
import { h, icon, say } from "./dom.js";
import { listen } from "./live.js";
import { sandboxName } from "./sandbox.js";
import { create } from "./create.js";
import { faults } from "./faults.js";
import { journal } from "./journal.js";
import { messages } from "./messages.js";
import { orders } from "./orders.js";
import { register } from "./register.js";
import { sandboxes } from "./sandboxes.js";
import { tokens } from "./tokens.js";

const PANELS = { messages, orders, journal, faults, register, tokens, sandboxes };
const HIDDEN = { new: create };
const REFRESHED_EVERY_MS = 500;
const DOCS = { "Orders API": "../notifications/api/v1/ui/", "Control plane": "ui/", "Token services": "../__doors/ui/" };

const main = document.querySelector("#main");
const panels = document.querySelector("#panels");
const links = {};
let current = { name: null, panel: null };
let waiting = null;

showNavigation();
openClock(document.querySelector("#clock")).catch(told);
listen(refreshSoon);
addEventListener("hashchange", () => route(true));
await route(false);

function showNavigation() {
  for (const [name, panel] of Object.entries(PANELS)) links[name] = h("a", { href: `#/${name}` }, icon(name), h("span", {}, panel.title));
  const docs = Object.entries(DOCS).map(([title, url]) => h("a", { href: url }, icon("docs"), h("span", {}, title)));
  panels.append(
    h("a", { class: "sandbox", href: "#/sandboxes", title: "Switch to another sandbox" }, h("small", {}, "Sandbox"), h("b", {}, sandboxName)),
    h("ul", {}, Object.values(links).map((link) => h("li", {}, link))),
    h("h2", {}, "Docs"),
    h("ul", {}, docs.map((link) => h("li", {}, link))),
  );
}

/** Show the panel and the detail that the address names. */
async function route(isByHand) {
  const [, wanted, id] = location.hash.split("/");
  const known = { ...PANELS, ...HIDDEN };
  const name = Object.hasOwn(known, wanted) ? wanted : Object.keys(PANELS)[0];
  const isOther = current.name !== name;
  main.setAttribute("aria-busy", "true");
  if (isOther) {
    current = { name, panel: known[name].open(main) };
    for (const [other, link] of Object.entries(links)) {
      if (other === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    // Not scrollIntoView, from where the next press of Tab would go on.
    if (links[name]) panels.scrollTo({ left: links[name].offsetLeft - panels.clientWidth / 2 });
    document.title = `${known[name].title} · ${sandboxName} · Workbench`;
    if (isByHand) main.querySelector("h1")?.focus({ preventScroll: true });
    scrollTo(0, 0);
    await current.panel.refresh(new Set()).catch(told);
  }
  await current.panel.show?.(id ? decoded(id) : null)?.catch(told);
  main.removeAttribute("aria-busy");
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Refresh the panel for changes of `types`: at once, and then not too often. */
function refreshSoon(types) {
  if (waiting) {
    types.forEach((type) => waiting.add(type));
    return;
  }
  waiting = new Set();
  current.panel?.refresh(types).catch(told);
  setTimeout(() => {
    const more = waiting;
    waiting = null;
    if (more.size) refreshSoon(more);
  }, REFRESHED_EVERY_MS);
}

function told(error) {
  say(error.message, "bad");
}
