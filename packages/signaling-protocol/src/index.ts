/** The public surface: re-exports only. */

export { closeMeanings, closeName, reconnectAdvice } from './close-codes.ts'
export type { CloseCode, CloseMeaning, CloseName, ReconnectAdvice } from './close-codes.ts'
export { encodeClientMessage, encodeServerMessage, signalDataFits, utf8Bytes } from './encode.ts'
export { errorSentences, isErrorCode } from './error-codes.ts'
export type { ErrorCode } from './error-codes.ts'
export {
  clientTextBytesMax,
  errorMessageLengthMax,
  peerIdLength,
  peersListedMax,
  reconnectAfterMsMax,
  roomNameLengthMax,
  serverTextBytesMax,
  signalDataBytesMax,
  signalingVersion,
} from './limits.ts'
export { closingReasons, leaveReasons } from './message.ts'
export type {
  ClientMessage,
  Closing,
  ClosingReason,
  ErrorMessage,
  Join,
  Joined,
  Leave,
  LeaveReason,
  PeerJoined,
  PeerLeft,
  Ping,
  Pong,
  ServerMessage,
  SignalFrom,
  SignalTo,
} from './message.ts'
export { isPeerId, isRoomName, NameError, peerId, roomName } from './names.ts'
export type { PeerId, RoomName } from './names.ts'
export { parseClientMessage, parseServerMessage } from './parse.ts'
export type {
  ParsedClientMessage,
  ParsedServerMessage,
  ParseFailure,
  ParseFailureCode,
} from './parse.ts'
