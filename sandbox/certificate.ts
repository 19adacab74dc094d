import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** For whom and for when a certificate is to be valid. */
export interface CertificateOptions {
  /** Host names and IPv4 addresses; `localhost` and `127.0.0.1` by default. */
  readonly hosts?: readonly string[];
  /** An hour ago by default. */
  readonly notBefore?: Date;
  /** In a day by default. */
  readonly notAfter?: Date;
}

/**
 * A self-signed certificate with its key, both PEM, made anew: so no private key lies in the
 * repository. Clients trust it when they are given `cert` as an authority.
 */
export function makeCertificate(options: CertificateOptions = {}): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = describeCertificate(options, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = sign('sha256', signed, privateKey);
  const certificate = sequence(signed, ecdsaWithSha256, bitString(signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

const hourMs = 3_600_000;

// TBSCertificate of RFC 5280, section 4.1, in DER.
function describeCertificate(options: CertificateOptions, publicKey: Buffer): Buffer {
  const {
    hosts = ['localhost', '127.0.0.1'],
    notBefore = new Date(Date.now() - hourMs),
    notAfter = new Date(Date.now() + 24 * hourMs),
  } = options;
  const commonName = sequence(oid('550403'), der(0x0c, Buffer.from('Sandbox')));
  const name = sequence(der(0x31, commonName));
  const authority = sequence(oid('551d13'), octets(sequence(der(0x01, Buffer.from([0xff])))));
  const alternativeNames = sequence(oid('551d11'), octets(sequence(...hosts.map(generalName))));
  return sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    sequence(utcTime(notBefore), utcTime(notAfter)),
    name,
    publicKey,
    der(0xa3, sequence(authority, alternativeNames)),
  );
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

function generalName(host: string): Buffer {
  return isIPv4(host)
    ? der(0x87, Buffer.from(host.split('.').map(Number)))
    : der(0x82, Buffer.from(host));
}

function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function octets(content: Buffer): Buffer {
  return der(0x04, content);
}

function bitString(content: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), content]));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), derLength(content.length), content]);
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}
