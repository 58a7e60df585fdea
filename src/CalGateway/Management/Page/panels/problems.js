import { dated, element, path } from '../element.js';
import { table } from '../table.js';
import { moment, number } from '../format.js';

const columns = [
  { name: 'Last', of: problem => element('time', { datetime: problem.last }, moment(problem.last)) },
  { name: 'Problem', of: problem => element('div', { class: 'stack' }, element('strong', {}, problem.title), element('code', { class: 'quiet' }, problem.code)) },
  {
    name: 'Request',
    of: problem => element('div', { class: 'stack' }, path(problem.request),
      element('span', { class: 'quiet small' }, dated([problem.route ? `route ${problem.route}` : 'no route', problem.sentVersion && `at ${problem.sentVersion}`].filter(Boolean).join(', ')))),
  },
  { name: 'Times', number: true, of: problem => number(problem.count) },
  { name: 'Last trace', of: problem => element('code', { class: 'trace' }, problem.traceId) },
];

export const drawProblems = problems => table(
  'problems', 'The last problems that callers were answered with', columns, problems,
  problem => [problem.code, problem.route, problem.revision, problem.request].join(' '), 'No caller has been answered with a problem since the start.');
