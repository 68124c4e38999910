/** Enter that ends a field, and not one that only takes the input method's proposal (229 where browsers say no more). */
export function isCommit(event: KeyboardEvent): boolean {
  return !event.isComposing && event.keyCode !== 229;
}
