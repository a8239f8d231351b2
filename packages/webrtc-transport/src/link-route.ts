/** By which way a connection goes, out of the browser's own report. Knows reports; opens nothing. */

/** How one end can be reached: an address of its own, one that a STUN server or the peer saw, or a TURN server's. */
export type CandidateKind = 'host' | 'srflx' | 'prflx' | 'relay'

/** The way that a link takes. */
export interface LinkRoute {
  readonly local: CandidateKind
  readonly remote: CandidateKind
  /** Through a TURN server, at either end. */
  readonly relayed: boolean
  readonly protocol: 'udp' | 'tcp'
}

type Entry = Readonly<Record<string, unknown>>

const kinds: readonly CandidateKind[] = ['host', 'srflx', 'prflx', 'relay']

const kindOf = (candidate: Entry | undefined): CandidateKind | undefined =>
  kinds.find((kind) => kind === candidate?.['candidateType'])

/** Undefined while no way is chosen, or where the browser does not say. */
export function routeOf(report: ReadonlyMap<string, unknown>): LinkRoute | undefined {
  const entries = [...report.values()] as readonly Entry[]
  const entry = (id: unknown): Entry | undefined => entries.find((each) => each['id'] === id)
  const transport = entries.find(({ type }) => type === 'transport')
  const pair =
    entry(transport?.['selectedCandidatePairId']) ??
    // Firefox names no pair in its transport, but marks it.
    entries.find((each) => each['type'] === 'candidate-pair' && each['selected'] === true)
  const local = entry(pair?.['localCandidateId'])
  const [here, there] = [kindOf(local), kindOf(entry(pair?.['remoteCandidateId']))]
  if (here === undefined || there === undefined) return undefined
  const protocol = local?.['protocol'] === 'tcp' ? 'tcp' : 'udp'
  return { local: here, remote: there, relayed: here === 'relay' || there === 'relay', protocol }
}
