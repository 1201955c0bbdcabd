// Requests as curl commands, for a shell of POSIX.

const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "traceparent"]);

/** Return the curl that sends `request`, an entry of the journal, again. */
export function curlOf(request) {
  const parts = [`curl -sS -X ${quoted(request.method)} ${quoted(`${location.origin}${request.path}`)}`];
  for (const [name, value] of Object.entries(request.requestHeaders))
    if (!LEFT_OUT.has(name.toLowerCase())) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.requestBody !== null) {
    const body = typeof request.requestBody === "string" ? request.requestBody : JSON.stringify(request.requestBody);
    parts.push(`--data-raw ${quoted(body)}`);
  }
  return parts.join(" \\\n  ");
}

/** Return `text` as one word of a shell. */
export function quoted(text) {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
