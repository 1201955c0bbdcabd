// The words of the service and of the mock, and what each means.

/** The internal statuses of an order, in the order of its life. */
export const STATUSES = {
  Registered: "Waits for its send time. The API cancels it until five minutes before.",
  Processing: "Picked up: its send condition is asked, or its messages are being made.",
  Processed: "Its messages are made, and not all of them have a final result.",
  Completed: "Every message has a final result.",
  SendConditionNotMet: "Its send condition said no, so nothing was sent.",
  Cancelled: "Cancelled in time, so nothing is sent.",
};

/** The presets of faults. */
export const FAULT_PRESETS = {
  unavailable: "503, with Retry-After in seconds",
  "unavailable-until": "503, with Retry-After as a date",
  "rate-limited": "429, with Retry-After in seconds",
  "rate-limited-until": "429, with Retry-After as a date",
  "internal-error": "500",
  "bad-gateway": "502",
  "gateway-timeout": "504",
  slow: "Right, but two seconds late",
  reset: "The connection is reset",
  "reset-once": "The connection is reset, once",
  "truncate-once": "The answer breaks off halfway, once",
  "hang-once": "No answer comes, once",
};

/** The presets of tokens, with the answer that each gets. */
export const TOKEN_PRESETS = {
  valid: ["Accepted", ""],
  expired: ["Expired an hour ago", "401"],
  notYetValid: ["Valid in an hour from now", "401"],
  wrongScope: ["A scope that opens nothing", "403"],
  noOrg: ["Of no organisation", "403"],
  user: ["Of a person, not of an organisation", "403"],
  badSignature: ["Signed with another key", "401"],
  unsigned: ["Not signed at all", "401"],
};

/** Presets that only a bearer token can have. */
export const BEARER_ONLY = ["wrongScope", "noOrg", "user"];

/** The results of a message, by channel. */
export const RESULTS = {
  Email: ["New", "Sending", "Succeeded", "Delivered", "Failed", "Failed_RecipientReserved", "Failed_RecipientNotIdentified", "Failed_InvalidEmailFormat", "Failed_SupressedRecipient", "Failed_TransientError", "Failed_Bounced", "Failed_FilteredSpam", "Failed_Quarantined", "Failed_TTL", "Failed_InvalidSasUrl", "Failed_PayloadTooLarge"],
  Sms: ["New", "Sending", "Accepted", "Delivered", "Failed", "Failed_InvalidRecipient", "Failed_RecipientReserved", "Failed_BarredReceiver", "Failed_Deleted", "Failed_Expired", "Failed_Undelivered", "Failed_RecipientNotIdentified", "Failed_Rejected", "Failed_TTL"],
};

/** What the events are that time brings to an order. */
export const EVENTS = {
  cancellationEnd: "It can no longer be cancelled",
  pickUp: "It is picked up",
  condition: "Its send condition is asked again",
  retry: "It is tried again",
  send: "A message is sent",
  report: "A message is reported on",
  giveUp: "A message is given up",
  feed: "It shows in the status feed",
};

const MEANINGS = {
  New: "Waits to be sent.",
  Sending: "Handed to its carrier.",
  Succeeded: "The carrier took it; it has not reported on it yet.",
  Accepted: "The carrier took it; it has not reported on it yet.",
  Delivered: "The recipient has it.",
  Failed_RecipientReserved: "Not sent: the recipient is reserved against digital messages, and the order does not say ignoreReservation.",
  Failed_RecipientNotIdentified: "Not sent: the register knows no address of the recipient.",
  Failed_Bounced: "The recipient's server sent it back.",
  Failed_TTL: "Given up: no report came in time.",
};

/** Return what the result `result` of a message means, in a sentence. */
export function meaningOf(result) {
  return MEANINGS[result] ?? (result.startsWith("Failed") ? "It was not delivered." : "");
}

/** Return the tone in which `word`, a status or result, is shown. */
export function toneOf(word) {
  if (word === "Completed" || word === "Delivered") return "good";
  if (word.startsWith("Failed")) return "bad";
  if (word === "Cancelled" || word === "SendConditionNotMet") return "off";
  if (word === "Registered" || word === "New") return "wait";
  return "busy";
}
