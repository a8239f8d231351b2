/** Values that survive a trip through MessagePack and a disk unchanged. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
