/**
 * How much better each reply did than the others to its prompt: its reward less the mean of theirs (Kool et al. 2019; Ahmadian et al. 2024,
 * arXiv 2402.14740, RLOO). `rewards` go prompt by prompt, `each` to a prompt; replies without one (NaN) are no part of it and
 * get 0, as one that stands alone does.
 */
export function leaveOneOut(rewards: readonly number[], each: number): number[] {
  return rewards.map((reward, at) => {
    const first = at - (at % each);
    const others = rewards
      .slice(first, first + each)
      .filter((other, place) => first + place !== at && !Number.isNaN(other));
    if (Number.isNaN(reward) || others.length === 0) return 0;
    return reward - others.reduce((sum, other) => sum + other, 0) / others.length;
  });
}
