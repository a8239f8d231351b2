/** As `controls.ts`, for the rules of sessions that are forgotten, and of observers. */
import type { Control } from './control.ts'
import { protocol } from './control.ts'

export const sessionControls: readonly Control[] = [
  {
    name: 'expired never runs',
    rule: 'What comes of a session that was forgotten does not run: nobody knows whether it did.',
    noticedBy: 'trials',
    edits: [
      protocol('sessions.ts', 'if (opened > 0 && opened < sessions.floor) return undefined', ''),
      protocol(
        'sessions.ts',
        'place.session < sessions.floor && !sessions.known.has(keyOf(place))',
        'place.session < 0',
      ),
    ],
  },
  {
    name: 'floor',
    rule: 'A session that is forgotten raises the place below which unknown ones count as forgotten.',
    noticedBy: 'trials',
    edits: [
      protocol(
        'sessions.ts',
        'sessions.floor = Math.max(sessions.floor, opened + 1) as Index',
        'if (opened < 0) sessions.floor = opened',
      ),
    ],
  },
]

export const observerControls: readonly Control[] = [
  {
    name: 'observed made durable',
    rule: 'Before an observer takes part again, all that it knows is on its disk.',
    noticedBy: 'worlds',
    firstSeed: 76,
    edits: [
      protocol(
        'observe.ts',
        "out.persist.push({ type: 'splice', from, entries, accepted, decidedEnd })",
        'if (entries.length < 0) state.accepted = accepted',
      ),
    ],
  },
]
