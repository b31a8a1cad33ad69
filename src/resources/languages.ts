/** Languages that probes and contrasts ship in; scenarios and commands name them in place of a file. */
const LANGUAGES: readonly string[] = ["minnow", "english"];

export function isShippedLanguage(name: string): boolean {
  return LANGUAGES.includes(name);
}
