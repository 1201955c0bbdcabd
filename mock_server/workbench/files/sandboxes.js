// Sandboxes: isolated worlds by name, each with a workbench of its own.
import { call } from "./control.js";
import { confirm } from "./dialogs.js";
import { button, copy, field, h, say } from "./dom.js";
import { changed } from "./live.js";
import { pill, showRows } from "./parts.js";
import { apiUrl, sandboxName, workbenchOf } from "./sandbox.js";
import { visible } from "./text.js";

const MOST_SHOWN = 200;

export const sandboxes = { title: "Sandboxes", types: ["order", "request", "fault", "reset"], open };

function open(root) {
  const name = h("input", { name: "name", pattern: "[A-Za-z0-9._\\-]{1,64}", required: true, autocomplete: "off", spellcheck: "false", placeholder: "my-test" });
  const rows = h("tbody", {});
  const told = h("p", { class: "quiet" });
  root.replaceChildren(h("div", { class: "page" },
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, "Sandboxes")),
    h("p", { class: "intro" }, "Each has orders, messages, clock, faults and journal of its own. A client chooses one by its base URL."),
    h("div", { class: "card" },
      h("h2", {}, "This one: ", visible(sandboxName)),
      h("p", {}, h("code", {}, apiUrl)),
      h("div", { class: "actions" }, button("Copy base URL", () => copy(apiUrl)), button("Reset", reset, { kind: "danger" }))),
    h("form", { class: "card form", "aria-label": "Open or make a sandbox", onsubmit: go }, field("Name", name, "It is made when it is first used"), h("button", { class: "primary" }, "Open")),
    told,
    h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": "All sandboxes" }, h("table", {},
      h("thead", {}, h("tr", {}, ["Name", "Orders", "Requests", "Faults", ""].map((text) => text ? h("th", { scope: "col" }, text) : h("td", {})))), rows))));
  return { refresh };

  async function refresh() {
    const { count, sandboxes: all } = await call("listSandboxes");
    told.textContent = count > MOST_SHOWN ? `${count} sandboxes; the ${MOST_SHOWN} that were used last are shown.` : "";
    const shown = all.toSorted((one, other) => other.lastUsed.localeCompare(one.lastUsed)).slice(0, MOST_SHOWN);
    showRows(rows, shown.map(row));
  }

  function go(event) {
    event.preventDefault();
    location.assign(workbenchOf(name.value));
  }
}

function row(sandbox) {
  const isThis = sandbox.name === sandboxName;
  const drop = button(sandbox.name === "default" ? "Reset" : "Drop", () => remove(sandbox.name), { name: `${sandbox.name === "default" ? "Reset" : "Drop"} ${sandbox.name}` });
  return h("tr", { "data-key": sandbox.name },
    h("th", { scope: "row" }, h("a", { href: workbenchOf(sandbox.name) }, sandbox.name), isThis && [" ", pill("this one", "busy")]),
    [sandbox.orders, sandbox.requests, sandbox.faults].map((count) => h("td", { class: "number" }, count.toLocaleString("en"))),
    h("td", {}, drop));
}

async function reset() {
  if (!(await confirm({ title: "Reset this sandbox?", text: "Orders, messages, clock, faults, register and journal become as they were at the start.", yes: "Reset" }))) return;
  await call("resetSandbox");
  say("It is as it was at the start.");
  changed("reset", "clock", "order", "message", "request", "fault", "register");
}

async function remove(name) {
  const isDefault = name === "default";
  const text = isDefault ? "It is never dropped, but becomes as it was at the start." : "All that is in it is forgotten. Used again, it starts anew.";
  if (!(await confirm({ title: `${isDefault ? "Reset" : "Drop"} ${name}?`, text, yes: isDefault ? "Reset" : "Drop" }))) return;
  await call("deleteSandbox", { at: { name } });
  if (name === sandboxName && !isDefault) location.assign(workbenchOf("default"));
  else changed("reset", "clock", "order", "message", "request", "fault", "register");
}
