/** What people ask of a group, and its answers, as lists of what the packer knows, and back. Knows no frames. */
import type { AskMessage } from '../protocol/ask-message.ts'
import { acts, answers } from '../protocol/ask-message.ts'
import type { Reader } from './reader.ts'

export function packAsk(message: AskMessage): unknown[] {
  const { incarnation, question } = message
  if (message.type === 'ask') {
    const { act, about, rotations } = message
    return [incarnation, question, acts.indexOf(act), about, rotations]
  }
  return [incarnation, question, answers.indexOf(message.answer)]
}

/** The fields are read in the order in which they stand here. */
export function unpackAsk(reader: Reader, type: AskMessage['type']): AskMessage {
  const head = { incarnation: reader.incarnation(), question: reader.count() }
  if (type === 'ask') {
    const [act, about] = [reader.oneOf(acts), reader.replica()]
    return { type, ...head, act, about, rotations: reader.count() }
  }
  return { type, ...head, answer: reader.oneOf(answers) }
}
