import type { DrawRequest, Persona } from "../../src/population/index.js";

const persona = (name: string, thought: Persona["thought"]): Persona => ({
  name,
  description: "",
  thought,
  style: "",
  rating: "",
});

export const personas = {
  benign: persona("benign", "benign"),
  biased: persona("biased", "biased"),
  fan: persona("fan", "biased"),
};

/** A pack in which every opening names its situation, person and number, so that it can be recognised. */
export const pack = (situations: number, people = 4, openings = 3): DrawRequest["pack"] => ({
  situations: Array.from({ length: situations }, (_, s) => ({
    id: `s${s}`,
    topic: "topic",
    task: "task",
    benign: "",
    biased: "",
    users: Array.from({ length: people }, (_, p) => ({
      background: `s${s} p${p}`,
      openings: {
        benign: Array.from({ length: openings }, (_, o) => `s${s} p${p} o${o}`),
        biased: Array.from({ length: openings }, (_, o) => `s${s} p${p} o${o}`),
      },
    })),
  })),
});
