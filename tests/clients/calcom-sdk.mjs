// Cal.com's own SDK, as its users call it. Its base URL may have a path, to which it adds v2/…; it sends no version, and a token of its own.
import sdk from '@calcom/sdk';

const [baseUrl] = process.argv.slice(2);
const cal = new sdk.Cal('the-clients-id', { accessToken: 'the-clients-own' }, { baseUrl, httpRetries: { maxAmount: 0 } });
const tomorrow = new Date(Date.now() + 86_400_000);
const told = async call => call.catch(refused => ({ refused: refused.statusCode ?? refused.message }));

console.log(JSON.stringify({
  eventType: await told(cal.eventTypes.getEventType({ id: 3928133 })),
  schedule: await told(cal.schedules.getDefaultSchedule()),
  slots: await told(cal.slots.getAvailableSlots({ eventTypeId: 3928133, startTime: tomorrow, endTime: new Date(tomorrow.getTime() + 4 * 86_400_000) })),
}));
