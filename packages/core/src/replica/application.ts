/** What the application says of its state. Knows who is to hear it. */
import { onCaptured } from '../protocol/snapshot.ts'
import { onOwnFingerprint } from './fingerprints.ts'
import type { Input } from './input.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

type Answer = Extract<Input, { type: 'fingerprint' | 'captured' }>

export const isAnswer = (input: Input): input is Answer =>
  input.type === 'fingerprint' || input.type === 'captured'

export function onAnswer(step: Step, input: Answer): void {
  if (input.type === 'fingerprint') onOwnFingerprint(step, input.fingerprint)
  else onCaptured(contextOf(step), input.end, input.snapshot)
}
