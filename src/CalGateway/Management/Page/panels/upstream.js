import { byId, dated, element, list } from '../element.js';
import { moment, number, plural } from '../format.js';

/** Where Cal.com is, whether it answers, and what is left of the quota. */
export function drawUpstream(upstream) {
  const pairs = [
    { name: 'Address', text: upstream.addresses.join(', ') || 'none', code: true },
    { name: 'Asked', text: upstream.requests ? `${plural(upstream.requests, 'time')}, ${upstream.failures ? `${number(upstream.failures)} failed` : 'none failed'}` : 'not yet', bad: upstream.failures > 0 },
    { name: 'Last answer', text: upstream.lastAnswer ? `${moment(upstream.lastAnswer.at)}, with ${upstream.lastAnswer.status}` : 'none yet' },
    upstream.lastFailure && {
      name: 'Last failure', text: `${moment(upstream.lastFailure.at)}, ${upstream.lastFailure.status ? `with ${upstream.lastFailure.status}` : 'no answer'}`,
    },
    {
      name: 'Quota left', bad: upstream.quotaLeft === 0,
      text: upstream.quotaLeft === undefined ? 'not known at the moment' : `${plural(upstream.quotaLeft, 'request')} until ${moment(upstream.quotaResetsAt)}`,
    },
    ...quotaPairs(upstream.quota),
    upstream.protection && {
      name: 'Circuit', bad: upstream.protection.circuit !== 'closed',
      text: { closed: 'closed: requests pass', open: 'open: nothing is sent for a while', 'half-open': 'half open: one request tries whether it is back' }[upstream.protection.circuit],
    },
    upstream.protection && {
      name: 'There now', bad: upstream.protection.waiting > 0,
      text: `${plural(upstream.protection.atCalCom, 'request')}${upstream.protection.maxConcurrency ? ` of at most ${number(upstream.protection.maxConcurrency)}` : ''}${upstream.protection.waiting ? `, ${number(upstream.protection.waiting)} waiting` : ''}`,
    },
    ...(upstream.accounts ?? []).map(accountPair),
  ].filter(Boolean);

  list(byId('upstream'), pairs, pair => pair.name, pair => element('div', {},
    element('dt', {}, pair.name), element('dd', { class: pair.bad ? 'bad' : null }, pair.code ? element('code', {}, dated(pair.text)) : pair.text,
      pair.meter && element('meter', { min: 0, max: pair.meter.max, value: pair.meter.value, low: pair.meter.max / 2, high: pair.meter.max * 0.75, optimum: 0, 'aria-label': pair.name }))));
}

/** Another account's key: how much of its window is used, and by whom. */
function accountPair({ account, quota, protection }) {
  const [window, users] = quotaPairs(quota);
  const circuit = protection && protection.circuit !== 'closed' ? `; circuit ${protection.circuit}` : '';
  return {
    name: `Account ${account}`, bad: Boolean(window?.bad || circuit), meter: window?.meter,
    text: `${window ? `${window.text}; ${users.text}` : 'nothing sent lately'}${circuit}`,
  };
}

/** The window that runs: how much of it is used, and by whom. */
function quotaPairs(quota) {
  if (!quota || quota.left === undefined || quota.left === null) return [];

  const used = quota.limit - quota.left;
  const others = quota.foreign > 1 ? [`others with the same key ${number(quota.foreign)}`] : [];
  const consumers = quota.consumers.map(use =>
    `${use.consumer ?? 'without a name'} ${number(use.used)}${use.refused ? `, ${number(use.refused)} refused` : ''}${use.waiting ? `, ${number(use.waiting)} waiting` : ''}`);
  return [
    { name: 'This window', text: `${number(used)} of ${number(quota.limit)} used, ${quota.refused ? `${number(quota.refused)} refused` : 'none refused'}`, bad: quota.refused > 0, meter: { value: used, max: quota.limit } },
    { name: 'Used by', text: [...consumers, ...others].join('; ') || 'nobody' },
  ];
}
