/**
 * Members that do not go when somebody closes a window: peers on a server. Their failure domain says so; the group would rather
 * have its votes there. Nothing that is safe depends on it.
 */
import { profileLengthMax } from '../protocol/limits.ts'

/** No browser profile begins like that: its name is hexadecimal. */
const mark = '+'

/** The failure domain of stores that are always on. `name`: the same for all that are lost together; cut to what a beacon takes. */
export const alwaysOnProfile = (name: string): string => `${mark}${name}`.slice(0, profileLengthMax)

export const isAlwaysOn = (profile: string | undefined): boolean =>
  profile?.startsWith(mark) ?? false
