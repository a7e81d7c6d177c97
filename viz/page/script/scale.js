// The scale of gradients: logarithmic on both sides of 0. Sign is never told by color alone.

const STOPS = {
  light: ["#b35806", "#e08214", "#fdb863", "#fee0b6", "#ffffff", "#dfe0ef", "#b2abd2", "#8073ac", "#542788"],
  dark: ["#ffb366", "#d9842f", "#94581d", "#553719", "#1e2126", "#352f52", "#57498f", "#8672cc", "#c3b1fb"],
};
const LINES = {light: ["#d07a22", "#b4b4ae", "#7f6cb8"], dark: ["#d98a3a", "#4a515b", "#9280d6"]};
const FAINTEST = 0.07;

class Scale {
  /** @param {number} largest @param {number} decades */
  constructor(largest, decades) {
    this.largest = largest;
    this.decades = decades;
    /** @type {"light" | "dark"} */
    this.theme = "light";
  }

  /** A scale whose decades cover 95 % of what is not 0. @param {number[]} seen @param {number[]} covered */
  static of(seen, covered) {
    const sizes = (/** @type {number[]} */ xs) => xs.map(abs).filter((x) => x > 0 && isFinite(x));
    const largest = sizes(seen).reduce((most, x) => max(most, x), 0) || 1;
    const inner = sizes(covered).sort((a, b) => b - a);
    const last = inner.length ? inner[min(inner.length - 1, ceil(0.95 * inner.length) - 1)] : largest;
    return new Scale(largest, min(6, max(2, ceil(Math.log10(largest / last) - 1e-9))));
  }

  /** Where a gradient stands, -1 to 1; 0 for an exact 0 alone. @param {number} g */
  level(g) {
    if (g === 0 || isNaN(g)) return 0;
    if (!isFinite(g)) return Math.sign(g);
    const t = 1 + Math.log10(abs(g) / this.largest) / this.decades;
    return Math.sign(g) * min(1, max(FAINTEST, t));
  }

  /** @param {number} g */
  fill(g) {
    return mix(STOPS[this.theme], this.level(g));
  }

  /** The color of a line. @param {number} g */
  stroke(g) {
    return LINES[this.theme][Math.sign(g) + 1] ?? LINES[this.theme][1];
  }

  /** The width of a line. @param {number} g @param {number} [widest] */
  width(g, widest = 6.5) {
    return g === 0 ? 1 : 0.9 + (widest - 0.9) * abs(this.level(g));
  }
}

/** @param {string[]} stops @param {number} level */
function mix(stops, level) {
  const along = ((level + 1) / 2) * (stops.length - 1);
  const below = min(floor(along), stops.length - 2);
  const [a, b] = [channels(stops[below]), channels(stops[below + 1])];
  return `#${a.map((x, k) => Math.round(x + (b[k] - x) * (along - below)).toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} shade */
function channels(shade) {
  return [1, 3, 5].map((k) => parseInt(shade.slice(k, k + 2), 16));
}

/** Relative luminance, as WCAG 2 has it. @param {string} shade */
function luminance(shade) {
  const [r, g, b] = channels(shade).map((c) => (c <= 10.31 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white, whichever contrasts more. @param {string} fill */
function inkOn(fill) {
  const light = luminance(fill);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}
