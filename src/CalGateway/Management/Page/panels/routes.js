import { byId, element, parted, path, say } from '../element.js';
import { rehearseButton } from './rehearsal.js';
import { lines } from '../sparkline.js';
import { table } from '../table.js';
import { number, percent, plural } from '../format.js';

const standings = {
  Right: ['Well', 'Right'], Older: ['Notice', 'Older'], Doubted: ['Warning', 'Doubted'], Acknowledged: ['Notice', 'Acknowledged'],
  Unpinned: ['Warning', 'No version'], NotJudged: ['None', 'Not judged'],
};

/** More than these are folded, however busy they are: nobody reads a thousand lines, and a browser should not draw them each second. */
const mostUnfolded = 50;

/** More consumers than these, at versions of their own, are folded. */
const mostNamed = 4;

const columns = [
  { name: 'Route', of: row => element('strong', {}, parted(row.route)) },
  { name: 'Path', of: row => path(row.path ?? 'any path', { class: 'quiet' }) },
  { name: 'Version', of: row => [row.apiVersion && row.credential !== 'caller' ? rehearseButton(row) : element('code', {}, row.apiVersion ?? '–'), row.credential === 'caller' && element('span', { class: 'quiet small' }, ' with the caller\'s token'), consumersOf(row)].filter(Boolean) },
  { name: 'Catalogue', of: row => verdict(row.pin) },
  { name: 'Traffic', of: row => lines(`Requests of ${row.route}: ${number(row.traffic.requests)}`, [row.series], row.most) },
  { name: 'Requests', number: true, of: row => number(row.traffic.requests) },
  { name: 'Problems', number: true, of: row => element('span', { class: row.traffic.problems ? 'bad' : 'quiet' }, number(row.traffic.problems)) },
  { name: 'Cache', of: row => cacheOf(row) },
];

function verdict({ standing, suggested, says }) {
  const [level, word] = standings[standing] ?? ['None', standing];
  const badge = element('span', { class: 'badge', 'data-level': level, title: standing === 'Right' ? null : says }, word);
  return suggested && standing !== 'Right' ? [badge, element('span', { class: 'more quiet small' }, ' ask for ', element('span', { class: 'whole' }, suggested))] : [badge];
}

/** Who gets the route at a version of their own: a few are named, more are unfolded. */
function consumersOf({ consumers }) {
  if (!consumers) return null;
  const all = element('ul', { class: 'consumers quiet small' }, consumers.map(({ consumer, apiVersion, pin }) => element('li', {},
    parted(consumer), ' at ', element('code', { class: 'whole' }, apiVersion), pin.standing === 'Right' ? null : [' ', ...verdict(pin)])));
  return consumers.length <= mostNamed ? all : element('details', {}, element('summary', { class: 'quiet small' }, plural(consumers.length, 'consumer'), ' at their own'), all);
}

function cacheOf({ cached, policy, traffic, stored }) {
  if (!cached) return element('span', { class: 'quiet' }, 'None');
  const rest = `${number(stored)} stored, ${policy}`;
  return traffic.hitRatio === undefined
    ? element('span', { title: policy }, `${number(stored)} stored`)
    : element('span', { title: rest }, `${percent(traffic.hitRatio)} hits`, element('span', { class: 'more quiet small' }, parted(`, ${rest}`)));
}

let unfolded = false;
let redraw = () => {};

byId('routes-fold').addEventListener('click', () => {
  unfolded = !unfolded;
  redraw();
});

/** Those in trouble first, then the busy ones; those that nobody asked for are folded. */
export function drawRoutes({ routes, concerns }, activity) {
  redraw = () => drawRoutes({ routes, concerns }, activity);
  const most = Math.max(1, ...Object.values(activity.routes).flat());
  const rows = routes
    .map(route => ({ ...route, most, level: levelOf(route, concerns), series: activity.routes[route.route] ?? new Array(30).fill(0) }))
    .sort((one, other) => rank(one) - rank(other)
      || other.traffic.problems - one.traffic.problems || other.traffic.requests - one.traffic.requests || one.route.localeCompare(other.route));
  const loud = rows.filter(row => row.level || row.traffic.requests > 0);
  const first = loud.slice(0, mostUnfolded);
  table('routes', 'Routes with their versions, traffic and cache', columns, unfolded ? rows : first, row => row.route,
    routes.length ? 'No route has been asked within the last 15 minutes.' : 'There is no route.');

  const fold = byId('routes-fold');
  const folded = rows.length - first.length;
  fold.hidden = folded === 0;
  fold.setAttribute('aria-expanded', String(unfolded));
  say(fold, unfolded ? `Fold ${plural(folded, 'route')}` : `Show ${plural(folded, loud.length > first.length ? 'more route' : 'silent route')}`);
}

const order = { Failing: 0, Warning: 1 };

const rank = row => order[row.level] ?? 2;

function levelOf({ route, pin, consumers, traffic }, concerns) {
  const levels = concerns.filter(concern => concern.route?.toLowerCase() === route.toLowerCase()).map(concern => concern.level);
  if (levels.includes('Failing')) return 'Failing';
  return levels.includes('Warning') || traffic.problems > 0 || [{ pin }, ...consumers ?? []].some(line => standings[line.pin.standing]?.[0] === 'Warning') ? 'Warning' : null;
}
