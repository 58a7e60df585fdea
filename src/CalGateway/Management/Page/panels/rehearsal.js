import { byId, element, say } from '../element.js';
import { browserToken } from '../stream.js';

const pause = 500;

let route = null;

/** A pin, as a button that asks what another version would change. */
export const rehearseButton = row => element('button', { type: 'button', class: 'pin', title: 'Rehearse another version', 'data-focus': `rehearse ${row.route}`, click: () => open(row) },
  element('code', {}, row.apiVersion), element('span', { class: 'unseen' }, `, rehearse ${row.route} at another version`));

byId('rehearse-form').addEventListener('submit', async event => {
  event.preventDefault();
  await rehearse(route, byId('rehearse-version').value);
});

byId('rehearse-close').addEventListener('click', () => byId('rehearse').close());

async function open(row) {
  route = row.route;
  say(byId('rehearse-title'), `Rehearse ${row.route}`);
  say(byId('rehearse-text'), `It is pinned to ${row.apiVersion}. Cal.com is asked this route's reads at both versions, forty requests at most and none of what is left for callers. `
    + 'Paths and types are told, never values.');
  say(byId('rehearsed'), '');
  byId('rehearse').showModal();
  try {
    const { versions } = await told(await fetch('/rehearsal'));
    byId('rehearse-version').replaceChildren(...versions.filter(version => version !== row.apiVersion).map(version => element('option', {}, version)));
  } catch {
    say(byId('rehearsed'), 'The gateway is away.');
  }
}

async function rehearse(asked, version) {
  const button = byId('rehearse-begin');
  button.disabled = true;
  try {
    const begun = await fetch(`/rehearsal?${new URLSearchParams({ route: asked, version })}`, { method: 'POST', headers: { 'CalGateway-Token': browserToken() } });
    if (begun.ok) await follow(asked, version);
    else say(byId('rehearsed'), (await begun.text()).trim());
  } catch {
    say(byId('rehearsed'), 'The gateway is away.');
  } finally {
    button.disabled = false;
  }
}

/** Looks until the rehearsal is over; whoever closes the dialog meanwhile finds the report the next time. */
async function follow(asked, version) {
  for (;;) {
    const { underWay, reports } = await told(await fetch('/rehearsal'));
    if (!underWay) {
      say(byId('rehearsed'), reports.find(report => report.route === asked && report.version === version)?.text ?? 'It left no report.');
      return;
    }
    say(byId('rehearsed'), `Asking ${underWay.progress} …`);
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

const told = answer => answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)));
