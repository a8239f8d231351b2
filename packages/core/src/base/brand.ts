/** Nominal types for ids and positions: a number says what it counts. */
declare const brand: unique symbol

export type Branded<T, Name extends string> = T & { readonly [brand]: Name }
