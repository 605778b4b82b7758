// The arithmetic of one cell, from the vectors q and k of the head that is shown, and numbers in print: as in
// attention_arithmetic.py.
const { fixed, unpack, range } = lab;

export const cellSteps = (state, query, key) => {
  const q = unpack(state.q), k = unpack(state.k), width = q.shape[1];
  const dot = (other) => range(width).reduce((sum, index) => sum + q.at(query, index) * k.at(other, index), 0);
  const scores = range(state.causal ? query + 1 : state.tokens.length).map((other) => dot(other) / Math.sqrt(width));
  const highest = Math.max(...scores), shift = highest > 300 ? highest : 0;
  const exponentials = scores.map((score) => Math.exp(score - shift));
  const total = exponentials.reduce((sum, one) => sum + one, 0);
  return {
    products: range(width).map((index) => q.at(query, index) * k.at(key, index)),
    sum: dot(key),
    score: scores[key],
    shift,
    exponential: exponentials[key],
    total,
    weight: exponentials[key] / total,
    shares: exponentials.map((one) => one / total),
  };
};

export const amount = (value) => {
  const size = Math.abs(value), sign = value < 0 ? "−" : "";
  if (value === 0 || (0.01 <= size && size < 1e5)) return fixed(value, 2).replace("-", "−");
  let exponent = Math.floor(Math.log10(size)), mantissa = fixed(size / 10 ** exponent, 1);
  if (mantissa === "10.0") [mantissa, exponent] = ["1.0", exponent + 1];
  const raised = [...String(exponent)].map((digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]);
  return `${sign}${mantissa}×10${raised.join("")}`;
};

export const share = (weight) => fixed(weight, weight >= 0.0995 ? 2 : weight >= 0.00995 ? 3 : 4);
