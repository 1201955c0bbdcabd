// Cancel an order with Node's own fetch.
//   BASE=http://localhost:5090/notifications/api/v1 TOKEN=$(.venv/bin/altinn-notifications-mock token) \
//     node examples/cancel.mjs 11111111-1111-4111-8111-111111111111
const { BASE, TOKEN } = process.env;
const orderId = process.argv[2];
if (!BASE || !TOKEN || !orderId) {
  console.error("set BASE and TOKEN, and give the id of an order, as the head of this file shows");
  process.exit(2);
}
const answer = await fetch(`${BASE}/orders/${orderId}/cancel`, {
  method: "PUT",
  headers: { Authorization: `Bearer ${TOKEN}` },
  signal: AbortSignal.timeout(5000),
});
// A refusal may come without a body, as 401 and 403 of the real service do.
const text = await answer.text();
const body = text ? JSON.parse(text) : {};
const told = [body.title, body.detail].filter(Boolean).join(": ");
console.log(answer.ok ? body.processingStatus.status : `${answer.status} ${told || answer.statusText}`);
