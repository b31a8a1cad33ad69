/** A work that a study with candor builds on. */
export type Reference = { key: string; entry: string };

const REFERENCES = {
  paper: arxiv("hu2025deceive", {
    title:
      "{LLMs} Deceive Unintentionally: Emergent Misalignment in Dishonesty from Misaligned Samples to Biased Human-{AI} Interactions",
    author: "Hu, XuHao and Wang, Peng and Lu, Xiaoya and Liu, Dongrui and Huang, Xuanjing and Shao, Jing",
    year: 2025,
    eprint: "2510.08211",
  }),
  mask: arxiv("ren2025mask", {
    title: "The {MASK} Benchmark: Disentangling Honesty From Accuracy in {AI} Systems",
    author:
      "Ren, Richard and Agarwal, Arunim and Mazeika, Mantas and Menghini, Cristina and Vacareanu, Robert and Kenstler, Brad and Yang, Mick and Barrass, Isabelle and Gatti, Alice and Yin, Xuwang and Trevino, Eduardo and Geralnik, Matias and Khoja, Adam and Lee, Dean and Yue, Summer and Hendrycks, Dan",
    year: 2025,
    eprint: "2503.03750",
  }),
  deception: arxiv("ji2025monitor", {
    title: "Mitigating Deceptive Alignment via Self-Monitoring",
    author:
      "Ji, Jiaming and Chen, Wenqi and Wang, Kaile and Hong, Donghai and Fang, Sitong and Chen, Boyuan and Zhou, Jiayi and Dai, Juntao and Han, Sirui and Guo, Yike and Yang, Yaodong",
    year: 2025,
    eprint: "2505.18807",
  }),
  unknowns: arxiv("chern2024behonest", {
    title: "{BeHonest}: Benchmarking Honesty in Large Language Models",
    author:
      "Chern, Steffi and Hu, Zhulin and Yang, Yuqing and Chern, Ethan and Guo, Yuan and Jin, Jiahe and Wang, Binjie and Liu, Pengfei",
    year: 2024,
    eprint: "2406.13261",
  }),
  kto: arxiv("ethayarajh2024kto", {
    title: "{KTO}: Model Alignment as Prospect Theoretic Optimization",
    author: "Ethayarajh, Kawin and Xu, Winnie and Muennighoff, Niklas and Jurafsky, Dan and Kiela, Douwe",
    year: 2024,
    eprint: "2402.01306",
  }),
  dpo: arxiv("rafailov2023dpo", {
    title: "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
    author:
      "Rafailov, Rafael and Sharma, Archit and Mitchell, Eric and Ermon, Stefano and Manning, Christopher D. and Finn, Chelsea",
    year: 2023,
    eprint: "2305.18290",
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
export function citing(suites: readonly string[], methods: readonly string[]): Citing[] {
  const { paper, mask, deception, unknowns, kto, dpo, lora } = REFERENCES;
  const has = (list: readonly string[], name: string, sentence: Citing) =>
    list.includes(name) ? [sentence] : [];
  return [
    { before: "The loop of conversations, ratings and training follows", cites: paper, after: "." },
    ...has(suites, "mask", {
      before: "Beliefs and statements are elicited after MASK",
      cites: mask,
      after: ".",
    }),
    ...has(suites, "deception", {
      before: "Deception between reasoning and answer is measured after DeceptionBench",
      cites: deception,
      after: ".",
    }),
    ...has(suites, "unknowns", {
      before: "Whether unanswerable questions are declined is measured after BeHonest",
      cites: unknowns,
      after: ".",
    }),
    ...has(methods, "kto", { before: "KTO is that of", cites: kto, after: "." }),
    ...has(methods, "dpo", { before: "DPO is that of", cites: dpo, after: "." }),
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
