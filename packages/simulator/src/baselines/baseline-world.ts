/**
 * A world of hosts that all run one baseline: the same clock, network, disks and checkers as a world of tabs. What goes wrong
 * in it is for scenarios and tests to say.
 */
import type { Ballot, ReplicaId } from '@unanimous/core/internal'
import { compareBallots, replicaId } from '@unanimous/core/internal'
import { Agenda } from '../agenda.ts'
import type { Proposals } from '../agreement.ts'
import { Agreement, proposalKey } from '../agreement.ts'
import { Network } from '../network.ts'
import { Rng } from '../rng.ts'
import { demand } from '../violation.ts'
import type { WorldOptions } from '../world-options.ts'
import type { HostWatcher } from './host.ts'
import { Host } from './host.ts'
import type { Algorithm } from './machine.ts'

export class BaselineWorld<Message> {
  readonly options: WorldOptions
  readonly agenda: Agenda = new Agenda()
  readonly network: Network<Message>
  readonly rng: Rng
  readonly hosts: Map<string, Host<Message>> = new Map()
  readonly agreement: Agreement
  readonly #algorithm: Algorithm<Message>
  readonly #watcher: HostWatcher<Message>
  readonly #proposals: Proposals = new Map()
  readonly #voters: readonly ReplicaId[]
  readonly #ids = new Map<string, ReplicaId>()
  readonly #hostRng: Rng
  /** Who led in each term or ballot, ever. */
  readonly #leaders = new Map<string, string>()
  readonly #promised = new Map<string, Ballot>()

  /** `voters` by name; everybody else that is added only proposes. */
  constructor(
    options: WorldOptions,
    algorithm: Algorithm<Message>,
    voters: readonly string[],
    watcher: HostWatcher<Message> = {},
  ) {
    this.options = options
    this.#algorithm = algorithm
    this.#watcher = watcher
    const seed = new Rng(options.seed)
    const ids = seed.fork()
    this.network = new Network(this.agenda, seed.fork(), options)
    this.rng = seed.fork()
    this.#hostRng = seed.fork()
    for (const name of voters) this.#ids.set(name, replicaId(ids.hex(32)))
    this.#voters = [...this.#ids.values()].sort()
    this.agreement = new Agreement(this.#proposals)
  }

  get now(): number {
    return this.agenda.now
  }

  add(name: string): Host<Message> {
    demand(!this.hosts.has(name), 'world', () => `there is a host ${name} already`)
    const host = new Host(name, this.#ids.get(name) ?? replicaId(this.rng.hex(32)), {
      agenda: this.agenda,
      network: this.network,
      rng: this.#hostRng.fork(),
      options: this.options,
      algorithm: this.#algorithm,
      voters: this.#voters,
      watcher: this.#checked(),
    })
    this.hosts.set(name, host)
    return host
  }

  open(): readonly Host<Message>[] {
    return [...this.hosts.values()].filter(({ isOpen }) => isOpen)
  }

  run(ms: number): void {
    this.agenda.runUntil(this.now + ms)
  }

  /** The checks come first; whoever else watches sees only what passed them. */
  #checked(): HostWatcher<Message> {
    const watcher = this.#watcher
    return {
      stepped: (host, effects) => {
        this.#checkPromise(host)
        this.#checkLeader(host)
        for (const decided of effects.apply) this.agreement.learned(host, decided)
        watcher.stepped?.(host, effects)
      },
      applied: (host, decided) => watcher.applied?.(host, decided),
      answered: (host, answer) => {
        this.agreement.answered(answer.index)
        watcher.answered?.(host, answer)
      },
      proposed: (host, seq, command) => {
        const { id: author, incarnation } = host
        this.#proposals.set(proposalKey({ author, incarnation, seq }), command)
        watcher.proposed?.(host, seq, command)
      },
    }
  }

  /** Terms and ballots only rise, in memory within a start and on the disk across starts (which the disk itself checks). */
  #checkPromise({ name, incarnation, machine, disk }: Host<Message>): void {
    if (machine === undefined) return
    const start = `${name}.${incarnation}`
    const before = this.#promised.get(start) ?? disk.promised
    const promised = machine.promised()
    demand(
      compareBallots(promised, before) >= 0,
      'monotone',
      () => `${name} goes back from ${before.num} to ${promised.num}`,
    )
    this.#promised.set(start, promised)
  }

  #checkLeader({ name, machine }: Host<Message>): void {
    const ballot = machine?.leading()
    if (ballot === undefined) return
    const key = this.#algorithm.leadership(ballot)
    const other = this.#leaders.get(key)
    demand(
      other === undefined || other === name,
      'oneLeader',
      () => `${name} and ${other ?? ''} both lead in ${key}`,
    )
    this.#leaders.set(key, name)
  }
}
