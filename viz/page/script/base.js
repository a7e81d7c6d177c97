// Base evaluations: what each operation of the table computes, within 4 ulp of Python's. No derivative is here.
// Functions of any number of operands take one array, named xs.

const LN2 = Math.LN2;

/** x as high + low of at most 26 bits each, so that products of halves are exact (Veltkamp, in Dekker 1971).
 * @param {number} x @returns {[number, number]} */
function split(x) {
  const scaled = 134217729 * x;
  const high = scaled - (scaled - x);
  return [high, x - high];
}

/** @param {number} x */
function sigmoid(x) {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const decay = Math.exp(x);
  return decay / (1 + decay);
}

/** sigmoid(x)·sigmoid(-x). @param {number} x */
function logisticPdf(x) {
  const decay = Math.exp(-Math.abs(x));
  return decay / ((1 + decay) * (1 + decay));
}

/** √(a² - b²). @param {number} a @param {number} b */
function leg(a, b) {
  const [size, other] = [Math.abs(a), Math.abs(b)];
  if (size > 2 ** -500 && size < 2 ** 500) return Math.sqrt((size - other) * (size + other));
  return Math.sqrt(size - other) * Math.sqrt(size + other);
}

/** x^y differentiated i times along x and j times along y; at x = 0 the limit from above, and 0 at (0, 0).
 * It is x^(y-i)·Σ q[k]·ln(x)ᵏ, where q[k] is binomial(j, k) times a derivative of y·(y-1)···(y-i+1).
 * @param {number} x @param {number} y @param {number} i @param {number} j */
function powPartial(x, y, i, j) {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const falling = [1];
  for (let order = 1; order <= j; order++) falling.push(0);
  for (let factor = 0; factor < i; factor++) {
    for (let order = j; order >= 0; order--) {
      falling[order] = (y - factor) * falling[order] + (order > 0 ? order * falling[order - 1] : 0);
    }
  }
  const [scale, logarithm] = [power(x, y - i), Math.log(x)];
  let [smooth, leading, degree, binomial] = [0, 0, 0, 1];
  for (let k = 0; k <= j; k++) {
    const coefficient = binomial * falling[j - k];
    if (coefficient !== 0) {
      smooth += k > 0 ? coefficient * logarithm ** k : coefficient;
      [leading, degree] = [k % 2 ? -coefficient : coefficient, k];
    }
    binomial = (binomial * (j - k)) / (k + 1);
  }
  if (x !== 0) return leading === 0 ? 0 * x : scale * smooth;
  if (leading === 0 || y > i || (y === 0 && i + j > 0)) return 0;
  return degree > 0 ? leading * Infinity : leading * scale;
}

/** @param {number} x */
function softplus(x) {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** The platform's cube root and one Newton step. @param {number} x */
function cubeRoot(x) {
  const root = Math.cbrt(x);
  return Number.isFinite(x) && x !== 0 ? root - (root - x / (root * root)) / 3 : root;
}

/** The IEEE power, which JavaScript changes where the base is ±1. @param {number} x @param {number} y */
function power(x, y) {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return Math.pow(x, y);
}

/** The remainder with the sign of the divisor; a zero has it too. @param {number} x @param {number} y */
function mod(x, y) {
  const rest = x % y;
  if (rest !== 0) return rest < 0 !== y < 0 ? rest + y : rest;
  return rest === 0 ? (y < 0 ? -0 : 0) : rest;
}

/** @param {number} x @param {number} y */
function floorDivide(x, y) {
  if (y === 0) return x / y;
  const quotient = (x - mod(x, y)) / y;
  const floor = Math.floor(quotient);
  return quotient === 0 ? 0 * (x / y) : quotient - floor > 0.5 ? floor + 1 : floor;
}

/** To the nearest integer, halves to the even one. @param {number} x */
function rint(x) {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (!(Math.abs(x) < 2 ** 52)) return x;
  const made = rest < 0.5 ? floor : rest > 0.5 ? floor + 1 : 2 * Math.floor(floor / 2 + 0.5);
  return made === 0 && (x < 0 || Object.is(x, -0)) ? -0 : made;
}

/** @param {number} a @param {number} b */
function maximum(a, b) {
  return a >= b || a !== a ? a : b;
}

/** @param {number} a @param {number} b */
function minimum(a, b) {
  return a <= b || a !== a ? a : b;
}

/** @param {number} a @param {number} b */
function logaddexp(a, b) {
  if (a === b) return a + LN2;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** @param {number[]} xs */
function logsumexp(xs) {
  const peak = Math.max(...xs);
  if (Math.abs(peak) === Infinity) return xs.reduce(logaddexp);
  return peak + Math.log(sumAll(xs.map((x) => Math.exp(x - peak))));
}

/** From left to right, each sum rounded once. @param {number[]} xs */
function sumAll(xs) {
  let total = 0;
  for (let k = 0; k < xs.length; k++) total += xs[k];
  return total;
}

/** @param {number[]} xs */
function dotHalves(xs) {
  const half = xs.length / 2;
  /** @type {number[]} */
  const products = new Array(half);
  for (let k = 0; k < half; k++) products[k] = xs[k] * xs[half + k];
  return sumAll(products);
}

/** The largest component scaled out, so that squares neither overflow nor vanish. @param {number[]} xs */
function norm(xs) {
  const peak = xs.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (xs.some((x) => Math.abs(x) === Infinity)) return Infinity;
  if (!(peak > 0)) return peak;
  const scale = 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(peak))));
  let total = 0;
  let lost = 0;
  for (const x of xs) {
    const [high, low] = split(x / scale);
    for (const part of [high * high, 2 * high * low, low * low]) {
      const next = total + part;
      lost += total >= part ? total - next + part : part - next + total;
      total = next;
    }
  }
  return Math.sqrt(total + lost) * scale;
}

