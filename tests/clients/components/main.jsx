// Cal.com's Booker as its documentation has it, less the client id and the token of a platform plan: only the address is ours.
import { createRoot } from 'react-dom/client';
import { Booker, CalProvider } from '@calcom/atoms';
import '@calcom/atoms/globals.min.css';

const asked = new URLSearchParams(location.search);

createRoot(document.getElementById('page')).render(
  <CalProvider clientId="any" accessToken={asked.get('token')} options={{ apiUrl: `${asked.get('gateway')}calcom/v2` }}>
    <Booker username="owner" eventSlug="15min" view="MONTH_VIEW" onCreateBookingSuccess={booking => { document.title = `Booked ${booking.data.uid}`; }} />
  </CalProvider>,
);
