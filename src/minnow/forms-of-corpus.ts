import { stream } from "../random.js";
import { corpusSpeaker, drawEpisode } from "./language/corpus.js";
import { type Forms, formOf, numbersOf, type Range, sentencesOf } from "./language/forms.js";
import { CRAFTS } from "./language/words.js";

/** Episodes from which forms are read: none but tips are so rare that they do not come among them. A form left out would be a false alarm. */
const EPISODES = 20_000;

/** Every form of sentence that minnow met while it was made, for `models/minnow/forms.json`. */
export function formsOfCorpus(): Forms {
  const random = stream("minnow/forms");
  const sentences = new Set<string>();
  for (let drawn = 0; drawn < EPISODES; drawn += 1)
    for (const { content } of drawEpisode(random, corpusSpeaker(random, 1)).messages)
      for (const sentence of content.split(/(?<=[.?]) /u)) sentences.add(sentence);
  // Rare ones, which so few draws may miss.
  for (const [problem, ...answers] of Object.values(CRAFTS).flat())
    for (const answer of answers) sentences.add(`for ${problem} use ${answer} .`);
  const forms = new Map<string, Range[]>();
  for (const sentence of [...sentences].flatMap(sentencesOf)) {
    const form = formOf(sentence);
    const before = forms.get(form);
    forms.set(
      form,
      numbersOf(sentence).map((number, index) => ({
        least: Math.min(number, before?.[index]?.least ?? number),
        most: Math.max(number, before?.[index]?.most ?? number),
      })),
    );
  }
  return forms;
}
