/** A certificate for one run of the demo. Nobody vouches for it, so browsers ask once; it is written nowhere. */
import { generate } from 'selfsigned'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const dayMs = 24 * 60 * 60 * 1000

/** Names this machine and the given IPv4 addresses; good for a week, since some phones refuse long-lived ones. */
export async function makeCertificate(addresses: readonly string[]): Promise<Certificate> {
  const now = Date.now()
  const made = await generate([{ name: 'commonName', value: 'Unanimous demo' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Clocks of phones are not always right.
    notBeforeDate: new Date(now - dayMs),
    notAfterDate: new Date(now + 7 * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          ...['127.0.0.1', ...addresses].map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}
