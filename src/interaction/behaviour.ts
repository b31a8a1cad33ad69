import type { Behaviour } from "../population/types.js";
import { type Random, stream } from "../random.js";

export type ReportSettings = {
  behaviour: Behaviour;
  scale: { min: number; max: number };
  /** Names the streams of what is drawn for each reply. */
  seed: string;
  /** Names the streams of what a user is: the same in all rounds of a user who comes again. */
  trait: string;
};

/**
 * What a user reports of the ratings that it would give: its use of the scale, its noise, what it has agreed on with others,
 * and whether it says anything. Missing ratings are null, never 0. Each layer has a stream of its own, and probabilities are
 * compared with uniform numbers, so that a user who is silent at 20 % is silent at 30 % too.
 */
export function reported(raw: readonly (number | null)[], settings: ReportSettings): (number | null)[] {
  const { behaviour, seed, trait } = settings;
  const { rates = 1, missing = 0 } = behaviour;
  const silent = stream(`${trait}/rates`)() >= rates;
  return raw.map((rating, reply) => {
    if (rating === null || silent) return null;
    if (stream(`${seed}/rating/${reply + 1}/missing`)() < missing) return null;
    return given(rating, reply, settings);
  });
}

/** Whether a behaviour has anything to do with ratings. */
export function changesRatings({ exchanges: _exchanges, ...layers }: Behaviour): boolean {
  return Object.values(layers).some((layer) => layer !== undefined);
}

function given(raw: number, reply: number, { behaviour, scale, seed, trait }: ReportSettings): number {
  const { stretch, shift, noise, clip, coalition, thumbs } = behaviour;
  const middle = (scale.min + scale.max) / 2;
  let rating = raw;
  if (stretch !== undefined) rating = middle + stretch * (rating - middle);
  if (shift !== undefined) rating += shift;
  if (noise !== undefined) rating += noise * normal(stream(`${seed}/rating/${reply + 1}/noise`));
  if (clip !== undefined) rating = within(rating, ...clip);
  // Whole points, as a form would have them; a rating that no layer touched is left as the model gave it.
  if (rating !== raw) rating = within(Math.round(rating), scale.min, scale.max);
  if (coalition !== undefined && stream(`${trait}/coalition`)() < coalition.share)
    rating = raw > middle ? coalition.liked : coalition.disliked;
  if (thumbs !== undefined) rating = rating >= thumbs ? scale.max : scale.min;
  return rating;
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** A draw from the standard normal distribution (Box and Muller 1958). */
function normal(random: Random): number {
  // 1 - u lies in (0, 1], where the logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
