// Orders from this page: examples by one click, one of one's own, and one in any state.
import { now } from "./clock.js";
import { call } from "./control.js";
import { button, copy, during, field, h, say, select } from "./dom.js";
import { changed } from "./live.js";
import { apiUrl } from "./sandbox.js";
import { STATUSES } from "./terms.js";

const MINUTE = 60_000;
const HTML = `<div style="font-family:sans-serif;max-width:32rem;margin:auto;color:#1e2b3c">
  <h1 style="font-size:22px;color:#0062ba">You have a new invoice</h1>
  <p>Hello,</p>
  <p>invoice <b>4711</b> is due on the 20th. Log in to read and pay it.</p>
  <table style="border-collapse:collapse;margin:16px 0">
    <tr><td style="padding:6px 24px 6px 0;border-bottom:1px solid #d9dfe8">Amount</td><td style="padding:6px 0;border-bottom:1px solid #d9dfe8"><b>1,250.00 NOK</b></td></tr>
    <tr><td style="padding:6px 24px 6px 0">Reference</td><td style="padding:6px 0">2031-0042</td></tr>
  </table>
  <p><a href="#" style="display:inline-block;padding:10px 20px;border-radius:6px;background:#0062ba;color:#fff;text-decoration:none">Open the invoice</a></p>
</div>`;

const EXAMPLES = [
  {
    title: "An e-mail, now",
    told: "Sent at once: it is in the inbox the next moment.",
    operationId: "createInstantEmail",
    body: () => ({ recipientEmail: { emailAddress: "kari@example.com", emailSettings: { subject: "You have a new invoice", body: HTML, contentType: "Html" } } }),
  },
  {
    title: "An SMS, now",
    told: "Sent at once, and delivered two minutes later.",
    operationId: "createInstantSms",
    body: () => ({ recipientSms: { phoneNumber: "+4799999999", timeToLiveInSeconds: 3600, smsSettings: { sender: "Altinn", body: "You have a new invoice. Log in to read it." } } }),
  },
  {
    title: "An order with a reminder",
    told: "An e-mail in ten minutes, and an SMS a week later. Move the clock and watch them go out.",
    operationId: "createOrderChain",
    body: () => ({
      sendersReference: "example-chain",
      requestedSendTime: inMinutes(10),
      recipient: { recipientEmail: { emailAddress: "kari@example.com", emailSettings: { subject: "New invoice", body: "Log in to read it." } } },
      reminders: [{ delayDays: 7, recipient: { recipientSms: { phoneNumber: "+4799999999", smsSettings: { body: "An invoice still awaits you." } } } }],
    }),
  },
  {
    title: "An e-mail that bounces",
    told: "Magic addresses say how a message ends.",
    operationId: "createInstantEmail",
    body: () => ({ recipientEmail: { emailAddress: "bounced@example.com", emailSettings: { subject: "Hello?", body: "Is anybody there?" } } }),
  },
  {
    title: "A person who is reserved",
    told: "Accepted, but nothing is sent; the order tells why.",
    operationId: "createOrderChain",
    body: () => ({ sendersReference: "example-reserved", recipient: { recipientPerson: { nationalIdentityNumber: "99999999901", channelSchema: "Email", emailSettings: { subject: "New invoice", body: "Log in to read it." } } } }),
  },
  {
    title: "A condition that says no",
    told: "Asked when the order is picked up, and nothing is sent.",
    operationId: "createOrderChain",
    body: () => ({ sendersReference: "example-condition", conditionEndpoint: `${apiUrl}/tests/sendcondition?conditionMet=false`, recipient: { recipientEmail: { emailAddress: "kari@example.com", emailSettings: { subject: "Still unread", body: "You have not read your invoice." } } } }),
  },
];

export const create = { title: "New", types: [], open };

/** Return buttons for the first `count` examples. */
export function examples(count = EXAMPLES.length) {
  return h("ul", { class: "choices" }, EXAMPLES.slice(0, count).map((example) => {
    const made = h("button", { type: "button", class: "choice", onclick: () => during(made, () => make(example.operationId, example.body())) }, h("b", {}, example.title), h("small", {}, example.told));
    return h("li", {}, made);
  }));
}