/** @type {Record<number, number[]>} */
const scratch = {};

/** The operands of a node as an array that is reused. @param {Float64Array} v @param {Int32Array} a
 * @param {number} s @param {number} n @returns {number[]} */
function gather(v, a, s, n) {
  const xs = scratch[n] ??= new Array(n).fill(0);
  for (let k = 0; k < n; k++) xs[k] = v[a[s + k]];
  return xs;
}

/** Slopes of a product of two vectors: each half of the operands is the other's slope.
 * @param {Float64Array} v @param {Int32Array} a @param {number} s @param {number} n @param {Float64Array} d */
function swapHalves(v, a, s, n, d) {
  const half = n / 2;
  for (let k = 0; k < half; k++) {
    d[k] = v[a[s + half + k]];
    d[half + k] = v[a[s + k]];
  }
}

/** @type {Record<string, (...operands: any[]) => number>} */
const BASE = {
  where: (condition, a, b) => (condition ? a : b),
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : x),
  floor: (x) => Math.floor(x),
  ceil: (x) => Math.ceil(x),
  rint: rint,
  step: (x) => (x > 0 ? 1 : x <= 0 ? 0 : x),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  floor_divide: floorDivide,
  mod: mod,
  identity: (x) => x,
  neg: (x) => -x,
  abs: (x) => Math.abs(x),
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  pow: power,
  sqrt: (x) => Math.sqrt(x),
  cbrt: cubeRoot,
  exp: (x) => Math.exp(x),
  expm1: (x) => Math.expm1(x),
  exp2: (x) => Math.pow(2, x),
  log: (x) => Math.log(x),
  log1p: (x) => Math.log1p(x),
  log2: (x) => Math.log2(x),
  log10: (x) => Math.log10(x),
  xlogy: (x, y) => (x === 0 && y === y ? 0 : x * Math.log(y)),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  tan: (x) => Math.tan(x),
  asin: (x) => Math.asin(x),
  acos: (x) => Math.acos(x),
  atan: (x) => Math.atan(x),
  atan2: (y, x) => Math.atan2(y, x),
  sinh: (x) => Math.sinh(x),
  cosh: (x) => Math.cosh(x),
  tanh: (x) => Math.tanh(x),
  asinh: (x) => Math.asinh(x),
  acosh: (x) => Math.acosh(x),
  atanh: (x) => Math.atanh(x),
  sigmoid: sigmoid,
  log_sigmoid: (x) => -softplus(-x),
  softplus: softplus,
  relu: (x) => (x <= 0 ? 0 : x),
  leaky_relu: (x, slope) => (x > 0 ? x : slope * x),
  elu: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  silu: (x) => (x === -Infinity ? -0 : x * sigmoid(x)),
  maximum: maximum,
  minimum: minimum,
  hypot: (a, b) => norm([a, b]),
  norm: (xs) => norm(xs),
  sum: (xs) => sumAll(xs),
  mean: (xs) => sumAll(xs) / xs.length,
  prod: (xs) => xs.reduce((/** @type {number} */ product, /** @type {number} */ x) => product * x, 1),
  dot: (xs) => dotHalves(xs),
  largest: (xs) => xs.reduce(maximum),
  leg: leg,
  logistic_pdf: logisticPdf,
  pow_partial: powPartial,
  xmuly: (x, y) => (x === 0 ? 0 : x * y),
  xdivy: (x, y) => (x === 0 && y === 0 ? 0 : x / y),
  logaddexp: logaddexp,
  logsumexp: (xs) => logsumexp(xs),
};
