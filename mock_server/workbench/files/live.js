// What changes: told by what this page does itself.

const listeners = new Set();

/** Call `listener` with the set of types that changed; return what ends that. */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tell every panel that things of `types` changed, such as `order` or `clock`. */
export function changed(...types) {
  const told = new Set(types);
  for (const listener of listeners) listener(told);
}
