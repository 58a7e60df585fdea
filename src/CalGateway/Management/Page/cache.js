import { byId, element, list, say } from './element.js';
import { browserToken } from './stream.js';
import { bytes, moment, percent, plural, span } from './words.js';

/** What is stored under each policy, and the button that empties it. */
export function drawCache(cache) {
  const none = { name: 'Nothing is cached: no route has an OutputCachePolicy.', tags: [] };
  list(byId('cache'), cache.policies.length ? cache.policies : [none], policy => policy.name, policy => element('li', {},
    element('div', { class: 'stack' },
      element('strong', {}, policy.name),
      policy.tags.length > 0 && element('span', { class: 'quiet' },
        `${plural(policy.entries, 'answer')}, ${bytes(policy.bytes)}${policy.requests ? `; ${percent(policy.hitRatio)} hits since the start` : ''}`),
      policy.oldestStale && element('span', { class: 'quiet' }, `Oldest that is no longer fresh: ${span(policy.oldestStale)}`),
      policy.lastRefreshError && element('span', { class: 'bad' }, `Cal.com failed it at ${moment(policy.lastRefreshError.at)}`
        + ` (${policy.lastRefreshError.upstreamStatus ?? policy.lastRefreshError.code ?? 'no answer'})`)),
    element('div', { class: 'buttons' }, policy.tags.map(tag =>
      element('button', { type: 'button', 'data-focus': `evict ${tag}`, click: () => ask(tag, policy) }, policy.tags.length > 1 ? `Evict ${tag}` : 'Evict',
        element('span', { class: 'unseen' }, ` the answers tagged ${tag}`))))));
}

function ask(tag, policy) {
  const dialog = byId('evict');
  say(byId('evict-title'), `Evict ${tag}?`);
  say(byId('evict-text'), `${plural(policy.entries, 'stored answer')} of ${policy.name}: whoever asks next waits for Cal.com, and nothing is left to bridge an outage.`);
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
