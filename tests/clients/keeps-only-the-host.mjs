// A client built on fetch: a path that begins with a slash, resolved against a base URL, leaves nothing of that URL but its host.
const [base, path] = process.argv.slice(2);
const answer = await fetch(new URL(path, base));

console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));
