/** How much part a store takes in a group: the words for it, and what follows from them. Knows no store. */

/**
 * `member`: as much as the group needs of it. `standby`: it stores what is decided and answers its leader, and wants no vote.
 * `observer`: what is decided is in its memory only, and it passes it on. `client`: likewise, and it passes nothing on.
 */
export type Part = 'member' | 'standby' | 'observer' | 'client'

/** It has the log on its disk, and a say in an election if it has a vote. */
export const keepsLog = (part: Part | undefined): boolean => part === 'member' || part === 'standby'
