// The sandbox's clock: what it says, and what moves it.
import { call } from "./control.js";
import { button, h, icon, say } from "./dom.js";
import { ask } from "./dialogs.js";
import { changed, listen } from "./live.js";
import { EVENTS } from "./terms.js";
import { dayOf, inOslo, timeOf } from "./text.js";

const SHOWN_EVERY_MS = 1000;
let known = null;

/** Return the sandbox's time by now, as a Date; that of this machine until it is known. */
export function now() {
  if (known === null) return new Date();
  return new Date(known.at + (known.frozen ? 0 : performance.now() - known.read));
}

/** Show the clock in `place`, and keep it right. */
export function openClock(place) {
  const day = h("span", { class: "day" });
  const hour = h("span", { class: "hour" });
  const oslo = h("span", { class: "oslo" });
  const freeze = button("", toggle, { kind: "toggle" });
  place.replaceChildren(
    h("div", { class: "face" }, hour, h("div", {}, day, oslo)),
    h("div", { class: "moves" }, freeze,
      button("+1 min", () => advance("PT1M")),
      button("+1 h", () => advance("PT1H")),
      button("+1 day", () => advance("P1D")),
      button("Next event", toNext, { icon: "next", title: "Move the clock to the next thing that happens" }),
      button("Set…", set, { title: "Set the clock to any time" })),
  );
  listen((types) => (types.has("clock") || types.has("reset")) && read().catch(() => {}));
  setInterval(show, SHOWN_EVERY_MS);
  return read();

  async function read() {
    take(await call("getClock"));
  }

  function take({ now: moment, frozen }) {
    known = { at: Date.parse(moment), frozen, read: performance.now() };
    show();
  }

  function show() {
    if (known === null) return;
    const moment = now();
    hour.textContent = timeOf(moment);
    day.textContent = `${dayOf(moment)} UTC`;
    oslo.textContent = `${inOslo(moment)} in Oslo${known.frozen ? ", frozen" : ""}`;
    place.classList.toggle("frozen", known.frozen);
    if (freeze.dataset.frozen === String(known.frozen)) return;
    freeze.dataset.frozen = String(known.frozen);
    freeze.replaceChildren(icon(known.frozen ? "play" : "pause"), known.frozen ? "Resume" : "Freeze");
  }

  async function moved(answer) {
    take(await answer);
    changed("order", "message");
  }

  function advance(duration) {
    return moved(call("advanceClock", { body: { duration } }));
  }

  async function toNext() {
    const moved = await call("advanceClockToNext");
    take(moved);
    const { kind, orderId } = moved.event;
    say(`${EVENTS[kind] ?? kind}: `, "good", h("a", { href: `#/orders/${orderId}` }, "the order"));
    changed("order", "message");
  }

  function toggle() {
    return moved(call("updateClock", { body: { frozen: !known.frozen } }));
  }

  async function set() {
    const wanted = await ask({
      title: "Set the clock",
      text: "Forward, what becomes due in between happens as if the time had passed. Back, nothing is undone.",
      label: "Time in UTC",
      type: "datetime-local",
      value: now().toISOString().slice(0, 19),
      yes: "Set the clock",
    });
    if (wanted !== null) await moved(call("updateClock", { body: { now: `${new Date(`${wanted}Z`).toISOString()}` } }));
  }
}
