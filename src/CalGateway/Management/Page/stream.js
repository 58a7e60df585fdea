// The line to the gateway: opened, watched, opened anew.

/** The gateway says something at least every fifteen seconds. */
const silence = 40_000;
const firstPause = 500;
const longestPause = 5_000;

let token = '';

/** What a request that changes something must carry; it is the running process's own. */
export const browserToken = () => token;

export function watch(told) {
  let source = null;
  let pause = firstPause;
  let again = 0;
  let deadline = 0;

  function open() {
    close();
    source = new EventSource('/events');
    for (const name of ['status', 'pulse', 'token', 'heartbeat']) source.addEventListener(name, event => receive(name, event.data));
    source.addEventListener('error', lose);
    expect();
  }

  function receive(name, data) {
    expect();
    if (name === 'token') token = data;
    if (name !== 'status' && name !== 'pulse') return;
    pause = firstPause;
    told.link('live', 'Live');
    told[name](JSON.parse(data));
  }

  function expect() {
    clearTimeout(deadline);
    deadline = setTimeout(lose, silence);
  }

  /** A browser tries again by itself after some errors and not after others; here it is always and only this. */
  function lose() {
    close();
    told.link('away', 'The gateway is away; trying again…');
    again = setTimeout(open, pause);
    pause = Math.min(pause * 1.5, longestPause);
  }

  function close() {
    clearTimeout(again);
    clearTimeout(deadline);
    source?.close();
    source = null;
  }

  // A browser has few connections to one host: a page that nobody looks at gives its own back.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      close();
      told.link('waiting', 'Paused');
    } else {
      open();
    }
  });
  open();
}
