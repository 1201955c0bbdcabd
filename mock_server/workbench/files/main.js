// The workbench: one panel at a time, named by the address, and the clock above all of them.
import { askAgain } from "./control.js";
import { openClock } from "./clock.js";
import { h, icon, say } from "./dom.js";
import { changed, follow, listen } from "./live.js";
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
const live = h("span", { class: "live", hidden: true });
const panels = document.querySelector("#panels");
const links = {};
let current = { name: null, panel: null };
let waiting = null;

showNavigation();
openClock(document.querySelector("#clock")).catch(told);
listen(refreshSoon);
document.addEventListener("visibilitychange", () => document.hidden || changed("clock", ...Object.values(PANELS).flatMap(({ types }) => types)));
addEventListener("hashchange", () => {
  askAgain();
  route(true);
});
await route(false);
follow(showLive);

function showNavigation() {
  for (const [name, panel] of Object.entries(PANELS)) links[name] = h("a", { href: `#/${name}` }, icon(name), h("span", {}, panel.title));
  const docs = Object.entries(DOCS).map(([title, url]) => h("a", { href: url }, icon("docs"), h("span", {}, title)));
  panels.append(
    h("a", { class: "sandbox", href: "#/sandboxes", title: "Switch to another sandbox" }, h("small", {}, "Sandbox", live), h("b", {}, sandboxName)),
    h("ul", {}, Object.values(links).map((link) => h("li", {}, link))),
    h("h2", {}, "Docs"),
    h("ul", {}, docs.map((link) => h("li", {}, link))),
  );
}

/** Return the panel `name`; undefined: there is none. */
function known(name) {
  const all = { ...PANELS, ...HIDDEN };
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

/** Show the panel and the detail that the address names. */
async function route(isByHand) {
  const [, wanted, id] = location.hash.split("/");
  const name = known(wanted) ? wanted : Object.keys(PANELS)[0];
  const isOther = current.name !== name;
  main.setAttribute("aria-busy", "true");
  if (isOther) {
    current = { name, panel: known(name).open(main) };
    for (const [other, link] of Object.entries(links)) {
      if (other === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    // Not scrollIntoView, from where the next press of Tab would go on.
    if (links[name]) panels.scrollTo({ left: links[name].offsetLeft - panels.clientWidth / 2 });
    document.title = `${known(name).title} · ${sandboxName} · Workbench`;
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

/** Tell whether what is seen is kept up to date. */
function showLive(isLive) {
  live.hidden = false;
  live.textContent = isLive ? "live" : "not live";
  live.classList.toggle("off", !isLive);
}

/** Refresh the panel for changes of `types`: at once, and then not too often. */
function refreshSoon(types) {
  if (document.hidden || !current.panel || !known(current.name).types.some((type) => types.has(type))) return;
  if (waiting) {
    types.forEach((type) => waiting.add(type));
    return;
  }
  waiting = new Set();
  const pause = new Promise((resolve) => setTimeout(resolve, REFRESHED_EVERY_MS));
  Promise.all([current.panel.refresh(types).catch(told), pause]).then(() => {
    const more = waiting;
    waiting = null;
    if (more.size) refreshSoon(more);
  });
}

function told(error) {
  say(error.message, "bad");
}
