import { byId, dated, element, list } from '../element.js';
import { moment, plural } from '../format.js';

const shown = 5;

/** What was edited, the newest first: what it changed, or why it was refused. */
export function drawEdits(history) {
  const latest = history.slice(0, shown).map(entry => ({ ...entry, key: entry.time }));
  const older = history.slice(shown);
  list(byId('edits'), older.length ? [...latest, { key: 'older', older }] : latest, entry => entry.key, entry => entry.older
    ? element('li', { class: 'older' }, element('details', {}, element('summary', {}, plural(older.length, 'older edit')), element('ol', {}, older.map(edit))))
    : edit(entry));
}

function edit({ time, accepted, revision, changes, findings }) {
  return element('li', { class: 'panel edit', 'data-accepted': String(accepted) },
    element('p', { class: 'head' },
      element('span', { class: 'badge', 'data-level': accepted ? 'Well' : 'Failing' }, accepted ? 'In force' : 'Refused'),
      element('time', { datetime: time }, moment(time)),
      element('span', { class: 'quiet' }, accepted ? 'revision ' : 'kept revision ', element('code', {}, revision))),
    changes.length > 0 && element('ul', { class: 'changes' }, changes.map(change => element('li', {}, dated(change)))),
    findings.length > 0 && element('ul', { class: 'findings' }, findings.map(finding => element('li', {}, element('code', {}, dated(finding))))));
}
