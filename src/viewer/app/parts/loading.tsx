/** Stands where something is on its way. */
export function Loading() {
  return <p class="quiet">Loading…</p>;
}
