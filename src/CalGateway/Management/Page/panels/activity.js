import { byId, element, list } from '../element.js';
import { bars, lines } from '../sparkline.js';
import { duration, number, percent, plural } from '../format.js';

/** Four numbers, each with its course over the last fifteen minutes. */
export function drawActivity({ traffic, upstream }, activity) {
  const busiest = Math.max(...activity.requests) / activity.bucketSeconds;
  const perSecond = busiest > 0 ? `${busiest < 10 ? busiest.toFixed(1) : Math.round(busiest)} a second at most` : 'none yet';
  const cards = [
    {
      name: 'Requests', value: number(traffic.requests), note: perSecond, kind: 'lines', series: [activity.requests],
      label: `${plural(traffic.requests, 'request')}, ${perSecond}`,
    },
    {
      name: 'From the cache', value: percent(traffic.hitRatio), note: 'of what may be cached', kind: 'lines', series: [activity.hitRatio], most: 1,
      label: `${percent(traffic.hitRatio)} of the requests that may be cached were answered from the cache`,
    },
    {
      name: 'Cal.com\'s answers', value: duration(upstream.medianMilliseconds), note: `median; 99 of 100 within ${duration(upstream.slowMilliseconds)}`, kind: 'lines',
      series: [activity.upstreamSlow, activity.upstreamMedian],
      label: `Half of Cal.com's answers took at most ${duration(upstream.medianMilliseconds)}, 99 of 100 at most ${duration(upstream.slowMilliseconds)}`,
    },
    {
      name: 'Problems', value: number(traffic.problems), note: traffic.problems ? 'answered to callers' : 'none', kind: 'bars', series: [activity.problems],
      label: plural(traffic.problems, 'problem'),
    },
  ];

  list(byId('pulse'), cards, card => card.name, card => element('li', { class: 'panel', 'data-kind': card.kind },
    element('h3', {}, card.name),
    element('p', { class: 'value' }, card.value),
    card.kind === 'bars' ? bars(card.label, card.series[0]) : lines(card.label, card.series, card.most),
    element('p', { class: 'note' }, card.note)));
}
