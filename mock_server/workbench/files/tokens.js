// Test tokens: each preset, for each organisation.
import { call } from "./control.js";
import { everyScope } from "./contract.js";
import { button, copy, during, field, h, select } from "./dom.js";
import { quoted } from "./curl.js";
import { pairs, showPart } from "./parts.js";
import { apiUrl } from "./sandbox.js";
import { BEARER_ONLY, TOKEN_PRESETS } from "./terms.js";
import { json } from "./text.js";

export const tokens = { title: "Tokens", types: [], open };

function open(root) {
  const kind = select(["bearer", "platform"], { name: "kind", onchange: showPresets });
  const org = h("input", { name: "org", value: "ttd", list: "orgs", pattern: "[A-Za-z0-9_\\-]{1,64}", required: true, spellcheck: "false" });
  const scope = h("textarea", { name: "scope", rows: "2", spellcheck: "false" });
  const expires = h("input", { name: "expiresIn", type: "number", min: "1", max: "31536000", value: "3600" });
  const presets = h("ul", { class: "choices" });
  const minted = h("div", { "aria-live": "polite" });
  root.replaceChildren(h("div", { class: "page" },
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, "Tokens")),
    h("p", { class: "intro" }, "Tokens that this mock accepts, or refuses for one reason each. The key that signs them is public; they open nothing else."),
    h("div", { class: "card form" }, field("Kind", kind), field("Organisation", org), field("Seconds", expires, "How long it is valid"), field("Scopes", scope, "Blank between them"),
      h("datalist", { id: "orgs" }, ["ttd", "digdir", "skd"].map((value) => h("option", { value })))),
    minted, presets));
  everyScope().then((scopes) => (scope.value ||= scopes));
  showPresets();
  return { refresh: async () => {} };

  function showPresets() {
    const fitting = Object.entries(TOKEN_PRESETS).filter(([name]) => kind.value === "bearer" || !BEARER_ONLY.includes(name));
    presets.replaceChildren(...fitting.map(([name, [told, status]]) => {
      const mint = h("button", { type: "button", class: "choice", onclick: () => during(mint, () => make(name)) },
        h("b", {}, name), h("small", {}, status ? `${told}: ${status}` : told));
      return h("li", {}, mint);
    }));
  }

  async function make(preset) {
    const body = { kind: kind.value, org: org.value, preset, expiresIn: Number(expires.value) };
    if (kind.value === "bearer" && scope.value.trim()) body.scope = scope.value.trim();
    const { token, header, claims } = await call("createToken", { body });
    const value = `${header.name}: ${header.value}`;
    const field = h("textarea", { readonly: true, rows: "4", "aria-label": "Token" });
    field.value = token;
    showPart(minted, h("div", { class: "card" },
      h("h2", {}, `${preset}, of ${org.value}`), field,
      h("div", { class: "actions" },
        button("Copy token", () => copy(token), { kind: "primary" }),
        button("Copy header", () => copy(value)),
        button("Copy as curl", () => copy(`curl -sS ${quoted(`${apiUrl}/orders?sendersReference=cancellable`)} -H ${quoted(value)}`))),
      pairs([["Header", header.name], ["Carried by", "every request to the orders API"]]),
      h("details", {}, h("summary", {}, "Claims"), json(claims))));
  }
}
