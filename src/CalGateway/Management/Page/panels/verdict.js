import { byId, dated, element, list, say } from '../element.js';

const headings = { Failing: 'Something fails', Warning: 'Something wants attention', Notice: 'All is well' };

/** Is it well and, if not, the one thing to do; whatever else there is stands below it. */
export function drawVerdict({ concerns, upstream }) {
  const [first, ...others] = concerns;
  const level = first?.level ?? 'Well';
  const urgent = level === 'Failing' || level === 'Warning';
  byId('verdict').dataset.level = level;
  say(byId('verdict-title'), headings[level] ?? 'All is well');
  document.title = urgent ? `${level === 'Failing' ? '✕' : '!'} ${first.title} · CalGateway` : 'CalGateway';

  const well = { detail: `The settings are in force, and ${upstream.lastAnswer ? 'Cal.com answers' : 'Cal.com has not been asked yet'}. There is nothing to do.` };
  list(byId('first'), [urgent ? first : well], concern => concern.code ?? 'well', concern => element('div', {},
    concern.title && element('p', { class: 'what' }, dated(concern.title)),
    element('p', { class: 'detail' }, dated(concern.detail)),
    concern.remedy && element('div', { class: 'remedy' }, element('h3', {}, 'The one thing to do'), element('p', {}, dated(concern.remedy)))));

  list(byId('others'), urgent ? others : concerns, concern => JSON.stringify(concern), concern => element('li', { 'data-level': concern.level },
    element('details', {},
      element('summary', {}, element('span', { class: 'badge', 'data-level': concern.level }, concern.level), ' ', dated(concern.title)),
      element('p', { class: 'detail' }, dated(concern.detail)),
      element('p', {}, dated(concern.remedy)))));
}
