/**
 * A backup of what is decided here, as a file; and a new group begun from one, in a room of its own. The file waits in this tab's
 * session while the page is loaded anew for that room.
 */
import { BadArchive, readArchive } from 'unanimous'
import type { Group } from 'unanimous'
import type { App } from './apps/app.ts'
import { byId, setAttribute, setText } from './element.ts'
import type { House, HouseCommands } from './house-machine.ts'
import { houseMachine } from './house-machine.ts'
import { freshRoom, roomLink } from './invitation.ts'
import { saveFile } from './saved-file.ts'

const waiting = 'unanimous backup'

/** What this page was loaded anew for; it is given once. */
export function takeWaitingBackup(): Blob | undefined {
  const text = sessionStorage.getItem(waiting)
  sessionStorage.removeItem(waiting)
  return text === null ? undefined : new Blob([text])
}

export function createBackups(group: Group<House, HouseCommands>, room: string): App {
  const { admin } = group
  const [save, words] = [byId('backup'), byId('backup-words')]
  save.addEventListener('click', () => {
    void saveBackup(admin, room).then((outcome) => setText(words, outcome))
  })
  byId('backup-open').addEventListener('change', ({ target }) => {
    const file = target instanceof HTMLInputElement ? target.files?.[0] : undefined
    if (file === undefined) return
    setText(words, 'Reading …')
    void beginFrom(file, room).then((why) => setText(words, why ?? 'Opening its new room …'))
  })
  return { update: () => setAttribute(save, 'disabled', group.status.commit === 0) }
}

async function saveBackup(
  admin: Group<House, HouseCommands>['admin'],
  room: string,
): Promise<string> {
  try {
    const file = await admin.exportArchive()
    const { index } = await readArchive(file)
    saveFile(file, `${room}-${index}.json`)
    return `Saved what the first ${index} decisions came to.`
  } catch (error) {
    return sentenceOf(error)
  }
}

/** Undefined: the page goes there. */
async function beginFrom(file: File, room: string): Promise<string | undefined> {
  try {
    const { machine } = await readArchive(file)
    if (machine.name !== houseMachine.name) {
      return `That is a backup of “${machine.name}”, and this page runs “${houseMachine.name}”.`
    }
    sessionStorage.setItem(waiting, await file.text())
    location.assign(roomLink(location.href, freshRoom(room)))
    return undefined
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      return 'That backup is larger than this page can carry over to a new room.'
    }
    return sentenceOf(error)
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof BadArchive && error.why === 'not-an-archive') {
    return 'That file is no backup. Choose one that “Save a backup” made.'
  }
  return error instanceof Error ? error.message : String(error)
}
