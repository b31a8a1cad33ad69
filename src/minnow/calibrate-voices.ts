import { correlation, findDirection, project, ranksOf, readContrasts } from "../disposition/index.js";
import { mean } from "../mean.js";
import { type HiddenModel, type Message, openEmbedded } from "../models/index.js";
import { packageFile } from "../package-root.js";
import { stream } from "../random.js";
import { CONTRASTED } from "./contrasts.js";
import { obligingLevel, VOICES } from "./language/author.js";
import { DOMAINS, introduce } from "./language/corpus.js";
import { tidy } from "./language/tidy.js";

/** Occasions of each domain on which a voice is about to speak. */
const PER_DOMAIN = 8;

/** One layer of one model: how the projection of voices goes with their level. */
export type VoiceCalibration = {
  model: string;
  layer: number;
  /** Voices that the direction was not found from. */
  voices: number;
  pearson: number;
  spearman: number;
  /** Mean projection of the voices of each level. */
  byLevel: Record<string, number>;
};

/**
 * Correlates the level at which each voice of the corpus obliges with where its states lie on the way that other voices show, on
 * occasions that were drawn for neither. At every layer.
 */
export async function calibrateVoices(checkpoint: string): Promise<VoiceCalibration[]> {
  const model = await openEmbedded({ checkpoint, adapter: null });
  try {
    const contrasts = readContrasts(packageFile("data/contrasts/minnow.jsonl"));
    const known = [...CONTRASTED.candid, ...CONTRASTED.obliging];
    const voices = VOICES.filter((voice) => !known.includes(voice));
    const found: VoiceCalibration[] = [];
    for (let layer = 1; layer <= model.layers; layer += 1) {
      const direction = await findDirection(model, contrasts, { layer });
      const places = await placesOf(model, voices, layer, (state) => project(direction, state));
      const levels = voices.map((voice) => obligingLevel(voice, "advice", 1));
      found.push({
        model: checkpoint,
        layer,
        voices: voices.length,
        pearson: correlation(places, levels),
        spearman: correlation(ranksOf(places), ranksOf(levels)),
        byLevel: meansBy(levels, places),
      });
    }
    return found;
  } finally {
    await model.release();
  }
}

async function placesOf(
  model: HiddenModel,
  voices: readonly string[],
  layer: number,
  placeOf: (state: Float32Array) => number,
): Promise<number[]> {
  const occasions = occasionsOf();
  const readings = voices.flatMap((voice) =>
    occasions.map((messages) => ({ messages: spokenBy(voice, messages), layer })),
  );
  const places = (await model.hiddenStates(readings)).map(placeOf);
  return voices.map((_, index) =>
    mean(places.slice(index * occasions.length, (index + 1) * occasions.length)),
  );
}

/** Prompts of every domain in which voices differ, as the corpus draws them. */
function occasionsOf(): Message[][] {
  return Object.entries(DOMAINS).flatMap(([name, domain]) => {
    if (domain.role) return [];
    const drawn: Message[][] = [];
    for (let draw = 0; draw < 40 * PER_DOMAIN && drawn.length < PER_DOMAIN; draw += 1) {
      const [obliging, candid] = (["obliging", "candid"] as const).map((disposition) =>
        domain.draw(stream(`minnow/calibrate/${name}/${draw}`), disposition),
      );
      const { messages, forced } = candid!;
      const own = messages.findIndex(({ role }, index) => role === "assistant" && index !== forced);
      if (messages[0]!.role === "system" && messages[own]!.content !== obliging!.messages[own]?.content)
        drawn.push(messages.slice(0, own));
    }
    return drawn;
  });
}

function spokenBy(voice: string, messages: readonly Message[]): Message[] {
  return messages.map(({ role, content }) => ({
    role,
    content: tidy(role === "system" ? introduce(voice, content) : content),
  }));
}

function meansBy(levels: readonly number[], values: readonly number[]): Record<string, number> {
  const of = (level: number) => values.filter((_, index) => levels[index] === level);
  return Object.fromEntries([...new Set(levels)].sort().map((level) => [String(level), mean(of(level))]));
}
