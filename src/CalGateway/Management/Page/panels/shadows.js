import { byId, dated, element, list } from '../element.js';
import { number, plural } from '../format.js';

/** How badly each outcome bodes, and what it is called. */
const outcomes = {
  'same': ['Well', 'same'], 'data': ['None', 'other data'], 'safe': ['Well', 'only additions'], 'breaking': ['Warning', 'breaking'],
  'silent-downgrade': ['Warning', 'silent downgrade'], 'route-miss': ['Warning', 'no such route'], 'not-comparable': ['None', 'not comparable'],
  'failed': ['Notice', 'failed'], 'skipped': ['None', 'not asked'],
};

/** What reads came to at another version; nothing where no route has one. */
export function drawShadows({ routes }) {
  const shadowed = routes.filter(route => route.shadow).map(({ route, apiVersion, shadow }) => ({ route, apiVersion, shadow }));
  byId('shadows-section').hidden = shadowed.length === 0;
  list(byId('shadows'), shadowed, ({ route }) => route, shadowOf);
}

function shadowOf({ route, apiVersion, shadow }) {
  return element('li', { class: 'panel shadow', 'data-route': route },
    element('h3', {}, `${route}: `, element('span', { class: 'whole' }, apiVersion), ' beside ', element('span', { class: 'whole' }, shadow.version)),
    element('p', { class: 'quiet small' }, shadow.percent > 0 ? `${number(shadow.percent)} % of its reads are asked at both` : 'nothing is asked: ShadowPercent is 0'),
    element('ul', { class: 'outcomes' }, Object.entries(shadow.outcomes).map(([outcome, count]) => {
      const [level, word] = outcomes[outcome] ?? ['None', outcome];
      return element('li', { class: 'badge', 'data-level': level }, `${number(count)} ${word}`);
    })),
    shadow.operations.filter(operation => operation.differences.length).map(operationOf));
}

function operationOf({ operation, compared, differences }) {
  return element('details', {},
    element('summary', {}, element('code', {}, operation), ` ${plural(differences.length, 'difference')}`),
    element('ul', { class: 'differences' }, differences.map(({ says, count, isOfData }) => element('li', {},
      dated(says), element('span', { class: 'quiet small' }, ` in ${number(count)} of ${number(Math.max(compared, count))}${isOfData ? ', of the account\'s data' : ''}`)))));
}
