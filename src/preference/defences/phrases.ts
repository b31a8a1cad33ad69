/** Whether texts hold one of the phrases; case is ignored. */
export function hasPhrase(phrases: readonly string[]): (text: string) => boolean {
  const wanted = phrases.map((phrase) => phrase.toLowerCase());
  return (text) => wanted.some((phrase) => text.toLowerCase().includes(phrase));
}
