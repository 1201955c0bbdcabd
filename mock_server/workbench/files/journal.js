// The journal: what was asked, what was answered, and why.
import { now } from "./clock.js";
import { call } from "./control.js";
import { button, copy, h, say, select } from "./dom.js";
import { operationsOf } from "./contract.js";
import { changed } from "./live.js";
import { pairs, pill, Split } from "./parts.js";
import { curlOf } from "./curl.js";
import { json, line, time, when } from "./text.js";

const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
const MOST = 1000;

export const journal = { title: "Journal", types: ["request"], open };

function open(root) {
  const known = new Map();
  let opened = null;
  const operation = select([["", "Any operation"]], { "aria-label": "Operation", onchange: restart });
  const method = select([["", "Any method"], ...METHODS], { "aria-label": "Method", onchange: restart });
  const status = h("input", { type: "number", min: "100", max: "599", placeholder: "Status", "aria-label": "Status", onchange: restart });
  const path = h("input", { type: "search", placeholder: "Part of the path", "aria-label": "Part of the path", onchange: restart });
  const split = new Split(root, {
    name: "journal",
    title: "Journal",
    tools: [button("Clear", clear)],
    filters: [operation, method, status, path],
    load,
    row,
    keyOf: (request) => String(request.id),
    detail,
    empty: () => h("p", { class: "hint" }, "No request to the orders API fits. Those to the control plane are not in the journal."),
    hint: "Choose a request to see it whole, with the reason of its answer.",
  });
  operationsOf().then((names) => operation.append(...names.map((name) => h("option", { value: name }, name))));
  return split;

  function restart() {
    return split.restart().catch((error) => say(error.message, "bad"));
  }

  async function load({ limit, place }) {
    // The newest alone can be asked for, so those before the page come along; one more tells whether there are more.
    const query = { operationId: operation.value, method: method.value, status: status.value, path: path.value.trim(), limit: Math.min(place + limit + 1, MOST) };
    const { requests } = await call("listRequests", { query });
    known.clear();
    for (const request of requests) known.set(String(request.id), request);
    return { items: requests.reverse().slice(place, place + limit), more: requests.length > place + limit };
  }

  async function detail(id) {
    const request = known.get(id) ?? (await older(id));
    if (!request) return h("p", { class: "hint" }, "The journal has no such request any more.");
    return whole(request);
  }

  /** Return the request `id` that is not on the page; found once, it is remembered. */
  async function older(id) {
    if (String(opened?.id) !== id) opened = (await call("listRequests", { query: { limit: MOST } })).requests.find((request) => String(request.id) === id);
    return opened;
  }

  async function clear() {
    await call("deleteRequests");
    changed("request");
  }
}

function row(request) {
  return [
    h("span", { class: "lead" }, pill(String(request.status ?? "none"), toneOfStatus(request.status))),
    h("span", { class: "main" }, h("b", {}, request.method, " ", line(shortened(request.path), 200)), h("small", {}, line(request.why, 200))),
    h("span", { class: "end" }, h("small", {}, when(request.time, now())), h("small", {}, `${Math.round(request.durationMs)} ms`)),
  ];
}

function shortened(path) {
  return path.replace(/^(\/__sandbox\/[^/]+)?\/notifications\/api\/v1/i, "");
}

function toneOfStatus(status) {
  if (status === null) return "bad";
  if (status < 300) return "good";
  return status < 500 ? "wait" : "bad";
}

function whole(request) {
  return h("article", {},
    h("h2", {}, request.method, " ", line(shortened(request.path))),
    h("p", { class: "lede" }, pill(String(request.status ?? "no answer"), toneOfStatus(request.status)), " ", line(request.why, 2000)),
    h("div", { class: "actions" }, button("Copy as curl", () => copy(curlOf(request), "Copied; put a token in place of what is redacted."))),
    pairs([
      ["Operation", request.operationId],
      ["Caller", request.creator && line(request.creator)],
      ["Path", line(request.path, 2000)],
      ["When", time(request.time, now())],
      ["Took", `${request.durationMs} ms`],
      ["Trace id", h("code", {}, request.traceId)],
    ]),
    part("Request", request.requestHeaders, request.requestBody),
    part("Answer", request.responseHeaders, request.responseBody));
}

function part(title, headers, body) {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    h("h3", {}, title),
    fields.length ? h("details", {}, h("summary", {}, `${fields.length} header fields`), json(fields.join("\n"))) : null,
    body === null ? h("p", { class: "quiet" }, "No body.") : json(body),
  ];
}
