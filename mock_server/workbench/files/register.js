// The register: whom the service finds, and where.
import { call } from "./control.js";
import { button, during, h, say } from "./dom.js";
import { changed } from "./live.js";
import { pill, showPart } from "./parts.js";
import { line } from "./text.js";

const MOST_SHOWN = 200;

export const register = { title: "Register", types: ["register"], open };

function open(root) {
  let known = null;
  const tables = h("div", {});
  const down = h("input", { type: "checkbox", onchange: toggle });
  const source = h("textarea", { rows: "16", spellcheck: "false", "aria-label": "The register as JSON" });
  const editor = h("details", { class: "card" }, h("summary", {}, "Edit as JSON"), source,
    h("div", { class: "actions" }, button("Replace the register", replace, { kind: "primary" }), button("Undo", () => fill())));
  root.replaceChildren(h("div", { class: "page" },
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, "Register")),
    h("p", { class: "intro" }, "Whom an order names by number or identity is looked up here. Who is not listed is reachable, too."),
    h("label", { class: "switch" }, down, " The register is down: every look-up fails"),
    tables, editor));
  return { refresh };

  async function refresh() {
    known = await call("getRegister");
    down.checked = Boolean(known.down);
    showPart(tables, h("div", {},
      table("Persons", known.persons, (person) => [person.number, person.name, addresses(person), [person.reserved && pill("reserved", "bad"), " ", person.stale && pill("stale", "wait")]]),
      table("Organisations", known.organizations, (unit) => [unit.number, unit.name, addresses(unit), unit.users?.length ? `${unit.users.length} registered by users` : ""]),
      table("Other identities", known.externalIdentities, (other) => [other.identity, other.name, addresses(other), ""])));
    if (!editor.open) fill();
  }

  function fill() {
    source.value = JSON.stringify(known, null, 2);
  }

  function toggle() {
    return during(down, () => put({ ...known, down: down.checked })).then(() => (down.checked = Boolean(known.down)));
  }

  function replace() {
    let wanted;
    try {
      wanted = JSON.parse(source.value);
    } catch (error) {
      throw new Error(`That is no JSON: ${error.message}`);
    }
    return put(wanted);
  }

  async function put(wanted) {
    known = await call("replaceRegister", { body: wanted });
    fill();
    say(known.down ? "The register is down now." : "The register is replaced.");
    changed("register");
  }
}

function addresses(entry) {
  const all = [...(entry.emails ?? []), ...(entry.mobiles ?? []), entry.email, entry.mobile].filter(Boolean);
  if (!all.length) return h("span", { class: "quiet" }, "no address");
  return all.flatMap((address, index) => [index ? ", " : "", line(address, 120)]);
}

function table(title, entries, cells) {
  if (!entries?.length) return null;
  const rows = entries.slice(0, MOST_SHOWN).map((entry) => {
    const [number, name, ...others] = cells(entry);
    return h("tr", {}, h("th", { scope: "row" }, line(number, 120)), h("td", {}, name ? line(name, 120) : ""), others.map((cell) => h("td", {}, cell)));
  });
  const more = entries.length > MOST_SHOWN ? h("p", { class: "quiet" }, `${entries.length - MOST_SHOWN} more, in the JSON below.`) : null;
  const head = h("thead", {}, h("tr", {}, ["Number", "Name", "Reached at", "Remarks"].map((text) => h("th", { scope: "col" }, text))));
  return [h("h2", {}, title), h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": title }, h("table", {}, head, h("tbody", {}, rows))), more];
}
