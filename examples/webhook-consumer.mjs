// Receives the webhooks of Cryptlex and acts once on each release.updated:
//   WEBHOOK_TOKEN=… PORT=8080 node webhook-consumer.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const token = process.env.WEBHOOK_TOKEN;
if (!token) throw new Error('Set WEBHOOK_TOKEN to the token of the webhook.');

const largestBody = 1_048_576;

const server = createServer(async (request, response) => {
  const status = await receive(request).catch((error) => {
    console.error(error);
    // An error makes the sender try again.
    return 500;
  });
  response.writeHead(status).end();
});
server.listen(Number(process.env.PORT ?? 8080), () => {
  console.log(`Listening on port ${server.address().port}`);
});

/** What to do when a release has changed. */
async function onReleaseUpdated(release) {
  // As JSON, since names and notes are free text that could otherwise forge lines of the log.
  console.log(JSON.stringify({ updated: release.id, version: release.version }));
}

async function receive(request) {
  if (request.method !== 'POST') return 405;
  const body = await readBody(request);
  if (body === undefined) return 413;
  if (!isSigned(body, request.headers['webhook-signature'])) return 401;
  const { event, data } = JSON.parse(body.toString('utf8'));
  if (event !== 'release.updated') return 204;
  await once(`${data.id} ${data.updatedAt}`, () => onReleaseUpdated(data));
  return 204;
}

/** The bytes as they came: the signature is made from them, and not from the JSON in them. */
async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isSigned(body, signature) {
  const expected = createHmac('sha256', token).update(body).digest();
  const given = Buffer.from(signature ?? '', 'base64');
  // A comparison that stops at the first wrong byte would tell by its duration how many are right.
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The changes acted on, oldest first. With more than one process, keep them in a database. */
const seen = new Map();
const longestMemory = 10_000;

/**
 * A webhook comes again when its answer was lost, and has no id of its own: a release and the time
 * of its change are what tells one event from another.
 */
async function once(key, act) {
  if (seen.has(key)) return seen.get(key);
  const acting = act();
  seen.set(key, acting);
  if (seen.size > longestMemory) seen.delete(seen.keys().next().value);
  try {
    await acting;
  } catch (error) {
    // Not done, so the next delivery must be acted on.
    seen.delete(key);
    throw error;
  }
}
