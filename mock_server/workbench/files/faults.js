// Faults: what is armed, what is left of it, and more of it.
import { call } from "./control.js";
import { operationsOf } from "./contract.js";
import { button, during, field, h, say, select } from "./dom.js";
import { changed } from "./live.js";
import { pill, showRows } from "./parts.js";
import { FAULT_PRESETS } from "./terms.js";
import { line } from "./text.js";

export const faults = { title: "Faults", types: ["fault"], open };

function open(root) {
  const operation = select([["", "Every operation"]], { name: "operationId" });
  const preset = select(Object.entries(FAULT_PRESETS).map(([name, told]) => [name, `${name}: ${told}`]), { name: "preset" });
  const times = h("input", { type: "number", name: "times", min: "1", placeholder: "always" });
  const arm = h("button", { class: "primary" }, "Arm");
  const form = h("form", { class: "card form", "aria-label": "Arm a fault", onsubmit: submitted },
    field("Fault", preset), field("Operation", operation), field("How often", times, "Empty: until it is disarmed"), arm);
  const list = h("ul", { class: "cards" });
  const none = h("p", { class: "hint" }, "Nothing is armed: every answer is the contract's.");
  const all = button("Disarm all", disarmAll);
  root.replaceChildren(h("div", { class: "page" },
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, "Faults"), h("div", { class: "tools" }, all)),
    h("p", { class: "intro" }, "Let requests to the orders API fail, so that you see what your client makes of it."),
    form, h("h2", {}, "Armed"), none, list));
  operationsOf().then((names) => operation.append(...names.map((name) => h("option", { value: name }, name))));
  return { refresh };

  async function refresh() {
    const { faults: armed } = await call("listFaults");
    none.hidden = armed.length > 0;
    all.hidden = armed.length === 0;
    showRows(list, armed.map(card));
  }

  function submitted(event) {
    event.preventDefault();
    return during(arm, async () => {
      const match = operation.value ? { operationId: operation.value } : undefined;
      const body = { preset: preset.value, match, times: times.value ? Number(times.value) : undefined };
      await call("createFault", { body });
      say("It is armed.");
      changed("fault");
    });
  }

  async function disarmAll() {
    await call("deleteFaults");
    changed("fault");
  }
}

function card(fault) {
  const left = fault.times === undefined || fault.times === null ? null : Math.max(0, fault.times - fault.matched);
  const state = left === null ? pill("armed", "busy") : left ? pill(`${left} left`, "busy") : pill("used up", "off");
  return h("li", { "data-key": fault.id },
    h("p", {}, h("b", {}, effect(fault)), " on ", line(where(fault.match)), " ", state),
    h("p", { class: "quiet" }, `It took effect ${fault.matched} time${fault.matched === 1 ? "" : "s"}.`),
    button("Disarm", async () => {
      await call("deleteFault", { at: { id: fault.id } });
      changed("fault");
    }));
}

function effect(fault) {
  const late = fault.delayMs ? `${fault.delayMs} ms late` : null;
  const often = fault.probability < 1 ? `${Math.round(fault.probability * 100)} % of the time` : null;
  const what = fault.connection ? `connection: ${fault.connection}` : fault.status;
  return [what, late, often].filter(Boolean).join(", ");
}

function where(match) {
  const told = Object.values(match ?? {}).filter(Boolean).join(", ");
  return told || "every operation";
}
