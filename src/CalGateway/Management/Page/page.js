// The status page. It draws the events of /events. When the gateway was away, the stream is opened again, and its first events contain everything.

import { byId, say } from './element.js';
import { moment } from './format.js';
import { watch } from './stream.js';
import { drawVerdict } from './panels/verdict.js';
import { drawActivity } from './panels/activity.js';
import { drawRoutes } from './panels/routes.js';
import { drawShadows } from './panels/shadows.js';
import { drawUpstream } from './panels/upstream.js';
import { drawCache } from './panels/cache.js';
import { drawProblems } from './panels/problems.js';
import { drawEdits } from './panels/edits.js';
import './panels/explain.js';

let status = null;
let activity = null;

watch({
  status(received) {
    status = received;
    draw();
  },
  pulse(received) {
    activity = received;
    draw();
  },
  link(state, words) {
    byId('link').dataset.state = state;
    say(byId('link'), words);
  },
});

function draw() {
  if (!status || !activity) return;
  say(byId('facts'), `revision ${status.revision}`);
  say(byId('build'), `CalGateway ${status.version}, up since ${moment(status.startedAt)}; knows Cal.com as of ${status.catalogueDate}`);
  drawVerdict(status);
  drawActivity(status, activity);
  drawRoutes(status, activity);
  drawShadows(status);
  drawUpstream(status.upstream);
  drawCache(status.cache);
  drawProblems(status.problems);
  drawEdits(status.history);
  byId('page').hidden = false;
}
