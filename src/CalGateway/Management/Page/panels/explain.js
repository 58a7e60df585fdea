import { byId, dated, element } from '../element.js';
import { span } from '../format.js';

byId('explain').addEventListener('submit', async event => {
  event.preventDefault();
  const path = byId('explain-path').value.trim();
  const answer = byId('explained');
  if (!path) return;
  try {
    const query = new URLSearchParams({ method: byId('explain-method').value, path, host: byId('explain-host').value.trim(), consumer: byId('explain-consumer').value.trim() });
    for (const header of byId('explain-headers').value.split('\n').map(line => line.trim()).filter(Boolean)) query.append('header', header);
    const told = await fetch(`/explain?${query}`);
    answer.replaceChildren(told.ok ? pairs(await told.json()) : element('p', { class: 'bad' }, told.status === 400 ? await told.text() : `The gateway answered ${told.status}.`));
  } catch {
    answer.replaceChildren(element('p', { class: 'bad' }, 'The gateway is away.'));
  }
});

/** What is told of a request, in the order in which it would meet it. */
function pairs(told) {
  const rows = [
    ['Request', `${told.method} ${told.path}`, true],
    ['Note', told.notes],
    ['Route', told.route ? `${told.route} (${told.pattern})` : told.ownEndpoint ? `the gateway's own: ${told.ownEndpoint}` : 'none'],
    ['Or', told.otherRoutes?.map(other => `${other.route}, ${other.by.startsWith('without') ? '' : 'by '}${other.by}`)],
    ['Access', told.access?.map(access)],
    ['Told for', told.access?.length > 1 ? told.caller : null],
    ['Operation', told.operation, true],
    ['Version', told.apiVersion && `${told.apiVersion}${told.callersVersion ? ', the caller\'s own' : told.consumersVersion ? `, ${told.consumersVersion}'s own, at ${told.pinnedAt}` : told.pinnedAt ? `, pinned at ${told.pinnedAt}` : ''}`],
    ['Shadow', told.shadow],
    ['Because', told.because],
    ['Expected', told.expected],
    ['Cache', told.cache && cache(told.cache)],
    ['Quota', told.quota],
    ['Circuit', told.circuit],
    ['Signed', told.credential && { caller: 'with the caller\'s own token', gateway: 'with the gateway\'s credential', none: 'not' }[told.credential]],
    ['Sent to', told.upstream, true],
    ['Remedy', told.remedy],
  ];
  return element('dl', { class: 'pairs' }, rows
    .filter(([, value]) => value && value.length)
    .map(([name, value, code]) => element('div', { 'data-name': name },
      element('dt', {}, name),
      [value].flat().map(text => element('dd', {}, code ? element('code', {}, dated(text)) : dated(text))))));
}

const access = who => `${who.caller}: ${who.refused ? [who.refused, who.remedy].filter(Boolean).join('. ') : `may${who.apiVersion ? `, at ${who.apiVersion}` : ''}`}${who.share ? `, ${who.share}` : ''}`;

function cache({ state, why, stored, phase, fresh }) {
  if (state !== 'cached') return why ? `${state}: ${why}` : state;
  return stored ? `stored ${span(stored)} ago, ${phase.toLowerCase()}` : `nothing stored; an answer is fresh for ${span(fresh)}`;
}
