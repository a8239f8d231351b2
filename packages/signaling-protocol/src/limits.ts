/**
 * Every bound of the rendezvous wire and its reason. Knows numbers only, neither messages nor sockets; what one
 * server grants (rates, rooms, sockets) is in the server's own limits.
 */

/** The one version of this wire. `join` names it, `joined` repeats it; any change of any message raises it. */
export const signalingVersion = 1

/**
 * Bytes (UTF-8) of one message to the server. An SDP offer of a data-only connection is 1 to 3 KiB, sealed and in
 * base64 less than 5 KiB; 32 KiB leaves room for every candidate at once and is still nothing for a server to hold.
 */
export const clientTextBytesMax: number = 32 * 1024

/**
 * Bytes (UTF-8) of one message from the server. A relayed signal says `from` where its sender said `to`, so it is two
 * bytes longer than what came in; a `joined` of 64 peers is 2.3 KiB. The slack keeps the rule simple.
 */
export const serverTextBytesMax: number = clientTextBytesMax + 256

/**
 * Bytes (UTF-8) of the `data` of one signal once it is written as a JSON string: what is left of a full message
 * after `{"type":"signal","to":"<32 digits>","data":}`, which is 66 bytes; rounded up.
 */
export const signalDataBytesMax: number = clientTextBytesMax - 128

/** A peer id is 128 bits in lowercase hex: never reused, so never short; one spelling, so two ids never look alike. */
export const peerIdLength = 32

/** Characters (UTF-16 units) of a room name: a sentence or a base64 hash fits, a document does not. */
export const roomNameLengthMax = 128

/**
 * Peers that `joined` may list, for the parser of the client. Larger than the server's own cap of 64 per room, so that
 * an operator may raise that one without a new version of this wire.
 */
export const peersListedMax = 512

/** Characters of the sentence in an `error`: for people who read a log, never to be parsed. */
export const errorMessageLengthMax = 256

/** Milliseconds: a server that asks its clients to wait longer than an hour is not restarting, it is gone. */
export const reconnectAfterMsMax: number = 60 * 60 * 1000
