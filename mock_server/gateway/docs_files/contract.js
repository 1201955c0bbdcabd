// What the page does to a contract before it is shown. Nothing here touches the page.

/**
 * Return `contract` with the server at `url` as its only one, wherever it names servers.
 *
 * The others are real environments, which a token of the mock opens nothing of.
 */
export function servedAt(url, contract) {
  const paths = Object.entries(contract.paths ?? {}).map(([path, item]) => [path, bare(item)]);
  const servers = [{ url, description: "The mock that serves this page" }];
  return { ...contract, servers, paths: Object.fromEntries(paths) };
}

/** Return the names of the security schemes of `contract` that `wanted` tells apart. */
export function schemes(contract, wanted) {
  const all = Object.entries(contract.components?.securitySchemes ?? {});
  return all.filter(([, scheme]) => wanted(scheme)).map(([name]) => name);
}

/** Return every scope that an operation of `contract` asks for, separated by spaces. */
export function scopes(contract) {
  const operations = Object.values(contract.paths ?? {}).flatMap(Object.values);
  const asked = operations.flatMap((operation) => operation["x-required-scopes"] ?? []);
  return [...new Set(asked)].join(" ");
}

function bare({ servers, ...item }) {
  const members = Object.entries(item).map(([name, value]) => [name, withoutServers(value)]);
  return Object.fromEntries(members);
}

function withoutServers(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const { servers, ...rest } = value;
  return rest;
}
