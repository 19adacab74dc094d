// The least that does the job by hand: looks the release up and gives it notes. No check of inputs,
// no changelog, no errors, no outputs. What the action takes beyond this is its own.
const { API_URL = '', ACCESS_TOKEN, PRODUCT_ID = '', VERSION = '' } = process.env;
const secure = API_URL.startsWith('https:');
const { request } = secure ? require('node:https') : require('node:http');

const filter = new URLSearchParams({ productId: PRODUCT_ID, version: VERSION });
send('GET', `/v3/releases?${filter}`, undefined, ([release]) => {
  send('PATCH', `/v3/releases/${release.id}`, { notes: 'What is new.' }, ({ id }) => {
    console.log(`Release ${id} updated.`);
  });
});

function send(method, path, body, done) {
  const content = body && JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${ACCESS_TOKEN}`,
    ...(content && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(content),
    }),
  };
  request(`${API_URL}${path}`, { method, headers }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (chunk) => {
      text += chunk;
    });
    answer.on('end', () => done(JSON.parse(text)));
  }).end(content);
}
