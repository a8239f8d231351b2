/** What people ask of a group, and its answers, as lists of what the packer knows, and back. Knows no frames. */
import type { AskMessage } from '../protocol/ask-message.ts'
import { acts, answers } from '../protocol/ask-message.ts'
import type { Reader } from './reader.ts'

export function packAsk(message: AskMessage): unknown[] {
  const { incarnation, question } = message
  if (message.type === 'ask') {
    return [incarnation, question, acts.indexOf(message.act), message.about]
  }
  return [incarnation, question, answers.indexOf(message.answer)]
}

/** The fields are read in the order in which they stand here. */
export function unpackAsk(reader: Reader, type: AskMessage['type']): AskMessage {
  const head = { incarnation: reader.incarnation(), question: reader.count() }
  if (type === 'ask') {
    return { type, ...head, act: reader.oneOf(acts), about: reader.replica() }
  }
  return { type, ...head, answer: reader.oneOf(answers) }
}
