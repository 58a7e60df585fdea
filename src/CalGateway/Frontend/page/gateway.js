// How to call Cal.com through the gateway: the same paths below /calcom, no key and no version. The gateway adds both.

/** An answer that is none: the gateway's problem (RFC 9457) or an error of Cal.com's, with what to do about it. */
export class Refused extends Error {
  constructor({ title, detail, remedy, code, type, traceId, error }, retryAfter) {
    super(title ?? 'Cal.com refused');
    this.detail = detail ?? error?.message;
    this.remedy = remedy;
    this.code = code ?? error?.code ?? 'no-answer';
    this.explained = /^\/_gateway\/problems\/[a-z0-9-]+$/.test(type) ? type : null;
    this.trace = traceId;
    this.retryAfter = Number(retryAfter) || 0;
  }
}

/** Which settings are in force, without asking Cal.com anything. It changes with every edit: what was refused may then be answered. */
export const revision = () => fetch('/healthz/ready').then(answer => answer.headers.get('CalGateway-Revision'), () => null);

export async function ask(path, { method = 'GET', body } = {}) {
  const request = { method, body: body && JSON.stringify(body), headers: body && { 'Content-Type': 'application/json' } };
  const answer = await fetch(`/calcom/v2/${path}`, request).catch(() => {
    throw new Refused({ title: 'The gateway does not answer', remedy: 'Start it again; this page notices by itself.' });
  });
  const told = await answer.json().catch(() => ({ title: `Answered with ${answer.status}, but not in JSON` }));
  if (!answer.ok)
    throw new Refused(told, answer.headers.get('Retry-After'));

  return {
    data: told.data,
    revision: answer.headers.get('CalGateway-Revision'),
    version: answer.headers.get('CalGateway-Api-Version'), // only where Cal.com was asked
    cache: answer.headers.get('Cache-Status'),
  };
}
