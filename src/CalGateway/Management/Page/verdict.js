import { byId, element, list, say } from './element.js';

const headings = { Failing: 'Something fails', Warning: 'Something wants attention', Notice: 'All is well' };

/** Is it well and, if not, the one thing to do; whatever else there is stands below it. */
export function drawVerdict({ concerns }) {
  const [first, ...others] = concerns;
  const level = first?.level ?? 'Well';
  const urgent = level === 'Failing' || level === 'Warning';
  byId('verdict').dataset.level = level;
  say(byId('verdict-title'), headings[level] ?? 'All is well');
  document.title = urgent ? `${level === 'Failing' ? '✕' : '!'} ${first.title} · CalGateway` : 'CalGateway';

  list(byId('first'), urgent ? [first] : [], concern => concern.code, concern => element('div', {},
    element('p', { class: 'what' }, concern.title),
    element('p', { class: 'detail' }, concern.detail),
    element('div', { class: 'remedy' }, element('h3', {}, 'The one thing to do'), element('p', {}, concern.remedy))));

  list(byId('others'), urgent ? others : concerns, concern => JSON.stringify(concern), concern => element('li', { 'data-level': concern.level },
    element('details', {},
      element('summary', {}, element('span', { class: 'badge', 'data-level': concern.level }, concern.level), ` ${concern.title}`),
      element('p', { class: 'detail' }, concern.detail),
      element('p', {}, concern.remedy))));
}
