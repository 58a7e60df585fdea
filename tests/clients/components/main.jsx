// Cal.com's Booker as its documentation has it, less the client id and the token of a platform plan: only the address is ours.
import { createRoot } from 'react-dom/client';
import { Booker, CalProvider } from '@calcom/atoms';
import '@calcom/atoms/globals.min.css';

const gateway = new URLSearchParams(location.search).get('gateway');

createRoot(document.getElementById('page')).render(
  <CalProvider clientId="any" accessToken="any" options={{ apiUrl: `${gateway}calcom/v2` }}>
    <Booker username="owner" eventSlug="15min" view="MONTH_VIEW" onCreateBookingSuccess={booking => { document.title = `Booked ${booking.data.uid}`; }} />
  </CalProvider>,
);
