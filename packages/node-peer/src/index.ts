/** The public surface of @unanimous/node-peer. */
export { createPeer } from './create-peer.ts'
export type { Peer, PeerOptions } from './create-peer.ts'
export { BadMachine, FolderInUse } from './errors.ts'
export type { NoCommands } from './keeper.ts'
export type { PeerRole } from './peer-role.ts'
export { deleteLevelStorage, levelStorage } from './level-storage.ts'
