// Which sandbox this page belongs to, and where others are: told by its own address.

const ADDRESS = /^(.*?)(?:\/__sandbox\/([^/]+))?\/__mock\/$/i;
const [, root, name] = ADDRESS.exec(location.pathname) ?? [null, "", undefined];

/** The name of this page's sandbox. */
export const sandboxName = decodeURIComponent(name ?? "default");

/** The URL of this page's sandbox, without a slash at its end. */
export const sandboxUrl = `${location.origin}${location.pathname.replace(/\/__mock\/$/i, "")}`;

/** The URL of the orders API of this sandbox. */
export const apiUrl = `${sandboxUrl}/notifications/api/v1`;

/** Return the address of the workbench of the sandbox `other`. */
export function workbenchOf(other) {
  return other === "default" ? `${root}/__mock/` : `${root}/__sandbox/${encodeURIComponent(other)}/__mock/`;
}
