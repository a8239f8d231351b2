/** What the application says of its state, and what people want through it. Knows who is to hear it. */
import { onCaptured, summarize } from '../protocol/snapshot.ts'
import { isRequest, onRequest } from './asking.ts'
import type { Request } from './asking.ts'
import { onOwnFingerprint } from './fingerprints.ts'
import type { Input } from './input.ts'
import type { Step } from './surroundings.ts'
import { contextOf } from './surroundings.ts'

type Word = Request | Extract<Input, { type: 'fingerprint' | 'captured' | 'summarize' }>

export const isOfApplication = (input: Input): input is Word =>
  input.type === 'fingerprint' ||
  input.type === 'captured' ||
  input.type === 'summarize' ||
  isRequest(input)

export function onApplication(step: Step, input: Word): void {
  if (input.type === 'fingerprint') onOwnFingerprint(step, input.fingerprint)
  else if (input.type === 'captured') onCaptured(contextOf(step), input.end, input.snapshot)
  else if (input.type === 'summarize') summarize(contextOf(step))
  else onRequest(step, input)
}
