/** How much faster than life a world runs: five replicas under load, in one seed. Knows no clock but the one that it is given. */
import { grownRoom, keepProposing } from './rooms.ts'

export interface Speed {
  readonly simulatedSeconds: number
  readonly realSeconds: number
  readonly steps: number
  readonly decided: number
}

/** `checked`: with the invariants after every step, and all promises compared with the disks. `clock`: in milliseconds. */
export function measureSpeed(
  seconds: number,
  { checked, clock }: { readonly checked: boolean; readonly clock: () => number },
): Speed {
  const { world } = grownRoom(5, { seed: 5, checked })
  const [steps, decided, begin] = [world.steps, world.agreement.length, clock()]
  keepProposing(world)
  world.run(seconds * 1000)
  return {
    simulatedSeconds: seconds,
    realSeconds: (clock() - begin) / 1000,
    steps: world.steps - steps,
    decided: world.agreement.length - decided,
  }
}
