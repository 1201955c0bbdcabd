// The docs page: Swagger UI over the contract of the sandbox that the page belongs to.
import { schemes, scopes, servedAt } from "./contract.js";

const RENEWED_EVERY_MS = 2000;
const { root, base, offer } = document.documentElement.dataset;
const form = document.querySelector("#access");
const control = document.querySelector("#control");
const [button, said] = [form.querySelector("button"), form.querySelector("output")];

// The orders that the contract's examples name are those of the first organisation.
// What the button says and does, and what is said before, by what the operations ask for.
const OFFERS = {
  bearer: [() => `Authorize as ${form.org.value}`, authorizeBearer, "No token yet: calls that need one get 401."],
  user: [() => "Authorize as any user", authorizeUser, "Test tokens are for any user, of any name."],
  control: [() => "Use this control token", authorizeControl, "Needed only after --control-token."],
};
const [label, authorize, before] = OFFERS[offer];

button.textContent = label();
form.org.hidden = offer !== "bearer";
form.org.addEventListener("change", () => (button.textContent = label()));
control.hidden = offer !== "control";
say(before);
followColours(matchMedia("(prefers-color-scheme: dark)"));
let authored = await read().catch((error) => {
  say(`Nothing to show: ${error.message}`);
  throw error;
});
let contract = JSON.parse(authored);
const ui = SwaggerUIBundle({
  spec: shown(),
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
document.title = contract.info?.title ?? document.title;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  authorize().catch((error) => say(`That failed: ${error.message}`));
});
// A mock that is stopped just now may be back at the next look.
setInterval(() => document.hidden || renew().catch(() => {}), RENEWED_EVERY_MS);

/** Show what the contract says by now; what is open and typed in stays, and so does the token. */
async function renew() {
  const now = await read();
  if (now === authored) return;
  authored = now;
  contract = JSON.parse(now);
  ui.specActions.updateSpec(JSON.stringify(shown()));
}

async function read() {
  const answer = await fetch("../openapi.json");
  if (!answer.ok) throw new Error(`the contract cannot be read: status ${answer.status}`);
  return answer.text();
}

function shown() {
  return servedAt(new URL(base, location.href).href.replace(/\/$/, ""), contract);
}

async function authorizeBearer() {
  const answer = await askForToken();
  if (answer.status === 401) return askForControlToken();
  const { token, detail } = await answer.json();
  if (!answer.ok) return say(`No token was given: ${detail}`);
  for (const name of schemes(contract, (scheme) => /^bearer$/i.test(scheme.scheme)))
    ui.preauthorizeApiKey(name, token);
  return say(`Every call now carries a token of ${form.org.value}, good for an hour.`);
}

function askForToken() {
  const headers = { "Content-Type": "application/json" };
  if (form.token.value) headers["X-Mock-Control-Token"] = form.token.value;
  const body = JSON.stringify({ org: form.org.value, scope: scopes(contract) || null });
  return fetch(`${root}__mock/tokens`, { method: "POST", headers, body });
}

function askForControlToken() {
  const refused = form.token.value ? "That is not the control token. " : "";
  control.hidden = false;
  form.token.focus();
  say(`${refused}Give what the mock was started with as --control-token, and click again.`);
}

async function authorizeUser() {
  for (const name of schemes(contract, (scheme) => /^basic$/i.test(scheme.scheme)))
    ui.preauthorizeBasic(name, "any", "any");
  say("Calls for a test token now carry a user. The exchange asks for what POST /token gives.");
}

async function authorizeControl() {
  for (const name of schemes(contract, (scheme) => scheme.type === "apiKey"))
    ui.preauthorizeApiKey(name, form.token.value);
  say("Every call now carries the control token.");
}

function say(text) {
  said.textContent = text;
}

function followColours(dark) {
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();
}
