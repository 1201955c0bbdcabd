// Orders by status, each with its timeline.
import { now } from "./clock.js";
import { call } from "./control.js";
import { confirm } from "./dialogs.js";
import { button, h, icon, say, select } from "./dom.js";
import { changed } from "./live.js";
import { pairs, pill, Split, timeline } from "./parts.js";
import { EVENTS, meaningOf, RESULTS, STATUSES } from "./terms.js";
import { line, span, time, when } from "./text.js";

const TYPES = ["Notification", "Reminder", "Instant", "Composed"];

export const orders = { title: "Orders", types: ["order", "message"], open };

function open(root) {
  const filter = { status: "" };
  const chips = ["", ...Object.keys(STATUSES)].map((status) =>
    h("button", { type: "button", class: "chip", "aria-pressed": String(status === ""), onclick: () => choose(status) }, status || "All"));
  const type = select([["", "Any type"], ...TYPES], { "aria-label": "Type", onchange: restart });
  const creator = h("input", { type: "search", placeholder: "Creator", "aria-label": "Creator", onchange: restart });
  const split = new Split(root, {
    name: "orders",
    title: "Orders",
    tools: [h("a", { class: "button primary", href: "#/new" }, icon("plus"), "New")],
    filters: [...chips, type, creator],
    load,
    row,
    keyOf: (order) => order.id,
    detail,
    empty: () => h("p", { class: "hint" }, filter.status || type.value || creator.value ? "No order fits." : ["There are no orders here. ", h("a", { href: "#/new" }, "Create one"), "."]),
    hint: "Choose an order to see what became of it and what comes next.",
  });
  return split;

  function restart() {
    return split.restart().catch((error) => say(error.message, "bad"));
  }

  async function choose(status) {
    filter.status = status;
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.textContent === (status || "All")));
    await restart();
  }

  async function load({ limit, after }) {
    const { orders: items, total } = await call("listControlOrders", { query: { status: filter.status, type: type.value, creator: creator.value.trim(), limit, after, orderBy: "desc" } });
    return { items, total };
  }
}

function row(order) {
  return [
    h("span", { class: "lead" }, icon(order.notificationChannel.startsWith("Sms") ? "sms" : "email")),
    h("span", { class: "main" }, h("b", {}, recipients(order)), h("small", {}, line(order.sendersReference ?? order.type, 80), " · ", line(order.creator, 64))),
    h("span", { class: "end" }, pill(order.status), h("small", {}, when(order.requestedSendTime, now()))),
  ];
}

function recipients(order) {
  const [first, ...others] = order.recipients;
  if (!first) return "nobody";
  return [line(addressOf(first), 120), others.length ? ` and ${others.length} more` : ""];
}

function addressOf(recipient) {
  return Object.values(recipient).find((value) => typeof value === "string" && value) ?? "unknown";
}

async function detail(id) {
  const order = await call("getControlOrder", { at: { id } });
  return h("article", { class: "order" },
    h("h2", {}, recipients(order)),
    h("p", { class: "lede" }, pill(order.status), " ", meaning(order), order.pinned && " It was set by hand, so time leaves it alone."),
    actions(order),
    h("h3", {}, "Timeline"),
    timeline(order.history.map(({ status, at, why }) => ({ word: status, at, why: sentence(why) })), now(), next(order)),
    messages(order),
    h("h3", {}, "The order"),
    pairs([
      ["Id", h("code", {}, order.id)],
      ["Type", order.type],
      ["Channel", order.notificationChannel],
      ["Creator", line(order.creator)],
      ["Sender's reference", order.sendersReference && line(order.sendersReference)],
      ["Send time", time(order.requestedSendTime, now())],
      ["Created", time(order.created, now())],
      ["Last update", time(order.lastUpdate, now())],
      ["Send condition", order.conditionEndpoint && line(order.conditionEndpoint)],
      ["Resource", order.resourceId && line(order.resourceId)],
      ["Chain", order.notificationOrderId && h("code", {}, order.notificationOrderId)],
      ["Recipients", h("ul", {}, order.recipients.slice(0, 50).map((recipient) => h("li", {}, line(addressOf(recipient)))))],
    ]));
}

function meaning(order) {
  const isDue = order.status === "Registered" && new Date(order.requestedSendTime) <= now();
  return isDue ? "Its send time has come: it waits to be picked up." : STATUSES[order.status];
}

function actions(order) {
  const status = select(Object.keys(STATUSES), { "aria-label": "Status to set by hand" }, order.status);
  return h("div", { class: "actions" },
    h("span", { class: "joined" }, status, button("Set status", () => setStatus(order.id, status.value))),
    order.status === "Registered" && button("Cancel", () => setStatus(order.id, "Cancelled")),
    button("Delete", () => remove(order.id), { kind: "danger" }));
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function next(order) {
  if (!order.next) return null;
  const { event, at } = order.next;
  const ahead = new Date(at) - now();
  return [
    h("p", {}, h("b", {}, EVENTS[event] ?? event), " ", time(at, now()), h("span", { class: "quiet" }, ahead > 0 ? ` in ${span(ahead)}` : " by now")),
    button("Go there", () => goTo(at), { icon: "next" }),
  ];
}

async function goTo(at) {
  await call("updateClock", { body: { now: at } });
  changed("clock", "order", "message");
}

// What was chosen and is not yet set, by message: what happens meanwhile shows the order anew.
const chosen = new Map();

function messages(order) {
  if (!order.notifications.length) return null;
  const items = order.notifications.slice(0, 50).map((notification) => {
    const result = select(RESULTS[notification.channel], { "aria-label": "Result to set by hand" }, chosen.get(notification.id) ?? notification.result);
    result.addEventListener("change", () => chosen.set(notification.id, result.value));
    return h("li", {},
      h("p", {}, icon(notification.channel === "Sms" ? "sms" : "email"), h("a", { href: `#/messages/${notification.id}` }, line(addressOf(notification.recipient), 120)), " ", pill(notification.result)),
      h("p", { class: "quiet" }, meaningOf(notification.result)),
      h("p", { class: "joined" }, result, button("Set result", () => setResult(order.id, notification.id, result.value))));
  });
  return [h("h3", {}, "Messages"), h("ul", { class: "cards" }, items)];
}

async function setStatus(id, status) {
  await call("updateControlOrderStatus", { at: { id }, body: { status } });
  say(`The order is ${status} now.`);
  changed("order");
}

async function setResult(id, notificationId, result) {
  await call("updateControlNotification", { at: { id, notificationId }, body: { result } });
  chosen.delete(notificationId);
  say(`The message is ${result} now.`);
  changed("order", "message");
}

async function remove(id) {
  if (!(await confirm({ title: "Delete the order?", text: "The orders API does not know it any more, either.", yes: "Delete" }))) return;
  await call("deleteControlOrder", { at: { id } });
  location.hash = "#/orders";
  changed("order");
}
