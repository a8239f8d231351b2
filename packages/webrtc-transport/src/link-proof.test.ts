import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { idOfKey } from '@unanimous/core'
import { keysOf } from '@unanimous/core/testing'
import type { Hello } from './framing.ts'
import { toHex } from './hex.ts'
import { LinkHandshake } from './link-handshake.ts'
import { fingerprintsOf, isSameProof, proofsOf, type ProofParts } from './link-proof.ts'

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte)
const parts: ProofParts = {
  pairKey: filled(32, 1),
  groupKey: filled(32, 2),
  dialer: {
    wireVersion: 7,
    publicKey: filled(32, 3),
    nonce: filled(16, 4),
    fingerprints: 'a=fingerprint:sha-256 AA',
  },
  answerer: {
    wireVersion: 7,
    publicKey: filled(32, 5),
    nonce: filled(16, 6),
    fingerprints: '',
  },
}

describe('proofs', () => {
  test('[SE2] they are what WIRE.md says, by another implementation', () => {
    const end = ({ wireVersion, publicKey, nonce, fingerprints }: ProofParts['dialer']): Buffer => {
      const numbers = Buffer.alloc(8)
      numbers.writeUInt32BE(wireVersion, 0)
      numbers.writeUInt32BE(fingerprints.length, 4)
      return Buffer.concat([numbers, publicKey, nonce, Buffer.from(fingerprints)])
    }
    const domain = Buffer.from('unanimous link 1')
    const transcript = createHash('sha256')
      .update(Buffer.concat([domain, end(parts.dialer), end(parts.answerer)]))
      .digest()
    const secret = Buffer.concat([parts.pairKey, parts.groupKey])
    const keys = Buffer.from(hkdfSync('sha256', secret, transcript, domain, 64))
    const mac = (key: Buffer): string => createHmac('sha256', key).update(transcript).digest('hex')
    const { dialer, answerer } = proofsOf(parts)
    expect(toHex(dialer)).toBe(mac(keys.subarray(0, 32)))
    expect(toHex(answerer)).toBe(mac(keys.subarray(32)))
    expect(toHex(dialer)).toBe('aaa6469142c7aab906cbdba904ffae583d68fe9cdbcdfcb9df80cd2639ace78d')
  })

  test('[SE2] whatever differs in what either end knows or saw gives other proofs', () => {
    const others: readonly ProofParts[] = [
      { ...parts, pairKey: filled(32, 9) },
      { ...parts, groupKey: filled(32, 9) },
      ...(['dialer', 'answerer'] as const).flatMap((who) => [
        { ...parts, [who]: { ...parts[who], publicKey: filled(32, 9) } },
        { ...parts, [who]: { ...parts[who], nonce: filled(16, 9) } },
        { ...parts, [who]: { ...parts[who], fingerprints: 'a=fingerprint:sha-256 BB' } },
        { ...parts, [who]: { ...parts[who], wireVersion: 8 } },
      ]),
      { ...parts, dialer: parts.answerer, answerer: parts.dialer },
    ]
    const all = [parts, ...others].flatMap((each) => {
      const { dialer, answerer } = proofsOf(each)
      return [toHex(dialer), toHex(answerer)]
    })
    expect(new Set(all).size).toBe(all.length)
  })

  test('[SE2] proofs are the same only if every byte is', () => {
    const proof = filled(32, 1)
    expect(isSameProof(proof, filled(32, 1))).toBe(true)
    for (let at = 0; at < 32; at++) {
      expect(isSameProof(proof, proof.with(at, 2))).toBe(false)
    }
    expect(isSameProof(proof, proof.subarray(0, 31))).toBe(false)
    expect(isSameProof(proof.subarray(0, 31), proof)).toBe(false)
  })

  test('[SE2] fingerprints are those of a description, however its lines end', () => {
    const lines = ['v=0', 'a=fingerprint:sha-256 BB', 'm=x', 'a=fingerprint:sha-256 AA', 'a=x']
    const both = 'a=fingerprint:sha-256 AA\na=fingerprint:sha-256 BB'
    expect(fingerprintsOf(lines.join('\r\n'))).toBe(both)
    expect(fingerprintsOf([...lines, ...lines].join('\n'))).toBe(both)
    expect(fingerprintsOf('v=0')).toBe('')
  })
})

describe('a handshake', () => {
  const groupKey = filled(32, 7)
  const end = (
    role: 'dialer' | 'answerer',
    { seed, group = groupKey }: { seed: number; group?: Uint8Array },
  ): LinkHandshake => {
    const identity = { keys: keysOf(filled(32, seed)), groupKey: group, idOf: idOfKey }
    const secrets = { speaks: () => group, known: () => [group] }
    return new LinkHandshake({ identity, role, wireVersion: 1, nonce: filled(16, seed), secrets })
  }
  const meet = (one: LinkHandshake, two: LinkHandshake, altered: Partial<Hello> = {}): void => {
    one.greeted({ ...two.hello(), ...altered })
    two.greeted(one.hello())
  }
  const shown = (from: LinkHandshake, to: LinkHandshake): boolean =>
    to.isRight(from.proof() ?? new Uint8Array())

  test('[SE2] two members prove themselves to each other', () => {
    const [one, two] = [end('dialer', { seed: 1 }), end('answerer', { seed: 2 })]
    expect(one.proof()).toBeUndefined()
    expect(one.isRight(filled(32, 0))).toBe(false)
    meet(one, two)
    expect([shown(one, two), shown(two, one)]).toEqual([true, true])
    // What one of them showed proves nothing about the other.
    expect(one.isRight(one.proof() ?? new Uint8Array())).toBe(false)
  })

  test('[SE2] another secret, another key, another certificate: no proof', () => {
    const stranger = [
      end('dialer', { seed: 1 }),
      end('answerer', { seed: 2, group: filled(32, 8) }),
    ] as const
    meet(...stranger)
    expect([shown(stranger[0], stranger[1]), shown(stranger[1], stranger[0])]).toEqual([
      false,
      false,
    ])

    // Shows a member's public key, and has not its other half.
    const impostor = [end('dialer', { seed: 1 }), end('answerer', { seed: 2 })] as const
    meet(impostor[0], impostor[1], { publicKey: keysOf(filled(32, 3)).publicKey })
    expect(shown(impostor[1], impostor[0])).toBe(false)

    // Somebody between the two has a connection with each.
    const tapped = [end('dialer', { seed: 1 }), end('answerer', { seed: 2 })] as const
    tapped[0].describedByUs({ type: 'offer', sdp: 'a=fingerprint:sha-256 AA' })
    tapped[1].describedByPeer({ type: 'offer', sdp: 'a=fingerprint:sha-256 EE' })
    meet(...tapped)
    expect(shown(tapped[0], tapped[1])).toBe(false)
  })

  test('[SE2] with a key that shares no secret there is no proof, and nothing throws', () => {
    const [one, two] = [end('dialer', { seed: 1 }), end('answerer', { seed: 2 })]
    meet(one, two, { publicKey: filled(32, 0) })
    expect(one.proof()).toBeUndefined()
    expect(shown(two, one)).toBe(false)
  })
})
