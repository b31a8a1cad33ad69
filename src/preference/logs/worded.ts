/** A value as text, whatever it is: JSON may hold objects whose own `toString` is none, which cannot be made into text as others are. */
export function worded(value: unknown): string {
  try {
    return String(value);
  } catch {
    return JSON.stringify(value);
  }
}
