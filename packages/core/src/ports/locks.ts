/** The part of `navigator.locks` that guards an identity: one live owner for one store. */
export interface Locks {
  request<T>(
    name: string,
    options: { readonly mode: 'exclusive'; readonly ifAvailable: true },
    hold: (lock: object | null) => Promise<T>,
  ): Promise<T>
}
