/** A copy without Vue's proxies, which IndexedDB cannot store. For what would travel as JSON anyway. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
