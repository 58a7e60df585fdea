import { byId, element, list, say } from './element.js';

/**
 * A table that is cards where it is narrow. The roles say that it is a table still: browsers forget it with the layout.
 * A column is { name, of, number }.
 */
export function table(id, caption, columns, rows, keyOf, none) {
  const target = byId(id);
  if (!target.firstChild) {
    target.append(
      element('table', { role: 'table' },
        element('caption', { class: 'unseen' }, caption),
        element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, columns.map(column =>
          element('th', { role: 'columnheader', scope: 'col', class: column.number ? 'number' : null }, column.name)))),
        element('tbody', { role: 'rowgroup' })),
      element('p', { class: 'none panel' }));
  }

  target.firstChild.hidden = rows.length === 0;
  target.lastChild.hidden = rows.length > 0;
  say(target.lastChild, none);
  list(target.querySelector('tbody'), rows, keyOf, row => element('tr', { role: 'row', 'data-level': row.level }, columns.map(column =>
    element('td', { role: 'cell', 'data-name': column.name, class: column.number ? 'number' : null }, column.of(row)))));
}
