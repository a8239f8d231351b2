/** STUN and TURN servers as an application gives them: once and for all, or asked for again before their passwords run out. */
import type { Clock } from '@unanimous/core'

/** Passwords that TURN servers hand out last an hour or more. */
export const iceRenewMs: number = 10 * 60_000
/** How soon it is asked again after it failed. */
const lookMs = 60_000

export type IceOption = RTCConfiguration | (() => Promise<RTCConfiguration>)

export interface IceSource {
  /** For the next link that is made. */
  readonly newest: () => RTCConfiguration
  readonly stop: () => void
}

/** Rejects as the first answer does. When a later one fails, the servers of before stay, and `failed` is told. */
export async function iceSourceOf(
  ice: IceOption | undefined,
  clock: Clock,
  failed: () => void,
): Promise<IceSource> {
  if (typeof ice !== 'function') {
    const fixed = ice ?? {}
    return { newest: () => fixed, stop: () => undefined }
  }
  let newest = await ice()
  let askedAt = clock.now()
  let asking = false
  const renew = async (): Promise<void> => {
    asking = true
    try {
      newest = await ice()
      askedAt = clock.now()
    } catch {
      failed()
    } finally {
      asking = false
    }
  }
  const stop = clock.every(lookMs, () => {
    if (!asking && clock.now() - askedAt >= iceRenewMs) void renew()
  })
  return { newest: () => newest, stop }
}
