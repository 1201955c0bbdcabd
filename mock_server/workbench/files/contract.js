// The contract that is served: its operations, and the scopes that they ask for.
import { scopes } from "../ui/contract.js";

let reading = null;

/** Return the ids of the operations of the orders API. */
export async function operationsOf() {
  const contract = await read();
  const operations = Object.values(contract.paths ?? {}).flatMap(Object.values);
  return operations.map((operation) => operation?.operationId).filter(Boolean);
}

/** Return every scope that an operation asks for, separated by spaces. */
export async function everyScope() {
  return scopes(await read());
}

function read() {
  reading ??= fetch(new URL("../notifications/api/v1/openapi.json", document.baseURI)).then((answer) => answer.json());
  return reading;
}
