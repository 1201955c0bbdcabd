// A chain of the modern API, tested with node:test: token, create, travel, cancel, 409, message.
//   MOCK=http://localhost:5090 node --test examples/chain.test.ts    (Node 22.18 or later)
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

interface Receipt {
  notification: { shipmentId: string; reminders: { shipmentId: string }[] };
}
interface Message {
  subject: string;
  status: string;
}

// A sandbox has orders, a clock and faults of its own, so tests may run at the same time.
const sandbox = `${process.env.MOCK ?? "http://localhost:5090"}/__sandbox/chain-in-typescript`;
const api = `${sandbox}/notifications/api/v1`;
const control = `${sandbox}/__mock`;

async function call(method: string, url: string, body?: object, token?: string): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  return fetch(url, { method, headers, body: body && JSON.stringify(body) });
}

async function read<T>(answer: Promise<Response>): Promise<T> {
  return (await (await answer).json()) as T;
}

beforeEach(() => call("POST", `${control}/reset`));

test("a reminder can still be cancelled when the main order was sent", async () => {
  const { token } = await read<{ token: string }>(call("POST", `${control}/tokens`, { org: "ttd" }));
  const due = new Date(Date.now() + 3_600_000).toISOString();
  const recipient = (subject: string) => ({
    recipientEmail: {
      emailAddress: "kari@example.com",
      emailSettings: { subject, body: "Log in to read it.", sendingTimePolicy: "Anytime" },
    },
  });
  const chain = {
    idempotencyId: "invoice-4711",
    requestedSendTime: due,
    recipient: recipient("New invoice"),
    reminders: [{ delayDays: 1, recipient: recipient("An invoice awaits you") }],
  };
  const created = await call("POST", `${api}/future/orders`, chain, token);
  assert.equal(created.status, 201);
  const { notification } = (await created.json()) as Receipt;
  const cancel = (id: string) => call("PUT", `${api}/orders/${id}/cancel`, undefined, token);

  await call("POST", `${control}/clock/advance`, { duration: "PT1H5M" });

  assert.equal((await cancel(notification.shipmentId)).status, 409);
  assert.equal((await cancel(notification.reminders[0].shipmentId)).status, 200);
  const { messages } = await read<{ messages: Message[] }>(
    call("GET", `${control}/messages?recipient=kari@example.com&sent=true`),
  );
  assert.deepEqual(messages.map(({ subject, status }) => `${subject}: ${status}`), [
    "New invoice: Delivered",
  ]);
});
