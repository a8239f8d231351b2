/** Names that nobody can guess or draw twice. */
import { toHex } from './hex.ts'

/** 16 hex digits, from the platform's cryptographic source. */
export function drawNonce(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(8)))
}
