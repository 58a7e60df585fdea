// A client built on axios: baseURL and path are put together as text.
import axios from 'axios';

const [baseURL, path] = process.argv.slice(2);
const answer = await axios.create({ baseURL, validateStatus: () => true }).get(path);

console.log(JSON.stringify({ status: answer.status, body: answer.data }));
