/** The words of the command line to options. Knows flags; runs, prints and exits nothing. */
import { parseArgs } from 'node:util'
import type { PeerRole } from './peer-role.ts'
import { peerRoles } from './peer-role.ts'

/** What a run of the command is told. */
export interface CliOptions {
  readonly invite: string
  readonly data: string
  readonly role: PeerRole
  /** Path of the module with the application's machine; undefined: none. */
  readonly machine: string | undefined
  readonly signal: readonly string[]
  readonly ice: RTCConfiguration | undefined
  readonly voters: number | undefined
  readonly json: boolean
  readonly verbose: boolean
}

export type CliRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly options: CliOptions }
  | { readonly kind: 'bad'; readonly why: string }

export const helpText = `usage: unanimous-peer --invite URL [flags]

A member of a Unanimous group that is always on: it stores what the tabs decide, and votes unless told otherwise.

  --invite URL     a link from group.invite; or the variable UNANIMOUS_INVITE, which no list of processes shows
  --role ROLE      voter (default): stores and votes. standby: stores, and leaves the votes to others; one that it has it
                   gives up as soon as another member takes its place. observer: passes on what is decided, from memory
  --data FOLDER    its disk (default ./unanimous-peer); one process a folder, and a group keeps its folder
  --machine FILE   module that exports the application's machine: the peer runs the commands and makes snapshots.
                   Without it, it keeps them unread
  --signal URL     rendezvous server, ws: or wss:; repeat for more (default: those that the invite names)
  --ice URL        STUN or TURN server, like stun:turn.app.example:3478; repeat for more (default: none)
  --ice-user NAME  name for TURN; its password is in the variable UNANIMOUS_ICE_PASSWORD
  --voters N       how many voters the group grows to, as the tabs are told (default 5)
  --json           one JSON object a line
  --verbose        a line for every change, decided commands included
  --help           this text

SIGTERM and SIGINT say good-bye; the folder keeps vote and log for the next start.
exit codes: 0 stopped in order or help, 1 cannot take part, 2 bad flags
`

const folderDefault = './unanimous-peer'

export function parseCliArguments(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CliRequest {
  const flags = parseFlags(words)
  if (typeof flags === 'string') return { kind: 'bad', why: flags }
  if (flags.help === true) return { kind: 'help' }
  const invite = flags.invite ?? environment['UNANIMOUS_INVITE']
  if (invite === undefined || invite === '') {
    return { kind: 'bad', why: '--invite is missing: pass the link that group.invite gives' }
  }
  const { voters } = flags
  if (voters !== undefined && !/^\d$/.test(voters)) {
    return { kind: 'bad', why: `--voters takes a number from 0 to 9, not "${voters}"` }
  }
  const role = peerRoles.find((each) => each === (flags.role ?? 'voter'))
  if (role === undefined) {
    const why = `--role takes ${peerRoles.join(', ')}, not "${flags.role ?? ''}"`
    return { kind: 'bad', why }
  }
  const badIce = flags.ice?.find((url) => !/^(stun|turn)s?:/.test(url))
  if (badIce !== undefined) {
    return { kind: 'bad', why: `--ice takes a stun: or turn: address, not "${badIce}"` }
  }
  return {
    kind: 'run',
    options: {
      ...{ invite, role, data: flags.data ?? folderDefault, machine: flags.machine },
      signal: flags.signal ?? [],
      ice: iceOf(flags, environment['UNANIMOUS_ICE_PASSWORD']),
      voters: voters === undefined ? undefined : Number(voters),
      ...{ json: flags.json ?? false, verbose: flags.verbose ?? false },
    },
  }
}

function iceOf(flags: Flags, password: string | undefined): RTCConfiguration | undefined {
  if (flags.ice === undefined) return undefined
  const access = {
    ...(flags['ice-user'] === undefined ? {} : { username: flags['ice-user'] }),
    ...(password === undefined ? {} : { credential: password }),
  }
  const withAccess = (urls: string): RTCIceServer =>
    urls.startsWith('turn') ? { urls, ...access } : { urls }
  return { iceServers: flags.ice.map(withAccess) }
}

interface Flags {
  readonly invite?: string
  readonly role?: string
  readonly data?: string
  readonly machine?: string
  readonly signal?: string[]
  readonly ice?: string[]
  readonly 'ice-user'?: string
  readonly voters?: string
  readonly json?: boolean
  readonly verbose?: boolean
  readonly help?: boolean
}

/** The flags, or the sentence that says what is wrong with them. */
function parseFlags(words: readonly string[]): Flags | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      strict: true,
      allowPositionals: false,
      options: {
        invite: { type: 'string' },
        role: { type: 'string' },
        data: { type: 'string' },
        machine: { type: 'string' },
        signal: { type: 'string', multiple: true },
        ice: { type: 'string', multiple: true },
        'ice-user': { type: 'string' },
        voters: { type: 'string' },
        json: { type: 'boolean' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