function open(root) {
  root.replaceChildren(h("div", { class: "page" },
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, "New")),
    h("p", { class: "intro" }, "By one click, without a token. Nothing leaves this machine, whatever the address."),
    examples(),
    h("h2", {}, "One of your own"), ownForm(),
    h("h2", {}, "An order in any state"), byHandForm(),
    h("h2", {}, "From your client"),
    h("p", { class: "intro" }, "Point its base URL at this sandbox, with a token of the ", h("a", { href: "#/tokens" }, "Tokens"), " panel. What it sends is in the ", h("a", { href: "#/journal" }, "Journal"), "."),
    h("p", { class: "joined" }, h("code", {}, apiUrl), button("Copy", () => copy(apiUrl)))));
  return { refresh: async () => {} };
}

function ownForm() {
  const to = h("input", { name: "to", required: true, value: "kari@example.com", spellcheck: "false" });
  const subject = h("input", { name: "subject", value: "New invoice" });
  const text = h("textarea", { name: "text", rows: "4", required: true });
  text.value = "Log in to read it.";
  const format = select(["Plain", "Html"], { name: "format" });
  const at = select([["0", "At once"], ["1", "In a minute"], ["10", "In ten minutes"], ["60", "In an hour"], ["1440", "In a day"]], { name: "at" });
  const reminder = h("input", { name: "reminder", type: "number", min: "1", max: "365", placeholder: "none" });
  const send = h("button", { class: "primary" }, "Create");
  const submitted = (event) => {
    event.preventDefault();
    return during(send, () => {
      const recipient = recipientOf(to.value.trim(), subject.value, text.value, format.value);
      const reminders = reminder.value ? [{ delayDays: Number(reminder.value), recipient }] : undefined;
      const requestedSendTime = at.value === "0" ? undefined : inMinutes(Number(at.value));
      return make("createOrderChain", { requestedSendTime, recipient, reminders });
    });
  };
  return h("form", { class: "card form", "aria-label": "One of your own", onsubmit: submitted },
    field("To", to, "An address, +47… or a number of the register"), field("Subject", subject, "Of an e-mail"), field("Text", text),
    field("Format", format), field("Send", at), field("Reminder after days", reminder), send);
}

function recipientOf(to, subject, text, format) {
  const emailSettings = { subject, body: text, contentType: format };
  const smsSettings = { body: text };
  if (to.startsWith("+")) return { recipientSms: { phoneNumber: to, smsSettings } };
  const both = { channelSchema: "EmailPreferred", emailSettings, smsSettings };
  if (/^\d{11}$/.test(to)) return { recipientPerson: { nationalIdentityNumber: to, ...both } };
  if (/^\d{9}$/.test(to)) return { recipientOrganization: { orgNumber: to, ...both } };
  return { recipientEmail: { emailAddress: to, emailSettings } };
}

function byHandForm() {
  const status = select(Object.keys(STATUSES), { name: "status" });
  const creator = h("input", { name: "creator", value: "ttd", pattern: "[A-Za-z0-9_\\-]{1,64}", required: true, spellcheck: "false" });
  const reference = h("input", { name: "sendersReference", placeholder: "none" });
  const store = h("button", {}, "Store");
  const submitted = (event) => {
    event.preventDefault();
    return during(store, async () => {
      const body = { status: status.value, creator: creator.value, sendersReference: reference.value || undefined, recipients: [{ emailAddress: "recipient@example.com" }] };
      const order = await call("createControlOrder", { body });
      changed("order");
      location.hash = `#/orders/${order.id}`;
    });
  };
  return h("form", { class: "card form", "aria-label": "An order in any state", onsubmit: submitted },
    field("Status", status, "Any but Registered stays as it is"), field("Creator", creator), field("Sender's reference", reference), store);
}

/** Create what the operation `operationId` would of `body`, and show what came of it. */
async function make(operationId, body) {
  const { orders } = await call("createChain", { body: { operationId, body } });
  const [order] = orders;
  const [message] = order.notifications;
  changed("order", "message");
  location.hash = message ? `#/messages/${message.id}` : `#/orders/${order.id}`;
  say(message ? "It is sent. Move the clock to see what becomes of it." : "It is ordered. Move the clock to its next event to see it go out.");
}

function inMinutes(minutes) {
  return new Date(now().getTime() + minutes * MINUTE).toISOString();
}
