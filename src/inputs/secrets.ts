/** A secret of the run, in one of the spellings in which it could show up. */
export interface Secret {
  readonly name: string;
  readonly spelling: string;
}

/** Fewer characters may be a word that a text holds by chance; no token of GitHub is as short. */
const shortestGitHubToken = 20;

/**
 * The secrets that must not be in anything that customers see.
 * @param githubToken the input `github-token`, which on a server of one's own can be any word
 */
export function secretsOf(accessToken: string, githubToken: string): readonly Secret[] {
  const named = (name: string) => (spelling: string) => ({ name, spelling });
  const isToken = githubToken.length >= shortestGitHubToken;
  const all = [
    ...spellingsOf(accessToken).map(named('the access token')),
    ...(isToken ? spellingsOf(githubToken).map(named('github-token')) : []),
  ];
  // The longest first: two tokens may have the first part of a JWT in common.
  return all.sort((one, other) => other.spelling.length - one.spelling.length);
}

/**
 * Every spelling in which a token could show up: itself, the parts of a JWT, and its base64,
 * hexadecimal, URL and JSON forms.
 */
export function spellingsOf(token: string): readonly string[] {
  if (token === '') return [];
  const parts = token.split('.').filter((part) => part.length >= 20);
  const whole = [token, ...parts, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)];
  const bytes = Buffer.from(token, 'utf8');
  const encoded = [bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
  // Base64 differs with the position of the first byte in its group of three; the ends depend on
  // the neighbours and are left out.
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const core = shifted.slice(offset === 0 ? 0 : 4, -4);
    encoded.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set([...whole, ...encoded])].filter((spelling) => spelling.length >= 4);
}

/** What a text holds that is or looks like a credential, named but never shown. */
export function findCredential(text: string, secrets: readonly Secret[]): string | undefined {
  const known = secrets.find(({ spelling }) => text.includes(spelling));
  if (known) return known.name;
  for (const [name, form] of credentialForms) {
    for (const [found] of text.matchAll(form)) if (!isPlaceholder(found)) return name;
  }
  return undefined;
}

// The forms as their owners document them: GitHub ("About authentication to GitHub", "Token formats";
// since April 2026 ghs_ is followed by an app's id and a JWT), GitLab ("Token overview"), npm ("About
// access tokens"), Slack ("Token types"), Stripe ("API keys"), Google Cloud ("Manage API keys"), AWS
// ("IAM identifiers", "Unique ID prefixes"), RFC 7519 and RFC 7468.
const credentialForms: readonly (readonly [name: string, form: RegExp])[] = [
  ['a JSON Web Token', /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g],
  ['a GitHub token', /(?<![A-Za-z0-9])ghs_[\w.-]{36,}/g],
  ['a GitHub token', /(?<![A-Za-z0-9])gh[a-z]_[A-Za-z0-9]{30,}/g],
  ['a GitHub token', /(?<![A-Za-z0-9])github_pat_\w{30,}/g],
  ['a GitLab token', /(?<![A-Za-z0-9])glpat-[\w.-]{20,}/g],
  ['an npm token', /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36,}/g],
  ['a Slack token', /(?<![A-Za-z0-9])xox[a-z]-[A-Za-z0-9-]{20,}/g],
  ['a Stripe key', /(?<![A-Za-z0-9])[rs]k_live_[A-Za-z0-9]{20,}/g],
  ['a Google API key', /(?<![A-Za-z0-9])AIza[\w-]{35}/g],
  ['an AWS access key', /(?<![A-Za-z0-9])A(?:KIA|SIA)[0-9A-Z]{16}(?![0-9A-Za-z])/g],
  // A header alone, as texts about keys have it, is no secret.
  ['a private key', /-----BEGIN (?:[A-Z]{1,10} ){0,3}PRIVATE KEY-----[\s\\>nr]{1,99}[\w+/=]{20,}/g],
];

/** AKIAIOSFODNN7EXAMPLE, `ghp_xxxx…`: what documents show in place of a secret. */
function isPlaceholder(found: string): boolean {
  const characters = new Set(found.slice(found.search(/[_-]/) + 1).toLowerCase());
  return characters.size < 5 || /EXAMPLE/i.test(found);
}
