// The control plane: every call that this page makes, and the token that it may ask for.
import { ask } from "./dialogs.js";

/** What is called, by operationId of control.yaml: method, and path below `/__mock/`. */
const CALLS = {
  resetSandbox: ["POST", "reset"],
  getClock: ["GET", "clock"],
  updateClock: ["PUT", "clock"],
  advanceClock: ["POST", "clock/advance"],
  advanceClockToNext: ["POST", "clock/next"],
  listControlOrders: ["GET", "orders"],
  createControlOrder: ["POST", "orders"],
  getControlOrder: ["GET", "orders/{id}"],
  deleteControlOrder: ["DELETE", "orders/{id}"],
  updateControlOrderStatus: ["PUT", "orders/{id}/status"],
  updateControlNotification: ["PUT", "orders/{id}/notifications/{notificationId}"],
  createChain: ["POST", "chains"],
  listMessages: ["GET", "messages"],
  getMessage: ["GET", "messages/{id}"],
  streamEvents: ["GET", "events"],
  getRegister: ["GET", "register"],
  replaceRegister: ["PUT", "register"],
  createToken: ["POST", "tokens"],
  listRequests: ["GET", "requests"],
  deleteRequests: ["DELETE", "requests"],
  listFaults: ["GET", "faults"],
  createFault: ["POST", "faults"],
  deleteFault: ["DELETE", "faults/{id}"],
  deleteFaults: ["DELETE", "faults"],
  listSandboxes: ["GET", "sandboxes"],
  deleteSandbox: ["DELETE", "sandboxes/{name}"],
};

const HEADER = "X-Mock-Control-Token";
const KEPT_AS = "altinn-notifications-mock.control-token";
const given = []; // who waits for a token
let asking = null;
let declined = false;

/** A refusal of the mock: its `problem` says what was wrong, and what to send instead. */
export class Refusal extends Error {
  constructor(problem, status) {
    const errors = Object.values(problem?.errors ?? {}).flat();
    super(problem?.detail ?? errors[0] ?? problem?.title ?? `The mock answered ${status}.`);
    this.status = status;
  }
}

/**
 * Call the operation `name` and return its JSON, null where there is none.
 *
 * `at` fills the path, `query` leaves out what is empty. Throws a `Refusal` for a problem, an
 * `Error` where there is no answer.
 */
export async function call(name, { at = {}, query = {}, body } = {}) {
  const answer = await send(name, { at, query, body });
  return answer.status === 204 ? null : answer.json();
}

/** Call the operation `name` and return the answer, whose body is still to come. */
export async function send(name, { at = {}, query = {}, body, signal, headers = {} } = {}) {
  const [method, template] = CALLS[name];
  const path = template.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(at[key]));
  const url = new URL(path, document.baseURI);
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(key, value);
  const asJson = body === undefined ? {} : { "Content-Type": "application/json" };
  for (;;) {
    const token = sessionStorage.getItem(KEPT_AS);
    const answer = await reach(url, {
      method,
      headers: { ...asJson, ...headers, ...(token === null ? {} : { [HEADER]: token }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
    if (answer.ok) return answer;
    if (answer.status !== 401) throw new Refusal(await answer.json().catch(() => null), answer.status);
    await another(token);
  }
}

async function reach(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The mock does not answer. Is it still running?");
  }
}

/** Ask for a control token in place of `refused`, once for all calls that wait for it. */
async function another(refused) {
  if (sessionStorage.getItem(KEPT_AS) !== refused) return;
  if (declined) throw withoutToken();
  asking ??= askForToken(refused).finally(() => (asking = null));
  await asking;
}

/** Let the token be asked for again, after it was not given. */
export function askAgain() {
  declined = false;
}

function withoutToken() {
  return new Refusal({ detail: "Without the control token nothing can be shown." }, 401);
}

/** Return once a control token was given. */
export function tokenGiven() {
  return new Promise((resolve) => given.push(resolve));
}

async function askForToken(refused) {
  const token = await ask({
    title: "This mock asks for its control token",
    text: refused === null ? "It was started with one." : "That is not the one. Is it spelt as it was given?",
    label: "Control token, as in serve --control-token",
    type: "password",
    yes: "Open the workbench",
  });
  declined = token === null;
  if (declined) throw withoutToken();
  sessionStorage.setItem(KEPT_AS, token);
  for (const resolve of given.splice(0)) resolve();
}
