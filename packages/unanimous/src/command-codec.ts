/** Commands as bytes: the JSON of [name, arguments] in UTF-8. */
import type { Json } from './json.ts'

export interface NamedCommand {
  readonly name: string
  readonly args: Json | undefined
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Throws TypeError for arguments that JSON cannot carry (cycles, big integers). */
export function encodeCommand({ name, args }: NamedCommand): Uint8Array {
  return encoder.encode(JSON.stringify(args === undefined ? [name] : [name, args]))
}

/** Undefined: these bytes are no command of ours. */
export function decodeCommand(bytes: Uint8Array): NamedCommand | undefined {
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
  if (!Array.isArray(value) || value.length < 1 || value.length > 2) return undefined
  const [name, args] = value as [unknown, Json | undefined]
  return typeof name === 'string' ? { name, args } : undefined
}
