/** Where the page begins: its theme, its settings, its group. What goes wrong on the way becomes a banner. */
import { createGroup } from 'unanimous'
import { startAppTabs } from './app-tabs.ts'
import { createBanners } from './banner-stack.ts'
import { takeWaitingBackup } from './backups.ts'
import './door.ts'
import { byId, setAttribute, setText } from './element.ts'
import { placeOf } from './invitation.ts'
import { createInviteBar } from './invite-bar.ts'
import { runLoad } from './load.ts'
import { showGroup } from './page.ts'
import { createScreen } from './screen.ts'
import { createSeatMap } from './seat-map.ts'
import { houseMachine } from './house-machine.ts'
import { fetchSettings } from './settings.ts'
import { failureBanner } from './status-words.ts'
import { startTheme } from './theme.ts'
import { startViews } from './views.ts'

async function start(): Promise<void> {
  startTheme(byId('theme'))
  // A tab that only shows the lab is no node of a group.
  await startViews()
  const { room, invite, watches } = placeOf(location.href)
  const archive = takeWaitingBackup()
  setText(byId('room'), room)
  // The house stands before the doors open; presses count once there is a group.
  const map = createSeatMap()
  map.update(() => ({ kind: 'free', owner: undefined }))
  const appTabs = startAppTabs()
  const banners = createBanners(room)
  try {
    const { signal, origins } = await fetchSettings()
    const inviteBar = createInviteBar(origins)
    inviteBar.show(location.href)
    const group = await createGroup({
      room,
      machine: houseMachine,
      signal,
      // A demonstration: rules are checked after every step, and troubles can be made on purpose.
      dev: true,
      ...(watches ? { role: 'observer' } : {}),
      ...(archive === undefined ? {} : { archive }),
      ...(invite === undefined ? {} : { invite }),
    })
    // Whoever copies or reloads this address has the secret that the group goes by now.
    group.on('invite', ({ invite: newest }) => history.replaceState(null, '', newest))
    window.unanimous = { group, load: (commands) => runLoad(group, commands) }
    const isInvited = invite !== undefined
    showGroup({ group, room, map, isInvited, appTabs, watches, inviteBar, banners })
  } catch (error) {
    banners.show([failureBanner(error)])
    setAttribute(byId('pill'), 'data-tone', 'bad')
    setText(byId('pill-label'), 'Stopped')
    setText(byId('pill-detail'), 'This tab takes no part.')
    createScreen().stand({
      tone: 'bad',
      line: 'The doors stay closed',
      small: 'Above is why, and what to do.',
    })
  }
}

void start()
