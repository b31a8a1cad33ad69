/**
 * A text in which halves of surrogate pairs are replaced by U+FFFD, as `toWellFormed` of ES2024 does. Such halves cannot be written
 * as UTF-8: files would hold another text, and other programs refuse it.
 */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
