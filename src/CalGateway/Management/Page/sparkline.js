import { element } from './element.js';

const width = 180;
const height = 40;
const top = 3;

/** A line for each series, with gaps where there is nothing to tell; the first is filled below. */
export function lines(label, series, most = largest(series)) {
  if (series.flat().every(value => !value)) return chart(label, [ground()], 'idle');
  return chart(label, [ground(), ...series.flatMap((values, index) => {
    const draw = found => found.map(run => path(run, values.length, most)).join('');
    const all = runs(values);
    return [
      index === 0 && element('path', { class: 'area', d: all.map(run => area(run, values.length, most)).join('') }),
      element('path', { class: `line line-${index}`, d: draw(all.filter(run => run.length > 1)) }),
      element('path', { class: `line line-${index} dot`, d: draw(all.filter(run => run.length === 1)) }),
    ];
  })]);
}

/** A bar for each number that is not zero. */
export function bars(label, values) {
  const most = largest([values]);
  const step = width / values.length;
  return chart(label, [
    ground(),
    ...values.map((value, index) => value ? element('rect', {
      class: 'bar-of', x: index * step, width: Math.max(step - 0.6, 1), y: y(value, most), height: height - y(value, most),
    }) : null),
  ]);
}

function chart(label, shapes, kind = null) {
  return element('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', class: kind, role: 'img', 'aria-label': label }, shapes);
}

const ground = () => element('line', { class: 'ground', x1: 0, x2: width, y1: height - 1, y2: height - 1 });

const largest = series => Math.max(...series.flat().map(value => value ?? 0), 0) || 1;

const y = (value, most) => height - 1 - (height - 1 - top) * Math.min(value / most, 1);

/** Stretches without a gap, as pairs of index and value. */
function runs(values) {
  const found = [];
  values.forEach((value, index) => {
    if (value === null) return;
    if (index > 0 && values[index - 1] !== null) found.at(-1).push([index, value]);
    else found.push([[index, value]]);
  });
  return found;
}

const point = (index, value, count, most) => `${(index * width / (count - 1)).toFixed(1)} ${y(value, most).toFixed(1)}`;

/** One point alone is a line of no length, which round ends make a dot. */
const path = (run, count, most) => `M${run.map(([index, value]) => point(index, value, count, most)).join('L')}${run.length === 1 ? 'h0.01' : ''}`;

function area(run, count, most) {
  const x = index => (index * width / (count - 1)).toFixed(1);
  return `M${x(run[0][0])} ${height}L${run.map(([index, value]) => point(index, value, count, most)).join('L')}L${x(run.at(-1)[0])} ${height}Z`;
}
