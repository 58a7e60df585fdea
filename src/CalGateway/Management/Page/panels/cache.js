import { byId, dated, element, list, say } from '../element.js';
import { browserToken } from '../stream.js';
import { bytes, moment, percent, plural, span } from '../format.js';

let policies = [];

/** What is stored under each policy, and the button that empties it. The numbers change, the buttons stay under the pointer. */
export function drawCache(cache) {
  policies = cache.policies;
  const target = byId('cache');
  list(target, policies.map(({ name, tags }) => ({ name, tags })), policy => policy.name, policy => element('li', {},
    element('div', { class: 'stack' }),
    element('div', { class: 'buttons' }, policy.tags.map(tag =>
      element('button', { type: 'button', 'data-focus': `evict ${tag}`, click: () => ask(tag, policy.name) }, policy.tags.length > 1 ? dated(`Evict ${tag}`) : 'Evict',
        element('span', { class: 'unseen' }, ` the answers tagged ${tag}`))))));
  policies.forEach((policy, index) => list(target.children[index].firstChild, linesOf(policy), line => line.key, line => element('span', { class: line.kind }, dated(line.text))));
  byId('cache-none').hidden = policies.length > 0;
}

function linesOf({ name, entries, bytes: size, requests, hitRatio, oldestStale, lastRefreshError }) {
  return [
    { key: 'name', kind: 'strong', text: name },
    { key: 'stored', kind: 'quiet', text: `${plural(entries, 'answer')}, ${bytes(size)}${requests ? `; ${percent(hitRatio)} hits since the start` : ''}` },
    oldestStale && { key: 'stale', kind: 'quiet', text: `Oldest that is no longer fresh: ${span(oldestStale)}` },
    lastRefreshError && {
      key: 'failed', kind: 'bad',
      text: `${lastRefreshError.upstream} failed it at ${moment(lastRefreshError.at)} (${lastRefreshError.upstreamStatus ?? lastRefreshError.code ?? 'no answer'})`,
    },
  ].filter(Boolean);
}

function ask(tag, name) {
  const dialog = byId('evict');
  const stored = policies.find(policy => policy.name === name)?.entries ?? 0;
  say(byId('evict-title'), `Evict ${tag}?`);
  say(byId('evict-text'), `${plural(stored, 'answer is', 'answers are')} stored under ${name}. Whoever asks next waits for Cal.com, and nothing is left to bridge an outage.`);
  dialog.returnValue = '';
  dialog.onclose = () => dialog.returnValue === 'evict' && evict(tag);
  dialog.showModal();
}

async function evict(tag) {
  say(byId('evicted'), `Evicting ${tag}…`);
  try {
    const answer = await fetch(`/cache/evict?tag=${encodeURIComponent(tag)}`, { method: 'POST', headers: { 'CalGateway-Token': browserToken() } });
    say(byId('evicted'), answer.ok ? `Evicted ${plural((await answer.json()).evicted, 'answer')} of ${tag}.` : `Not evicted: the gateway answered ${answer.status}.`);
  } catch {
    say(byId('evicted'), 'Not evicted: the gateway is away.');
  }
}
