import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";

/** What a phone of 390 pixels has beside a page's margins; letters of 12 pixels are still read at four fifths of their size. */
const PHONE = 480;

it("every figure of the first page can be read on a phone: it is narrow, or has a narrow drawing beside it", () => {
  const text = readFileSync(packageFile("README.md"), "utf8");
  const pictures = [...text.matchAll(/<picture>[\s\S]*?<\/picture>/gu)].map(([picture]) => picture);
  const alone = text.replaceAll(/<picture>[\s\S]*?<\/picture>/gu, "");
  const images = [...alone.matchAll(/!\[[^\]]+\]\(([^)]+\.svg)\)/gu)].map(([, path]) => path!);
  for (const picture of pictures) {
    expect(picture).toMatch(/media="\(max-width: 600px\)"/u);
    expect(existsSync(packageFile(attribute(picture, "src")))).toBe(true);
    expect(attribute(picture, "alt")).not.toBe("");
    images.push(attribute(picture, "srcset"));
  }
  expect(pictures.length).toBeGreaterThan(0);
  for (const path of images) expect(widthOf(path), path).toBeLessThanOrEqual(PHONE);
});

function attribute(html: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`, "u").exec(html)?.[1] ?? "";
}

function widthOf(path: string): number {
  return Number(/<svg\b[^>]*\swidth="([\d.]+)"/u.exec(readFileSync(packageFile(path), "utf8"))?.[1]);
}
