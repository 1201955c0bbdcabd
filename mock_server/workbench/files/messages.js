// Messages as an inbox: each as its recipient would see it.
import { now } from "./clock.js";
import { call } from "./control.js";
import { copy, button, h, icon, say } from "./dom.js";
import { examples } from "./create.js";
import { framed } from "./email.js";
import { pairs, pill, Split, timeline } from "./parts.js";
import { meaningOf } from "./terms.js";
import { block, line, time, visible, when } from "./text.js";

const CHANNELS = { "": "All", Email: "E-mail", Sms: "SMS" };
const MOST_BUBBLES = 20;
const LONGEST_SHOWN = 20_000;

export const messages = { title: "Messages", types: ["message"], open };

function open(root) {
  const filter = { channel: "" };
  const chips = Object.entries(CHANNELS).map(([channel, text]) =>
    h("button", { type: "button", class: "chip", "aria-pressed": String(channel === ""), onclick: () => choose(channel) }, text));
  const recipient = h("input", { type: "search", placeholder: "Recipient", "aria-label": "Recipient: an address or number", onchange: () => split.restart().catch(told) });
  const all = h("button", { type: "button", class: "chip", "aria-pressed": "false", title: "Also those that failed when they were made, since nobody was reached", onclick: toggle }, "Unreachable, too");
  const split = new Split(root, {
    name: "messages",
    title: "Messages",
    tools: [h("a", { class: "button primary", href: "#/new" }, icon("plus"), "New")],
    filters: [...chips, all, recipient],
    load,
    row,
    keyOf: (message) => message.id,
    detail,
    empty,
    hint: "Choose a message to see it as its recipient would.",
  });
  return split;

  function told(error) {
    say(error.message, "bad");
  }

  async function choose(channel) {
    filter.channel = channel;
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.textContent === CHANNELS[channel]));
    await split.restart().catch(told);
  }

  async function toggle() {
    filter.all = !filter.all;
    all.setAttribute("aria-pressed", String(filter.all));
    await split.restart().catch(told);
  }

  async function load({ limit, after }) {
    const query = { channel: filter.channel, recipient: recipient.value.trim(), all: filter.all ? "true" : "", limit, after, orderBy: "desc" };
    const { messages: items, total } = await call("listMessages", { query });
    return { items, total };
  }

  function empty() {
    if (filter.channel || filter.all || recipient.value) return h("p", { class: "hint" }, "No message fits.");
    return h("div", { class: "start" }, h("h2", {}, "No message yet"),
      h("p", {}, "Send one, or let your client order one: each turns up here, also while it waits to be sent."), examples(3));
  }
}

function row(message) {
  const isSms = message.channel === "Sms";
  return [
    h("span", { class: "lead" }, icon(isSms ? "sms" : "email")),
    h("span", { class: "main" }, h("b", {}, recipientOf(message)), h("small", {}, isSms ? line(message.body || "(no text)", 120) : line(message.subject || "(no subject)", 120))),
    h("span", { class: "end" }, pill(message.status), h("small", {}, when(message.createdAt, now()))),
  ];
}

function recipientOf(message) {
  return message.to === null ? "Nobody was reached" : line(message.to, 120);
}

async function detail(id) {
  const message = await call("getMessage", { at: { id } });
  return h("article", { class: "message" }, message.channel === "Sms" ? await sms(message) : email(message), history(message));
}

function history(message) {
  return [
    h("h3", {}, "What became of it"),
    timeline(message.history.map(({ status, at }) => ({ word: status, at, why: meaningOf(status) })), now()),
    h("p", {}, h("a", { href: `#/orders/${message.orderId}` }, "Its order"), ` (${message.orderType})`),
  ];
}

function email(message) {
  const isHtml = message.contentType === "Html";
  return [
    h("h2", {}, line(message.subject || "(no subject)")),
    h("p", { class: "lede" }, pill(message.status), " ", meaningOf(message.status)),
    pairs([
      ["From", line(message.from)],
      ["To", recipientOf(message)],
      ["When", time(message.createdAt, now())],
      ["Attachments", message.attachments.length ? h("ul", {}, message.attachments.slice(0, 50).map((name) => h("li", {}, line(name)))) : null],
    ]),
    isHtml ? framed(message.body, visible(message.subject, 100)) : h("div", { class: "sheet" }, block(message.body || "(no text)", LONGEST_SHOWN)),
    isHtml ? h("details", {}, h("summary", {}, "Source"), block(message.body, LONGEST_SHOWN)) : null,
    h("div", { class: "actions" }, button("Copy the text", () => copy(message.body))),
  ];
}

async function sms(message) {
  const query = { channel: "Sms", recipient: message.to, limit: MOST_BUBBLES, orderBy: "desc" };
  const others = message.to === null ? [] : (await call("listMessages", { query })).messages;
  const shown = others.some((other) => other.id === message.id) ? others.reverse() : [message];
  return [
    h("h2", {}, recipientOf(message)),
    h("p", { class: "lede" }, pill(message.status), " ", meaningOf(message.status)),
    h("ol", { class: "phone", "aria-label": "The messages of this number, oldest first" }, shown.map((other) => bubble(other, other.id === message.id))),
    pairs([
      ["From", line(message.from)],
      ["When", time(message.createdAt, now())],
      ["Segments", message.segments],
    ]),
    h("div", { class: "actions" }, button("Copy the text", () => copy(message.body))),
  ];
}

function bubble(message, isThis) {
  const text = h("p", { class: "bubble", dir: "auto" }, visible(message.body || "(no text)", LONGEST_SHOWN));
  return h("li", { class: isThis ? "this" : null }, h("small", {}, line(message.from, 60)), text,
    h("small", {}, when(message.createdAt, now()), " · ", isThis ? visible(message.status, 60) : h("a", { href: `#/messages/${message.id}` }, visible(message.status, 60))));
}
