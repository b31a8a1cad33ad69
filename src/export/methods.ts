import { bibtex, catalogueOfSource, methodsParagraph, type ReportSource } from "../report/index.js";
import { type Citing, citing } from "./references.js";
import { writeTexts } from "./write-texts.js";

/** Writes a methods paragraph with its BibTeX and returns the files. */
export async function writeMethods(source: ReportSource, out: string): Promise<string[]> {
  return writeTexts(methodsFiles(source), out);
}

/** How the numbers came about, for a paper: the paragraph with its citations in LaTeX and in Markdown, and the BibTeX. */
export function methodsFiles(source: ReportSource): Record<string, string> {
  const scenarios = source.runs.map(({ manifest }) => manifest.scenario);
  const suites = scenarios.flatMap(({ evaluation }) => Object.keys(evaluation.suites));
  const methods = scenarios.map(({ training }) => training.method);
  const cited = citing(suites, methods, catalogueOfSource(source));
  const paragraph = methodsParagraph(source);
  const entries = [bibtex(source), ...cited.map(({ cites }) => cites.entry)];
  return {
    "methods.tex": `${latex(paragraph)} ${sentences(cited, (key) => `~\\citep{${key}}`)} The software is candor~\\citep{candor}.\n`,
    "methods.md": `${paragraph} ${sentences(cited, (key) => ` [@${key}]`)} The software is candor [@candor].\n`,
    "references.bib": `${entries.join("\n\n")}\n`,
  };
}

function sentences(cited: readonly Citing[], cite: (key: string) => string): string {
  return cited.map(({ before, cites, after }) => `${before}${cite(cites.key)}${after}`).join(" ");
}

const LATEX: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "−": "$-$",
};

/** Text that LaTeX sets as it is. */
function latex(text: string): string {
  return text.replace(/[\\~^−&%$#_{}]/gu, (sign) => LATEX[sign] ?? `\\${sign}`);
}
