// Parts that panels are made of: a list with a detail beside it, pills, pairs.
import { button, h, icon } from "./dom.js";
import { line, time, visible } from "./text.js";
import { toneOf } from "./terms.js";

const PAGE = 50;

/** Return `word` as a pill in the tone of what it means. */
export function pill(word, tone = toneOf(word)) {
  return h("span", { class: `pill ${tone}` }, visible(word, 60));
}

/** Return `pairs` of term and description as a list; those without a description are left out. */
export function pairs(list) {
  const kept = list.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "pairs" }, kept.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))));
}

/** Return `steps` of `{word, at, why}` as a timeline, with `next` at its end if there is something. */
export function timeline(steps, now, next = null) {
  const items = steps.map(({ word, at, why }) => h("li", { class: toneOf(word) }, h("p", {}, pill(word), " ", time(at, now)), why && h("p", { class: "quiet" }, line(why))));
  return h("ol", { class: "timeline" }, items, next && h("li", { class: "next" }, next));
}

/** Show `elements`, each with a `data-key`, in `list`; what did not change stays as it is. */
export function showRows(list, elements) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("[data-key]").dataset.key : null;
  const shown = elements.map((element) => {
    const before = old.get(element.dataset.key);
    return before?.isEqualNode(element) ? before : element;
  });
  if (shown.length === list.children.length && shown.every((element, index) => element === list.children[index])) return;
  list.replaceChildren(...shown);
  if (focused !== null && !list.contains(document.activeElement))
    shown.find((element) => element.dataset.key === focused)?.querySelector("a, button")?.focus({ preventScroll: true });
}

/**
 * Show `element` as the only child of `place`, unless that is what it shows; the focus stays.
 *
 * Of a list that scrolls by itself, the item of the class `this` is brought into sight.
 */
export function showPart(place, element) {
  const before = place.firstElementChild;
  if (before?.isEqualNode(element)) return;
  const index = focusable(place).indexOf(document.activeElement);
  place.replaceChildren(element);
  const item = place.querySelector(".this");
  // Not scrollIntoView, from where the next press of Tab would go on.
  if (item) item.parentElement.scrollTop = item.offsetTop;
  if (index >= 0) (focusable(place)[index] ?? place).focus({ preventScroll: true });
}

function focusable(place) {
  return [...place.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
}

/**
 * A list, and beside it the detail of the item that was chosen; on a phone one or the other.
 *
 * `load({limit, after, place})` gives `{items, total}` or `{items, more}`, newest first: those after
 * the item `after`, which are as many as `place` from the start. `row(item)` gives the children of a
 * link, `keyOf(item)` what the address names it by, `detail(id)` an element, `empty()` what stands
 * for no items.
 */
export class Split {
  constructor(root, { name, title, tools = [], filters = [], load, row, keyOf, detail, empty, hint }) {
    Object.assign(this, { root, name, load, row, keyOf, detailOf: detail, empty, hint });
    this.id = null;
    this.asked = 0; // how often something was asked for, and which answers are shown
    this.shown = { page: 0, detail: 0 };
    this.before = []; // what each page that was left came after
    this.after = null;
    this.rows = h("ol", { class: "rows", "aria-label": title, onkeydown: moveAmongRows });
    this.told = h("p", { class: "told" });
    this.newer = button("Newer", () => this.turn(-1));
    this.older = button("Older", () => this.turn(1));
    this.pager = h("nav", { class: "pager", "aria-label": "Pages" }, this.newer, this.told, this.older);
    this.place = h("div", { class: "place" });
    this.nothing = h("div", { class: "nothing" });
    const back = h("h1", { class: "back" }, h("a", { href: `#/${name}` }, icon("back"), title));
    const heading = h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, title), h("div", { class: "tools" }, tools));
    const filled = filters.length ? h("div", { class: "filters", role: "group", "aria-label": `Which ${title.toLowerCase()}` }, filters) : null;
    this.list = h("div", { class: "list" }, heading, filled, this.nothing, this.rows, this.pager);
    this.side = h("section", { class: "detail", "aria-label": "Detail", tabindex: "-1" }, back, this.place);
    root.replaceChildren(h("div", { class: "split" }, this.list, this.side));
  }

  /** Load the list, and the detail if one is open. */
  async refresh() {
    await this.loadPage();
    await this.showDetail();
  }

  /** Tell whether the answer of what was asked for as number `turn` is newer than what is shown. */
  isNewer(part, turn) {
    if (turn < this.shown[part]) return false;
    this.shown[part] = turn;
    return true;
  }

  async loadPage() {
    const { after } = this;
    const place = this.before.length * PAGE;
    const turn = ++this.asked;
    let page;
    try {
      page = await this.load({ limit: PAGE, after, place });
    } catch (error) {
      if (error.status !== 400 || after === null) throw error;
      return this.restart(); // what the page came after is gone
    }
    if (after !== this.after || !this.isNewer("page", turn)) return undefined;
    const { items, total = null } = page;
    const [first, last] = [place + 1, place + items.length];
    this.lastKey = items.length ? this.keyOf(items.at(-1)) : null;
    const of = total === null ? "" : ` of ${total.toLocaleString("en")}`;
    this.told.textContent = items.length ? `${first.toLocaleString("en")} to ${last.toLocaleString("en")}${of}` : "";
    this.newer.hidden = this.before.length === 0;
    this.older.hidden = !(page.more ?? last < total);
    this.pager.hidden = !items.length;
    this.nothing.replaceChildren(...(items.length ? [] : [this.empty()]));
    showRows(this.rows, items.map((item) => this.rowOf(item)));
    return undefined;
  }

  /** Open the detail of `id`, or none where it is null. */
  async show(id) {
    const before = this.id;
    this.id = id;
    this.root.firstElementChild.classList.toggle("open", id !== null);
    for (const row of this.rows.children) mark(row, row.dataset.key === id);
    await this.showDetail();
    const isPhone = getComputedStyle(this.list).display === "none";
    if (id !== null && isPhone) this.side.focus();
    if (id === null && before !== null) this.rowNamed(before)?.focus();
  }

  rowNamed(id) {
    return [...this.rows.children].find((row) => row.dataset.key === id)?.querySelector("a");
  }

  rowOf(item) {
    const key = this.keyOf(item);
    const link = h("a", { class: "row", href: `#/${this.name}/${encodeURIComponent(key)}` }, this.row(item));
    const made = h("li", { "data-key": key }, link);
    mark(made, key === this.id);
    return made;
  }

  async showDetail() {
    const { id } = this;
    const turn = ++this.asked;
    if (id === null) return showPart(this.place, h("p", { class: "hint" }, this.hint));
    let element;
    try {
      element = await this.detailOf(id);
    } catch (error) {
      element = h("p", { class: "hint" }, error.message);
    }
    return this.id === id && this.isNewer("detail", turn) && showPart(this.place, element);
  }

  /** Turn to the next page, or with -1 to the one before. */
  async turn(step) {
    if (step > 0) {
      this.before.push(this.after);
      this.after = this.lastKey;
    } else this.after = this.before.pop() ?? null;
    await this.loadPage();
    this.list.scrollTo(0, 0);
  }

  /** Begin again with the first page, as after another filter. */
  async restart() {
    Object.assign(this, { before: [], after: null });
    await this.loadPage();
  }
}

function mark(row, isOpen) {
  const link = row.firstElementChild;
  if (isOpen) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

function moveAmongRows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...event.currentTarget.querySelectorAll("a.row")];
  const next = links[links.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
