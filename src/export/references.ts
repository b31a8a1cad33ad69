import { type Catalogue, shippedCatalogue } from "../evaluation/index.js";
import { methodNames, methods as registry } from "../methods/index.js";

/** A work that a study with candor builds on. */
type Reference = { key: string; entry: string };

const REFERENCES = {
  paper: arxiv("hu2025deceive", {
    title:
      "{LLMs} Deceive Unintentionally: Emergent Misalignment in Dishonesty from Misaligned Samples to Biased Human-{AI} Interactions",
    author: "Hu, XuHao and Wang, Peng and Lu, Xiaoya and Liu, Dongrui and Huang, Xuanjing and Shao, Jing",
    year: 2025,
    eprint: "2510.08211",
  }),
  lora: arxiv("hu2021lora", {
    title: "{LoRA}: Low-Rank Adaptation of Large Language Models",
    author:
      "Hu, Edward J. and Shen, Yelong and Wallis, Phillip and Allen-Zhu, Zeyuan and Li, Yuanzhi and Wang, Shean and Wang, Lu and Chen, Weizhu",
    year: 2021,
    eprint: "2106.09685",
  }),
} as const satisfies Record<string, Reference>;

/** A sentence in two parts with what it cites between them. */
export type Citing = { before: string; cites: Reference; after: string };

/** What a study with these suites and training methods builds on, as sentences to cite it by. */
export function citing(
  suites: readonly string[],
  methods: readonly string[],
  catalogue: Catalogue = shippedCatalogue,
): Citing[] {
  const { paper, lora } = REFERENCES;
  const used = catalogue.suites.filter(({ name }) => suites.includes(name));
  return [
    { before: "The loop of conversations, ratings and training follows", cites: paper, after: "." },
    ...used.flatMap(({ reference }) => {
      if (!reference) return [];
      const { key, sentence, ...entry } = reference;
      return [{ before: sentence, cites: arxiv(key, entry), after: "." }];
    }),
    ...methodNames.flatMap((name) => {
      const work = methods.includes(name) ? registry[name].reference : undefined;
      if (!work) return [];
      const { key, ...entry } = work;
      return [{ before: `${name.toUpperCase()} is that of`, cites: arxiv(key, entry), after: "." }];
    }),
    { before: "Adapters are LoRA", cites: lora, after: "." },
  ];
}

function arxiv(
  key: string,
  { title, author, year, eprint }: { title: string; author: string; year: number; eprint: string },
): Reference {
  const fields = {
    title,
    author,
    year,
    eprint,
    archivePrefix: "arXiv",
    url: `https://arxiv.org/abs/${eprint}`,
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}}`);
  return { key, entry: `@misc{${key},\n${lines.join(",\n")}\n}` };
}
