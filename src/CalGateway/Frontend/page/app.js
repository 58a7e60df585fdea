import { ask, revision } from './gateway.js';

const $ = id => document.getElementById(id);
const saved = JSON.parse(localStorage.getItem('agent-settings') ?? '{"agent":"Front desk"}');
let types = [], slots = {}, booking, trouble, refusal, origin;

// ---- Event types: loaded on a click, then looked after ----

async function loadEventTypes() {
  const before = state();
  try {
    origin = await ask('event-types');
    types = origin.data;
    trouble = null;
  } catch (refused) {
    trouble = refused;
  }
  $('origin').textContent = trouble ? '' : ['Settings ' + origin.revision, origin.version && 'version ' + origin.version, origin.cache].filter(Boolean).join(' · ');
  if (before === state())
    return false;
  showIntegration();
  await loadSlots();
  return true;
}

/** While somebody looks: follows edits of the gateway's settings, and asks again for what was refused, ever more slowly. */
async function watch() {
  for (let seen = await revision(), asks = 0, patience = 1000, due = 0; ;) {
    await new Promise(resolve => setTimeout(resolve, 1500));
    if (document.hidden)
      continue;
    const now = await revision();
    if (now !== seen)
      [seen, asks, patience] = [now, 2, 1000]; // twice: an edit is in force everywhere within moments
    const ailing = trouble ?? (Object.keys(slots).length ? null : refusal);
    if (!asks && (!ailing || performance.now() < due))
      continue;
    const wasWell = !trouble;
    asks = Math.max(0, asks - 1);
    if (!await loadEventTypes() && ailing)
      await loadSlots();
    patience = Math.min(patience * 2, 15000);
    due = performance.now() + Math.max(patience, ((trouble ?? refusal)?.retryAfter ?? 0) * 1000);
    if (wasWell !== !trouble)
      toast(trouble ? '' : 'Cal.com answers again');
  }
}

function showIntegration() {
  tell($('trouble'), trouble);
  $('status').textContent = trouble ? 'Needs attention' : types.length ? 'Connected' : 'No event types';
  $('status').dataset.state = trouble ? 'bad' : 'good';
  $('types').disabled = !types.length;
  if (types.length) {
    const options = types.map(type => [type.id, `${type.title} · ${type.lengthInMinutes} min${type.hidden ? ' · hidden' : ''}`]);
    fill($('types'), options, $('types').value || saved.eventTypeId);
  }
}

// ---- A booking: slots, then one of them, then somebody ----

async function loadSlots() {
  const type = $('types').value;
  if (!type || trouble)
    return;
  const today = new Date(), later = new Date(today.getTime() + 10 * 86400000);
  const query = { eventTypeId: type, start: date(today), end: date(later), timeZone: $('zone').value };
  try {
    slots = (await ask(`slots?${new URLSearchParams(query)}`)).data;
    refusal = null;
  } catch (refused) {
    slots = {};
    refusal = refused;
  }
  showBooking();
}

function showBooking() {
  const days = Object.keys(slots);
  tell($('refusal'), refusal);
  $('nothing').hidden = refusal || days.length || booking;
  $('booking').hidden = !days.length || booking;
  $('booked').hidden = !booking;
  choices($('days'), 'day', days.map(day => [day, format(`${day}T12:00Z`, { weekday: 'short', day: 'numeric', month: 'short' }, 'UTC')]));
  showTimes();
  if (!booking)
    return;
  $('outcome').textContent = booking.status === 'cancelled' ? 'Cancelled' : 'Booked';
  $('what').textContent = booking.title;
  $('when').textContent = `${format(booking.start, { dateStyle: 'full', timeStyle: 'short' })} (${$('zone').value})`;
  $('uid').textContent = booking.uid;
  $('cancel').hidden = booking.status === 'cancelled';
}

function showTimes() {
  const times = slots[chosen('day')] ?? [];
  $('inzone').textContent = $('zone').value.replaceAll('_', ' ');
  choices($('times'), 'time', times.map(slot => [slot.start, format(slot.start, { timeStyle: 'short' })]));
}

async function write(path, body) {
  try {
    booking = (await ask(path, { method: 'POST', body })).data;
    refusal = null;
    showBooking();
    $('booked').focus();
    toast(`${$('outcome').textContent}: ${booking.title}`);
  } catch (refused) {
    await loadSlots(); // somebody else may have been quicker
    refusal = refused;
    showBooking();
  }
}

// ---- Small things: all text is text, none of it is ever markup ----

const state = () => JSON.stringify([origin?.revision, trouble?.code, types]);
const date = day => day.toISOString().slice(0, 10);
const chosen = name => document.querySelector(`input[name=${name}]:checked`)?.value;
const format = (time, style, timeZone = $('zone').value) => new Intl.DateTimeFormat('en-GB', { ...style, timeZone }).format(new Date(time));
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

function fill(select, options, value) {
  select.replaceChildren(...options.map(([value, text]) => make('option', { value, textContent: text })));
  if (options.some(option => String(option[0]) === String(value)))
    select.value = value;
}

function choices(box, name, options) {
  const before = options.find(([value]) => value === chosen(name)) ?? options[0];
  box.replaceChildren(...options.map(option => make('label', {},
    make('input', { type: 'radio', name, value: option[0], required: true, checked: option === before }), make('span', { textContent: option[1] }))));
}

function tell(box, refused) {
  box.hidden = !refused;
  if (!refused || box.dataset.told === refused.message + refused.remedy)
    return; // said already: a screen reader need not hear it again
  box.dataset.told = refused.message + refused.remedy;
  box.replaceChildren(...[
    make('strong', { textContent: refused.message }), make('p', { textContent: refused.remedy ?? refused.detail ?? '' }),
    refused.explained && make('a', { href: refused.explained, textContent: `What ${refused.code} means` }),
  ].filter(Boolean));
}

function toast(text) {
  $('toast').textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => $('toast').textContent = '', 6000);
}

// ---- What the owner does ----

const start = async () => {
  start.watching ??= watch();
  await loadEventTypes();
};
const busy = async (button, work) => {
  if (button.ariaBusy === 'true')
    return;
  button.ariaBusy = 'true';
  await work();
  button.ariaBusy = 'false';
};
$('load').onclick = () => busy($('load'), async () => {
  await start();
  if (!trouble)
    toast(`Loaded ${types.length} event type(s) from Cal.com`);
});
$('settings').onsubmit = event => {
  event.preventDefault();
  Object.assign(saved, { agent: $('agent').value, eventTypeId: $('types').value || saved.eventTypeId });
  localStorage.setItem('agent-settings', JSON.stringify(saved));
  toast('Saved');
};
$('booking').onsubmit = event => {
  event.preventDefault();
  const attendee = { name: $('name').value, email: $('email').value, timeZone: $('zone').value };
  const start = new Date(chosen('time')).toISOString();
  busy($('book'), () => write('bookings', { eventTypeId: Number($('types').value), start, attendee, metadata: { agent: saved.agent } }));
};
$('cancel').onclick = () => busy($('cancel'), () => write(`bookings/${booking.uid}/cancel`, { cancellationReason: 'Cancelled by the owner' }));
$('another').onclick = () => { booking = null; loadSlots(); };
$('days').onchange = showTimes;
$('types').onchange = $('zone').onchange = () => { booking = null; loadSlots(); };

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
fill($('zone'), [...new Set(['UTC', here, ...Intl.supportedValuesOf('timeZone')])].map(zone => [zone, zone.replaceAll('_', ' ')]), here);
$('agent').value = saved.agent;
if (saved.eventTypeId)
  start();
