// The HTML of an e-mail, in a frame that can neither run nor load anything.
import { h } from "./dom.js";

const LONGEST = 500_000;
const [LOWEST, TALLEST] = [80, 900];
const MOST_REMEMBERED = 50;
const REMOVED = "script, base, meta, link, iframe, frame, frameset, object, embed, video, audio, noscript";
const FRAMES = new Set(["iframe", "frame", "object", "embed", "video", "audio"]);
const KEPT_OUT = {
  script: ["script", "scripts"],
  image: ["image from elsewhere", "images from elsewhere"],
  style: ["style from elsewhere", "styles from elsewhere"],
  frame: ["frame", "frames"],
  form: ["form", "forms"],
  link: ["link, which leads nowhere here", "links, which lead nowhere here"],
};
const REMOTE = /url\(\s*["']?(?!\s*["']?data:)|@import/i;
const remembered = new Map(); // by fingerprint: how tall a body is, and what was kept out of it

/**
 * Return a frame with the HTML `body` of the e-mail `subject`, and a word on what was kept out.
 *
 * The frame is a file with a policy of its own, which forbids scripts, forms and whatever is not in
 * the e-mail itself; `sandbox` forbids it again. A blob would inherit the policy of this page.
 */
export function framed(body, subject) {
  const key = fingerprint(body);
  const { height, told } = remembered.get(key) ?? { height: LOWEST, told: "" };
  const frame = h("iframe", {
    class: "sheet",
    src: "workbench/message.html",
    sandbox: "allow-same-origin",
    title: `The e-mail ${subject}`,
    height,
    "data-of": key,
  });
  const note = h("p", { class: "quiet" }, told);
  frame.addEventListener("load", () => fill(frame, note, body), { once: true });
  return [frame, note];
}

function fill(frame, note, body) {
  // Of the frame, whose policy lets the e-mail keep its inline styles.
  const parser = new frame.contentWindow.DOMParser();
  const parsed = parser.parseFromString(body.slice(0, LONGEST), "text/html");
  const kept = keptOut(parsed, body);
  for (const element of parsed.querySelectorAll(REMOVED)) element.remove();
  for (const link of parsed.querySelectorAll("[href]")) {
    link.setAttribute("title", link.getAttribute("href"));
    link.removeAttribute("href");
  }
  const root = frame.contentDocument.adoptNode(parsed.documentElement);
  root.lang ||= "und";
  frame.contentDocument.documentElement.replaceWith(root);
  frame.contentDocument.title = "An e-mail";
  frame.height = String(Math.min(Math.max(root.scrollHeight + 2, LOWEST), TALLEST));
  note.textContent = kept.length ? `Kept out, so that nothing runs or is loaded: ${kept.join(", ")}.` : "";
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(frame.dataset.of, { height: frame.height, told: note.textContent });
}

/** Return in words what of `parsed`, the e-mail `body`, is not shown. */
function keptOut(parsed, body) {
  const counts = Object.fromEntries(Object.keys(KEPT_OUT).map((kind) => [kind, 0]));
  for (const element of parsed.querySelectorAll("*")) {
    if (element.localName === "script" || element.getAttributeNames().some((name) => name.startsWith("on"))) counts.script += 1;
    if (loadsImage(element)) counts.image += 1;
    if (loadsStyle(element)) counts.style += 1;
    if (FRAMES.has(element.localName)) counts.frame += 1;
    if (element.localName === "form") counts.form += 1;
    if (element.hasAttribute("href") && element.localName !== "link") counts.link += 1;
  }
  const told = Object.entries(counts).filter(([, count]) => count).map(([kind, count]) => `${count} ${KEPT_OUT[kind][count === 1 ? 0 : 1]}`);
  return body.length > LONGEST ? [...told, `all after the first ${LONGEST.toLocaleString("en")} characters`] : told;
}

function loadsImage(element) {
  const source = ["src", "srcset", "background", "poster"].map((name) => element.getAttribute(name)).find(Boolean);
  return Boolean(source) && !/^\s*data:/i.test(source) && element.localName !== "script" && element.localName !== "iframe";
}

function loadsStyle(element) {
  if (element.localName === "link") return true;
  return REMOTE.test(element.localName === "style" ? element.textContent : (element.getAttribute("style") ?? ""));
}

/** Return what tells two bodies apart, so that a frame is loaded anew only for another. */
function fingerprint(body) {
  let sum = body.length;
  const step = 1 + (body.length >> 12);
  for (let place = 0; place < body.length; place += step) sum = (sum * 31 + body.charCodeAt(place)) | 0;
  return String(sum);
}
