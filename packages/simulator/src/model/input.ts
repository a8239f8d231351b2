/** What can happen to a store of the model, one thing at a time. */
import type { Message, ReplicaId, VoteId } from '@unanimous/core/internal'
import { sentenceOf } from '../sentence.ts'

export interface Parcel {
  readonly from: ReplicaId
  readonly to: ReplicaId
  readonly message: Message
}

export type Input =
  | { readonly kind: 'nominate' }
  | ({ readonly kind: 'deliver' } & Parcel)
  | { readonly kind: 'command'; readonly seq: number }
  | { readonly kind: 'configure'; readonly voters: readonly VoteId[] }
  | { readonly kind: 'restart' }
  | { readonly kind: 'arm'; readonly heir: ReplicaId }
  /** `tail`: the whole log goes along with the votes. */
  | { readonly kind: 'close'; readonly tail: boolean }
  | { readonly kind: 'open' }
  /** It looks again at bequests that came before what they were cast for. */
  | { readonly kind: 'retry' }

/** `crashed`: the store went down before its write, and opened again. */
export function wordInput(name: string, input: Input, crashed: boolean): string {
  return `${wordDeed(name, input)}${crashed ? ', and goes down before its write; it opens again' : ''}`
}

function wordDeed(name: string, input: Input): string {
  switch (input.kind) {
    case 'nominate':
      return `${name} nominates itself`
    case 'deliver': {
      const { from, message } = input
      const what = sentenceOf(message) ?? JSON.stringify(message)
      return `${name} hears from ${from.slice(0, 4)}: ${what}`
    }
    case 'command':
      return `${name} appends command ${input.seq}`
    case 'configure':
      return `${name} proposes the voters ${input.voters.map((vote) => vote.slice(0, 4)).join(' ')}`
    case 'restart':
      return `${name} restarts`
    case 'arm':
      return `${name} names ${input.heir.slice(0, 4)} its heir`
    case 'close':
      return `${name} closes${input.tail ? ' and sends its log along' : ''}`
    case 'open':
      return `${name} opens again`
    case 'retry':
      return `${name} looks again at the votes that it could not take`
  }
}
