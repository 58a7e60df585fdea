import { dated, element, path } from './element.js';
import { lines } from './sparkline.js';
import { table } from './table.js';
import { number, percent } from './words.js';

const standings = {
  Right: ['Well', 'Right'], Older: ['Notice', 'Older'], Doubted: ['Warning', 'Doubted'], Acknowledged: ['Notice', 'Acknowledged'],
  Unpinned: ['Warning', 'No version'], NotJudged: ['None', 'Not judged'],
};

const columns = [
  { name: 'Route', of: row => element('div', { class: 'stack' }, element('strong', {}, row.route), path(row.path ?? 'any path', { class: 'quiet' })) },
  { name: 'Version', of: row => element('div', { class: 'stack' }, element('code', {}, row.apiVersion ?? '–'), row.credential === 'caller' && element('span', { class: 'quiet small' }, 'with the caller\'s token')) },
  { name: 'Catalogue', of: row => verdict(row.pin) },
  { name: 'Traffic', of: row => lines(`Requests of ${row.route}: ${number(row.traffic.requests)}`, [row.series], row.most) },
  { name: 'Requests', number: true, of: row => number(row.traffic.requests) },
  { name: 'Problems', number: true, of: row => element('span', { class: row.traffic.problems ? 'bad' : 'quiet' }, number(row.traffic.problems)) },
  { name: 'Cache', of: row => cacheOf(row) },
];

function verdict(pin) {
  const [level, word] = standings[pin.standing] ?? ['None', pin.standing];
  return element('div', { class: 'stack' }, element('span', { class: 'badge', 'data-level': level }, word), pin.standing !== 'Right' && element('span', { class: 'quiet small' }, dated(pin.suggested ? `${pin.suggested} is the one to ask for` : pin.says)));
}

function cacheOf({ cached, policy, traffic, stored }) {
  if (!cached) return element('span', { class: 'quiet' }, 'None');
  const hits = traffic.hitRatio === undefined ? '' : `${percent(traffic.hitRatio)} hits, `;
  return element('div', { class: 'stack' }, element('span', {}, `${hits}${number(stored)} stored`), element('span', { class: 'quiet small' }, policy));
}

export function drawRoutes({ routes }, pulse) {
  const most = Math.max(1, ...Object.values(pulse.routes).flat());
  const rows = routes.map(route => ({
    ...route,
    most,
    series: pulse.routes[route.route] ?? new Array(30).fill(0),
  }));
  table('routes', 'Routes with their versions, traffic and cache', columns, rows, row => row.route, 'There is no route.');
}
