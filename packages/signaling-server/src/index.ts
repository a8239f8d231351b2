/** The public surface: re-exports only. */

export type { RefusalName } from './hall.ts'
export { defaultLimits } from './limits.ts'
export type { ServerLimits } from './limits.ts'
export { createSignalingServer } from './server.ts'
export type { SignalingServer, SignalingServerStats } from './server.ts'
export type { SignalingServerOptions } from './settings.ts'
export { SignalingServerError } from './signaling-server-error.ts'
export type { SignalingServerErrorCode } from './signaling-server-error.ts'
export type { Rate } from './token-bucket.ts'
