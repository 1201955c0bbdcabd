// What changes in the sandbox, as it happens: by the event stream, and by what this page does.
import { send, tokenGiven } from "./control.js";

const [SOONEST_MS, LATEST_MS] = [500, 10_000];
const ALL = ["clock", "order", "message", "request", "fault", "register", "reset"];
const listeners = new Set();
let last = null; // the id of the last event
let stop = null;

/** Call `listener` with the set of types of what changed, such as `order` or `clock`. */
export function listen(listener) {
  listeners.add(listener);
}

/** Tell every listener that things of `types` changed. */
export function changed(...types) {
  const told = new Set(types);
  for (const listener of listeners) listener(told);
}

/**
 * Follow the event stream for as long as the page is seen; `show` is told whether it does.
 *
 * By `fetch`, since EventSource sends no control token. A page in the background lets go of it: a
 * browser has only six connections for all its tabs. Afterwards it goes on after the last event.
 */
export function follow(show) {
  document.addEventListener("visibilitychange", turn);
  turn();

  function turn() {
    stop?.abort();
    stop = null;
    if (document.hidden) return;
    stop = new AbortController();
    run(stop.signal, show);
  }
}

async function run(signal, show) {
  for (let pause = SOONEST_MS; !signal.aborted; pause = Math.min(pause * 2, LATEST_MS)) {
    try {
      const headers = last === null ? {} : { "Last-Event-ID": last };
      const answer = await send("streamEvents", { signal, headers });
      show(true);
      if (pause > SOONEST_MS) changed(...ALL); // who knows what was missed
      pause = SOONEST_MS;
      await read(answer.body);
    } catch (error) {
      show(false);
      // Not to be asked for over and over by who does not know it.
      if (error.status === 401) await tokenGiven();
    }
    show(false);
    await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : pause));
  }
}

async function read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    tell(blocks);
  }
}

/** Tell of the events in `blocks` of the stream, all of them at once. */
function tell(blocks) {
  const types = new Set();
  for (const block of blocks) {
    last = /^id: ?(.*)$/m.exec(block)?.[1] ?? last;
    const data = /^data: ?(.*)$/m.exec(block)?.[1];
    if (data) types.add(JSON.parse(data).type);
  }
  if (types.has("gap") || types.has("reset")) changed(...ALL);
  else if (types.size) changed(...types);
}
