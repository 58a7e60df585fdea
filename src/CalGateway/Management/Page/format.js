// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

export const number = value => whole.format(value);

export const percent = ratio => ratio === null || ratio === undefined ? '–' : `${Math.floor(ratio * 100)} %`;

export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '–';
  if (milliseconds >= 1000) return `${short.format(milliseconds / 1000)} s`;
  return `${milliseconds < 10 ? short.format(milliseconds) : Math.round(milliseconds)} ms`;
}

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1024 * 1024 ? `${short.format(count / 1024)} KiB` : `${short.format(count / 1024 / 1024)} MiB`;
}

/** The gateway's "1.02:03:04.5", to the second. */
export function span(text) {
  const [, days, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d+):(\d+):(\d+)/.exec(text) ?? [];
  const parts = [[Number(days ?? 0), 'd'], [Number(hours), 'h'], [Number(minutes), 'min'], [Number(seconds), 's']];
  const first = parts.findIndex(([count]) => count > 0);
  return first < 0 ? '0 s' : parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** The time of day, with its date where that is not today's. */
export function moment(text) {
  const at = new Date(text);
  const time = at.toLocaleTimeString('en-GB');
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
