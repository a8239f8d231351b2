interface ImportMetaEnv {
  /** Where the signaling server is. */
  readonly VITE_SIGNAL?: string
}
