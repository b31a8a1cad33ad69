/** Solves a square system by elimination with the largest pivot of each column. Throws where it has no single solution. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => Float64Array.from([...row, right[i]!]));
  const count = rows.length;
  for (let column = 0; column < count; column += 1) {
    let pivot = column;
    for (let i = column + 1; i < count; i += 1)
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!;
    if (top[column] === 0) throw new Error("the system has no single solution");
    for (let i = column + 1; i < count; i += 1) {
      const row = rows[i]!;
      const factor = row[column]! / top[column]!;
      if (factor !== 0) for (let j = column; j <= count; j += 1) row[j]! -= factor * top[j]!;
    }
  }
  const found = new Array<number>(count).fill(0);
  for (let i = count - 1; i >= 0; i -= 1) {
    let rest = rows[i]![count]!;
    for (let j = i + 1; j < count; j += 1) rest -= rows[i]![j]! * found[j]!;
    found[i] = rest / rows[i]![i]!;
  }
  return found;
}
