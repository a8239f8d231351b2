/** What a mesh reports: things that went wrong and were dealt with. Nothing depends on a report being read. */
import type { ReplicaId } from '@unanimous/core'
import type { ErrorCode } from '@unanimous/signaling-protocol'
import type { PacketFault } from './framing.ts'
import type { PartFault } from './reassembly.ts'

/** Why a link does not come up. */
export type Refusal =
  | {
      readonly code: 'wire-version'
      readonly by: 'us'
      readonly ours: number
      readonly theirs: number
    }
  | { readonly code: 'identity'; readonly by: 'us'; readonly claimed: ReplicaId }
  | { readonly code: 'wire-version' | 'identity'; readonly by: 'peer' }
  /**
   * What it says is sealed with another secret than ours, or the group went over to another one since (`secret`), or it could not prove that it knows the secret and
   * its own key (`proof`). Tried again about once a minute.
   */
  | { readonly code: 'secret' | 'proof'; readonly by: 'us' | 'peer' }

/** What a peer sent that no honest peer sends. */
export type Garbage = PacketFault | PartFault | 'unexpected-hello' | 'unexpected-proof'

/** Why a generation of a link failed. A good-bye, or another generation that takes over, is no failure. */
export type LinkFailure =
  /** It was not up in time. */
  | 'connect-timeout'
  /** Nothing came for too long. */
  | 'silent'
  /** It was asked whether it still lives, and did not say so in time. */
  | 'probe-unanswered'
  /** The browser closed the channel or could not make one. */
  | 'channel-failed'
  /** The channel threw when a packet was handed to it. */
  | 'send-failed'
  /** The peer sent garbage. */
  | 'garbage'
  /** The peer says that it gave this generation up. */
  | 'peer-failed'

/** What went wrong with a signaling server. */
export type ServerFault =
  /** No `joined` in time, or two pings without an answer. */
  | 'unanswered'
  /** The socket closed or could not be opened. */
  | 'closed'
  /** A text that is not of the rendezvous wire. */
  | 'garbage'
  /** The server says that it goes away. */
  | 'closing'
  /** The server refused a message of ours; `code` says why. */
  | 'error'
  /** The server will not have this page again: the peer joined elsewhere, or versions differ. Not tried again. */
  | 'given-up'

/** Union of everything reported; `type` tells which. */
export type MeshProblem =
  | { readonly type: 'link-refused'; readonly peer: ReplicaId; readonly refusal: Refusal }
  | { readonly type: 'garbage'; readonly peer: ReplicaId; readonly why: Garbage }
  | {
      readonly type: 'generation-failed'
      readonly peer: ReplicaId
      readonly generation: number
      readonly why: LinkFailure
      /** In the words of the browser, for people. */
      readonly detail?: string
    }
  /** A queue was full, or messages came before the link was up. Once until the queue has room again. */
  | {
      readonly type: 'frames-dropped'
      readonly peer: ReplicaId
      readonly why: 'queue-full' | 'too-large' | 'before-up'
      readonly dropped: number
    }
  /** A peer or a server passed on something that is not a signal of ours. */
  | { readonly type: 'signal-refused'; readonly peer: ReplicaId }
  /** So many peer connections were made that the next ones have to wait. */
  | { readonly type: 'connections-limited'; readonly peer: ReplicaId; readonly made: number }
  /** The room is larger than `limits.linksMax`; this peer gets no link. */
  | { readonly type: 'too-many-peers'; readonly peer: ReplicaId }
  | {
      readonly type: 'signaling'
      readonly url: string
      readonly why: ServerFault
      readonly code?: ErrorCode
      readonly detail?: string
    }
  /** A callback of the application threw; the mesh went on. */
  | { readonly type: 'callback-threw'; readonly cause: unknown }
