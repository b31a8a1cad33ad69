/** P(T ≤ t) of Student's t with `df` > 0 degrees of freedom (not necessarily whole). */
export function tCdf(t: number, df: number): number {
  const tail = 0.5 * incompleteBeta(df / 2, 0.5, df / (df + t * t));
  return t > 0 ? 1 - tail : tail;
}

/** Quantiles that were asked for: bisection is slow, and a report asks for the same few over and over. */
const quantiles = new Map<string, number>();
const MOST_KEPT = 10_000;

/** The `share` quantile of Student's t, by bisection to 1e-10. */
export function tQuantile(share: number, df: number): number {
  const key = `${share}/${df}`;
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  const found = bisected(share, df);
  if (quantiles.size >= MOST_KEPT) quantiles.clear();
  quantiles.set(key, found);
  return found;
}

function bisected(share: number, df: number): number {
  let low = -1;
  let high = 1;
  while (tCdf(low, df) > share) low *= 2;
  while (tCdf(high, df) < share) high *= 2;
  while (high - low > 1e-10 * Math.max(1, Math.abs(low))) {
    const middle = (low + high) / 2;
    if (tCdf(middle, df) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(F ≤ x) of Fisher's F with `upper` and `lower` degrees of freedom. */
export function fCdf(x: number, upper: number, lower: number): number {
  return x <= 0 ? 0 : incompleteBeta(upper / 2, lower / 2, (upper * x) / (upper * x + lower));
}

/**
 * P(T ≤ t) of the noncentral t: a normal of mean `delta` and variance 1 over √(χ²/df). By Simpson's rule over the
 * logarithm of χ²/df, which is smooth and narrow for every df.
 */
export function noncentralTCdf(t: number, df: number, delta: number): number {
  const logNorm = (df / 2) * Math.log(df / 2) - logGamma(df / 2);
  const half = 12 * Math.sqrt(2 / df);
  const from = -Math.max(half, 60 / df);
  const steps = 2_000;
  const width = (half - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i += 1) {
    const u = from + i * width;
    const density = Math.exp(logNorm + (df / 2) * (u - Math.exp(u)));
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * density * normalCdf(t * Math.exp(u / 2) - delta);
  }
  return Math.min(1, (sum * width) / 3);
}

/** The `share` quantile of the standard normal, by bisection to 1e-10. */
export function normalQuantile(share: number): number {
  let [low, high] = [-12, 12];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(Z ≤ z) of the standard normal, to about 1e-12, by way of the incomplete gamma function. */
export function normalCdf(z: number): number {
  const x = (z * z) / 2;
  if (x > 700) return z > 0 ? 1 : 0;
  // Series for P(1/2, x) near 0, continued fraction (Lentz) for its complement beyond.
  if (x < 1.5) {
    let term = 2;
    let sum = term;
    for (let k = 1; term > sum * 1e-16; k += 1) {
      term *= x / (k + 0.5);
      sum += term;
    }
    const within = sum * Math.sqrt(x / Math.PI) * Math.exp(-x);
    return z > 0 ? 0.5 + within / 2 : 0.5 - within / 2;
  }
  let b = x + 0.5;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 500; k += 1) {
    const a = -k * (k - 0.5);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  const tail = 0.5 * Math.exp(-x) * Math.sqrt(x / Math.PI) * fraction;
  return z > 0 ? 1 - tail : tail;
}

/** ln Γ(x) for x > 0 (Lanczos 1964, g = 7). */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  const sum = coefficients.reduce((total, value, k) => total + value / (y + k + 1), 0.9999999999998099);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 1_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return (front * fraction) / a;
}
