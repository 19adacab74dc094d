import { generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from './refusal.ts';

/** The scopes of the vendor's API that releases need. */
export type Scope = 'release:read' | 'release:write';

/** What a token can be asked for. */
export interface TokenOptions {
  /** Both scopes of releases by default. */
  readonly scopes?: readonly string[] | undefined;
  /** One hour by default; a negative number gives a token that has expired. */
  readonly expiresInSeconds?: number | undefined;
  /** The sandbox's own URL by default; another one gives a token of another region. */
  readonly issuer?: string | undefined;
  /** A token that is no JWT: random text without claims that a client could read. */
  readonly opaque?: boolean | undefined;
}

const claimsSchema = z.object({
  scope: z.array(z.string()),
  iat: z.number(),
  exp: z.number(),
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  tenantid: z.string(),
  token_usage: z.literal('personal_access_token'),
});

type Claims = Readonly<z.output<typeof claimsSchema>>;

/** Issues the personal access tokens of one sandbox, and checks them. */
export class Tokens {
  readonly #baseUrl: string;
  readonly #opaque = new Map<string, Claims>();

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** A token for `Authorization: Bearer <token>`: a JWT (RS256), unless it is to be opaque. */
  issue(options: TokenOptions = {}): string {
    const issuer = options.issuer ?? this.#baseUrl;
    const now = Math.floor(Date.now() / 1000);
    const claims: Claims = {
      scope: [...(options.scopes ?? ['release:read', 'release:write'])],
      iat: now,
      exp: now + (options.expiresInSeconds ?? 3600),
      iss: issuer,
      aud: issuer,
      sub: 'sandbox-user',
      tenantid: 'sandbox-tenant',
      token_usage: 'personal_access_token',
    };
    if (options.opaque !== true) return signJwt(claims);
    const token = randomBytes(32).toString('hex');
    this.#opaque.set(token, claims);
    return token;
  }

  /**
   * Checks an `authorization` header.
   * @throws Refusal 401 without a valid token, 403 when it lacks the scope.
   */
  authorize(header: string | undefined, scope: Scope): void {
    if (header === undefined) throw missingToken();
    const token = /^Bearer (\S+)$/i.exec(header)?.[1];
    const claims = token === undefined ? undefined : (this.#opaque.get(token) ?? readJwt(token));
    if (claims === undefined) throw unauthorized('The access token is not valid.');
    if (claims.iss !== this.#baseUrl || claims.aud !== this.#baseUrl) {
      throw unauthorized('The access token was issued by another server.');
    }
    if (claims.exp * 1000 <= Date.now()) throw unauthorized('The access token has expired.');
    if (!claims.scope.includes(scope)) throw forbidden(scope);
  }
}

function signJwt(claims: Claims): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(signed), keyPair().privateKey);
  return `${signed}.${signature.toString('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

// The signature alone decides: only `signJwt` can have made what it covers.
function readJwt(token: string): Claims | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  if (rest.length > 0 || !verify('RSA-SHA256', signed, keyPair().publicKey, bytes))
    return undefined;
  return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

let generated: KeyPair | undefined;

// An RSA key takes a noticeable part of a second: one per process, made when first needed.
function keyPair(): KeyPair {
  generated ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generated;
}

// The challenges in `www-authenticate` are those of RFC 6750, section 3.
function missingToken(): Refusal {
  return new Refusal({
    status: 401,
    code: 'UNAUTHORIZED',
    message: 'The request has no access token.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}

function unauthorized(message: string): Refusal {
  return new Refusal({
    status: 401,
    code: 'UNAUTHORIZED',
    message,
    headers: {
      'www-authenticate': `Bearer error="invalid_token", error_description="${message}"`,
    },
  });
}

function forbidden(scope: Scope): Refusal {
  return new Refusal({
    status: 403,
    code: 'FORBIDDEN',
    message: `The access token does not have the scope ${scope}.`,
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });
}
