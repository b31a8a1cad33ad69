import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";

/** What a phone of 390 pixels has beside a page's margins; letters of 12 pixels are still read at four fifths of their size. */
const PHONE = 480;

const PAGES = [
  "README.md",
  ...readdirSync(packageFile("docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

it.each(PAGES)(
  "every drawing of %s can be read on a phone: it is narrow, or has a narrow one beside it",
  (page) => {
    const text = readFileSync(packageFile(page), "utf8");
    const pictures = [...text.matchAll(/<picture>[\s\S]*?<\/picture>/gu)].map(([picture]) => picture);
    const alone = text.replaceAll(/<picture>[\s\S]*?<\/picture>/gu, "");
    const images = [...alone.matchAll(/!\[[^\]]+\]\(([^)]+\.svg)\)/gu)].map(([, path]) => path!);
    const at = (path: string) => packageFile(join(dirname(page), path));
    for (const picture of pictures) {
      expect(picture).toMatch(/media="\(max-width: 600px\)"/u);
      expect(existsSync(at(attribute(picture, "src")))).toBe(true);
      expect(attribute(picture, "alt")).not.toBe("");
      images.push(attribute(picture, "srcset"));
    }
    if (page === "README.md") expect(pictures.length).toBeGreaterThan(0);
    for (const path of images) expect(widthOf(at(path)), path).toBeLessThanOrEqual(PHONE);
  },
);

it("shows every drawing that is kept on some page, and draws no band: one interval stands where it is read", () => {
  const shown = PAGES.map((page) => readFileSync(packageFile(page), "utf8")).join("\n");
  for (const name of readdirSync(packageFile("docs/figures"))) {
    expect(shown, name).toContain(`figures/${name}`);
    const svg = name.endsWith(".svg") ? readFileSync(packageFile(`docs/figures/${name}`), "utf8") : "";
    expect(svg, name).not.toContain("mark-area");
  }
});

function attribute(html: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`, "u").exec(html)?.[1] ?? "";
}

function widthOf(file: string): number {
  return Number(/<svg\b[^>]*\swidth="([\d.]+)"/u.exec(readFileSync(file, "utf8"))?.[1]);
}
