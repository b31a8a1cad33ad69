// A stage between ratings and training: it keeps conversations back, changes what they are ranked by, or changes the rows.
// Check that it is right:     candor check FILE --allow-modules
// In a scenario:              preference: { defences: [{ kind: module, path: FILE, options: { least: 6 } }] }
// Then:                       candor run scenario.yaml --allow-modules
//
// This one keeps a conversation back where the user gave two replies very different marks, and drops rows that say the same.

// Called once, with `options` of the scenario. Gives `screen`, `amend` or both.
export default ({ least = 6 }) => ({
  kind: "NAME",

  // Gets conversations, each with messages, ratings and reward (null where a rating is missing). Gives some of them back; their
  // `reward`, by which they are then ranked, may be changed. None may be added.
  screen: (candidates, context) =>
    candidates.filter(({ ratings }) => {
      const marks = ratings.filter((mark) => mark !== null);
      return marks.length < 2 || Math.max(...marks) - Math.min(...marks) < least;
    }),

  // Gets the rows that training will see ({ method, rows }), and gives them back, changed or not. With `source: direct`
  // or `mixture` there are no conversations, and this is the only part that is called.
  amend: (data, context) => {
    const seen = new Set();
    const rows = data.rows.filter((row) => {
      const key = JSON.stringify([row.prompt, row.completion ?? row.chosen]);
      return !seen.has(key) && seen.add(key);
    });
    return { ...data, rows };
  },

  // `context` has: round, method, users (by id), seed (a prefix for random draws: let them hang on it and on a conversation's id
  // alone), taught() (what earlier rounds learnt from) and keep() (results that are dear, kept over interruptions).
});
