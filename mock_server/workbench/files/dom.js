// Elements without markup: what is shown is text, whoever wrote it.

import { visible } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";
let fields = 0;

/**
 * Return a new element `name`; `children` are elements, or texts that stay texts.
 *
 * Members of `attributes` that begin with `on` are listeners, `false` and `null` leave one out.
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/** Return the icon `name`, which says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" })) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Return a button that does `act`, which may be slow or fail; `name` is read aloud in place of `label`. */
export function button(label, act, { kind = "", icon: drawn = null, title = null, name = null } = {}) {
  const made = h("button", { type: "button", class: kind, title, "aria-label": name, onclick: () => during(made, act) }, drawn && icon(drawn), label);
  return made;
}

/** Run `act` while `control` is busy; what goes wrong is said. */
export async function during(control, act) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await act();
  } catch (error) {
    say(error.message, "bad");
  } finally {
    control.removeAttribute("aria-busy");
  }
}

/** Return a labelled field around `control`, an input or a select. */
export function field(label, control, hint = null) {
  fields += 1;
  control.id = `field-${fields}`;
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint && h("small", { id: `${control.id}-hint` }, hint));
}

/** Return a select of `options`: texts, or pairs of value and text. */
export function select(options, attributes = {}, chosen = null) {
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  return h("select", attributes, pairs.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
}

/** Tell of something in a few words, aloud as well; `kind` is `good` or `bad`. */
export function say(text, kind = "good", ...links) {
  const said = document.querySelector("#said");
  const note = h("div", { class: `note ${kind}` }, h("p", {}, visible(text, 600), links));
  note.append(button("", () => note.remove(), { kind: "plain", icon: "close", name: "Close" }));
  said.replaceChildren(note);
  clearTimeout(say.timer);
  // What went wrong stays until it was read.
  if (kind !== "bad") say.timer = setTimeout(() => note.remove(), 6000);
}

/** Put `text` on the clipboard, where the browser lets the page. */
export async function copy(text, what = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea", { "aria-hidden": "true", class: "aside", tabindex: "-1" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy"); // without HTTPS there is nothing else
    field.remove();
    if (!done) throw new Error("The browser does not let the page copy.");
  }
  say(what);
}

const ICONS = {
  messages: "M3 6.500A2.500 2.500 0 0 1 5.500 4h13A2.500 2.500 0 0 1 21 6.500v11a2.500 2.500 0 0 1-2.500 2.500h-13A2.500 2.500 0 0 1 3 17.500zM4 7l8 6 8-6",
  orders: "M8 6h13M8 12h13M8 18h13M3.500 6h.01M3.500 12h.01M3.500 18h.01",
  journal: "M4 19.500V5a2 2 0 0 1 2-2h14v18H6a2 2 0 0 1-2-1.500zM8 7h8M8 11h8M8 15h5",
  faults: "M13 2 4 14h7l-1 8 9-12h-7z",
  register: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21v-1a6 6 0 0 1 6-6h2a6 6 0 0 1 6 6v1M16 3.500a4 4 0 0 1 0 7M18 14.500a6 6 0 0 1 4 5.500v1",
  tokens: "M15 9a6 6 0 1 0-5.700 6L12 12.500h2.500V10L15 9zM14 10l7 7v3h-3l-6-6",
  sandboxes: "M12 2 3 7v10l9 5 9-5V7zM3 7l9 5 9-5M12 12v10",
  email: "M3 6.500A2.500 2.500 0 0 1 5.500 4h13A2.500 2.500 0 0 1 21 6.500v11a2.500 2.500 0 0 1-2.500 2.500h-13A2.500 2.500 0 0 1 3 17.500zM4 7l8 6 8-6",
  sms: "M4 4h16a1.500 1.500 0 0 1 1.500 1.500v10A1.500 1.500 0 0 1 20 17H9l-5 4v-4a1.500 1.500 0 0 1-1.500-1.500v-10A1.500 1.500 0 0 1 4 4z",
  close: "M6 6l12 12M18 6 6 18",
  back: "M15 5l-7 7 7 7",
  next: "M5 5l9 7-9 7zM18 5v14",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.500v15l12-7.500z",
  plus: "M12 5v14M5 12h14",
  docs: "M14 3H6a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V9zM14 3v6h6",
};
