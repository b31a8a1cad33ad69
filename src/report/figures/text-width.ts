// Advance widths of Helvetica in thousandths of the font size, for the characters from space to tilde (Adobe's metrics;
// Arial and Liberation Sans have the same).
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** Bold letters are about this much wider. */
const BOLD = 1.06;

/** Width of a text in pixels. Without it the drawing library, which has no fonts here, takes 0.8 em for every letter. */
export function textWidth(text: string, fontSize: number, bold: boolean): number {
  let sum = 0;
  for (const letter of text) sum += WIDTHS[letter.charCodeAt(0) - 32] ?? 600;
  return (sum / 1000) * fontSize * (bold ? BOLD : 1);
}
