// Dialogs: a question, and one that has to be answered in words.
import { field, h } from "./dom.js";

/** Ask whether to go on; return whether the answer was yes. */
export async function confirm({ title, text, yes }) {
  return (await open({ title, text, yes, kind: "danger" })) !== null;
}

/** Ask for a text; return it, or null where none was given. */
export async function ask({ title, text, label, type = "text", value = null, yes }) {
  const step = type === "datetime-local" ? "1" : null;
  const input = h("input", { name: "answer", type, value, step, required: true, autocomplete: "off", spellcheck: "false" });
  return open({ title, text, yes, kind: "primary", parts: [field(label, input)] });
}

function open({ title, text, yes, kind, parts = [] }) {
  return new Promise((resolve) => {
    const form = h(
      "form",
      { onsubmit: done },
      h("h2", { id: "dialog-title" }, title),
      h("p", {}, text),
      parts,
      h("p", { class: "actions" }, h("button", { class: kind }, yes), h("button", { type: "button", onclick: () => dialog.close() }, "Cancel")),
    );
    const dialog = h("dialog", { "aria-labelledby": "dialog-title", onclose: ended }, form);
    let answer = null;
    document.body.append(dialog);
    dialog.showModal();

    function done(event) {
      event.preventDefault();
      answer = form.elements.answer?.value ?? "";
      dialog.close();
    }
    function ended() {
      dialog.remove();
      resolve(answer);
    }
  });
}
