// The status page. It draws what /events tells and goes on by itself when the gateway was away: the stream is opened anew, and what it
// tells first is everything.

import { byId, say } from './element.js';
import { moment } from './words.js';
import { watch } from './stream.js';
import { drawVerdict } from './panels/verdict.js';
import { drawPulse } from './panels/pulse.js';
import { drawRoutes } from './panels/routes.js';
import { drawShadows } from './panels/shadows.js';
import { drawUpstream } from './panels/upstream.js';
import { drawCache } from './panels/cache.js';
import { drawProblems } from './panels/problems.js';
import { drawEdits } from './panels/edits.js';
import './panels/explain.js';

let status = null;
let pulse = null;

watch({
  status(told) {
    status = told;
    draw();
  },
  pulse(told) {
    pulse = told;
    draw();
  },
  link(state, words) {
    byId('link').dataset.state = state;
    say(byId('link'), words);
  },
});

function draw() {
  if (!status || !pulse) return;
  say(byId('facts'), `revision ${status.revision}`);
  say(byId('build'), `CalGateway ${status.version}, up since ${moment(status.startedAt)}; knows Cal.com as of ${status.catalogueDate}`);
  drawVerdict(status);
  drawPulse(status, pulse);
  drawRoutes(status, pulse);
  drawShadows(status);
  drawUpstream(status.upstream);
  drawCache(status.cache);
  drawProblems(status.problems);
  drawEdits(status.history);
  byId('page').hidden = false;
}
