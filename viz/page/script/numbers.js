// Numbers as they are printed: four decimals in a column, an exponent where these say nothing, a real minus sign.

/** @param {string} text */
function signed(text) {
  return text.replace("e+", "e").replaceAll("-", "−");
}

/** A number for a column. @param {number} x */
function column(x) {
  if (isNaN(x)) return "nan";
  if (!isFinite(x)) return x > 0 ? "inf" : "−inf";
  if (x === 0) return "0";
  const size = abs(x);
  if (size < 1e-4 || size >= 1e5) return signed(x.toExponential(1));
  return signed(x.toFixed(size < 100 ? 4 : 2));
}

/** A number with its sign. @param {number} x */
function withSign(x) {
  return x > 0 ? `+${column(x)}` : column(x);
}

/** A number in few significant digits. @param {number} x @param {number} digits */
function short(x, digits = 2) {
  if (!isFinite(x)) return column(x);
  if (x === 0) return "0";
  const size = abs(x);
  if (size < 1e-4 || size >= 1e5) return signed(x.toExponential(digits - 1));
  return signed(String(Number(x.toPrecision(digits))));
}

/** A value: as it was written where that is short, else four decimals. @param {number} x */
function value(x) {
  const text = String(x);
  return text.length <= 5 ? signed(text) : column(x);
}

/** What is grouped by thousands. @param {number} x */
function count(x) {
  return x < 1e15 ? String(Math.round(x)).replace(/\B(?=(\d{3})+$)/g, ",") : short(x, 3);
}

/** @param {number} x */
function percent(x) {
  const whole = Math.round(100 * x);
  return whole === 100 && x < 1 ? "> 99 %" : `${whole} %`;
}

/** The sign alone, for a cell without room for its number. @param {number} x */
function signOf(x) {
  return isNaN(x) ? "?" : x > 0 ? "+" : x < 0 ? "−" : "0";
}

/** A line through points. @param {number[][]} points */
function polyline(points) {
  return `M${points.filter((point) => point.every(isFinite)).map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}`;
}

/** So many of a list, evenly, the first and the last among them. @param {number[]} xs @param {number} most */
function sampled(xs, most) {
  return xs.length > most ? Array.from({length: most}, (_, k) => xs[Math.round((k * (xs.length - 1)) / (most - 1))]) : xs;
}

/** One or several. @param {number} n @param {string} one @param {string} [many] */
function counted(n, one, many = `${one}s`) {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A long name, shortened in the middle. @param {string} text @param {number} most */
function middled(text, most) {
  if (text.length <= most + 1) return text;
  const keep = most - 1;
  return `${text.slice(0, ceil(keep / 2))}…${text.slice(-floor(keep / 2) || text.length)}`;
}
