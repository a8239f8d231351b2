/** A page on which people book seats, under StrictMode. */
import { GroupProvider, useCommand, useGroupState, usePresence, useStatus } from '@unanimous/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Refused } from 'unanimous'
import { seats } from './seats.ts'

const names = ['A1', 'A2', 'B1', 'B2']

function Seat({ name }: { readonly name: string }) {
  const by = useGroupState<typeof seats, string | undefined>((state) => state.taken[name])
  const [book, { pending, error }] = useCommand<typeof seats, 'book'>('book')
  const said = error instanceof Refused ? 'was taken' : by === undefined ? 'free' : 'sold'
  return (
    <li>
      <button disabled={pending} aria-pressed={by !== undefined} onClick={() => book(name)}>
        {name}
      </button>{' '}
      <span>{said}</span>
    </li>
  )
}

function House() {
  const { phase, why } = useStatus()
  const [, show, others] = usePresence<{ here: true }>()
  return (
    <>
      <p role="status" onMouseEnter={() => show({ here: true })}>
        {why ?? phase}, {others.size} others at the door
      </p>
      <ul>
        {names.map((name) => (
          <Seat key={name} name={name} />
        ))}
      </ul>
    </>
  )
}

const App = () => (
  <GroupProvider
    room="matinee"
    machine={seats}
    signal={import.meta.env.VITE_SIGNAL ?? 'ws://127.0.0.1:8787'}
    fallback={<p>Joining …</p>}
  >
    <House />
  </GroupProvider>
)

createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
