// Texts that somebody else wrote, and times, as they are shown.
import { h } from "./dom.js";

const LONGEST = 300;
// Control characters, and the marks that turn the direction of what follows.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const BREAKS = /[\t\n]+/g;
const UTC = "UTC";
const DAY = new Intl.DateTimeFormat("en-GB", { timeZone: UTC, day: "numeric", month: "short", year: "numeric" });
const TIME = new Intl.DateTimeFormat("en-GB", { timeZone: UTC, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const OSLO = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Oslo", hour: "2-digit", minute: "2-digit" });

/** Return `value` as it is shown: cut, and with what cannot be seen spelt out. */
export function visible(value, longest = LONGEST) {
  const whole = String(value ?? "");
  const cut = whole.slice(0, longest).toWellFormed().replace(HIDDEN, spelt);
  return whole.length > longest ? `${cut}… (${whole.length.toLocaleString("en")} characters)` : cut;
}

/** Return `value` on one line, in an element whose direction does not leak into what is around. */
export function line(value, longest = LONGEST) {
  return h("bdi", {}, visible(value, longest).replace(BREAKS, " "));
}

/** Return `value` in an element that keeps its lines. */
export function block(value, longest = 50_000) {
  return h("pre", { class: "text", tabindex: "0", dir: "auto" }, visible(value, longest));
}

/** Return `value` as indented JSON, or as the text that it is, in an element that keeps its lines. */
export function json(value, longest = 50_000) {
  return block(typeof value === "string" ? value : JSON.stringify(value, null, 2), longest);
}

function spelt(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** Return an element with the time `iso`: the hour, and the day unless it is that of `now`. */
export function time(iso, now = null) {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return h("span", {}, visible(iso));
  const isToday = now !== null && DAY.format(moment) === DAY.format(now);
  const text = isToday ? TIME.format(moment) : `${DAY.format(moment)}, ${TIME.format(moment)}`;
  return h("time", { datetime: iso, title: `${iso} (UTC)` }, text);
}

export const dayOf = (moment) => DAY.format(moment);
export const timeOf = (moment) => TIME.format(moment);
export const inOslo = (moment) => OSLO.format(moment);

/** Return an element with the day or, on that of `now`, the hour of `iso`. */
export function when(iso, now) {
  const moment = new Date(iso);
  const text = DAY.format(moment) === DAY.format(now) ? TIME.format(moment) : DAY.format(moment);
  return h("time", { datetime: iso, title: `${iso} (UTC)` }, text);
}

/** Return about how long `milliseconds` are, in words. */
export function span(milliseconds) {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const units = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [name, size] = units.find(([, length]) => seconds >= length) ?? units[3];
  const count = Math.round(seconds / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
