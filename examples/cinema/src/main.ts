/** A page on which people book seats. */
import { createGroup } from 'unanimous'
import { seats } from './seats.ts'

const names = ['A1', 'A2', 'B1', 'B2']

const group = await createGroup({
  room: new URLSearchParams(location.search).get('room') ?? 'matinee',
  machine: seats,
  signal: import.meta.env.VITE_SIGNAL ?? 'ws://127.0.0.1:8787',
})

const find = (id: string): HTMLElement => document.getElementById(id) as HTMLElement

const say = (what: string): void => {
  find('said').textContent = what
}

async function book(seat: string): Promise<void> {
  say(`Asking for ${seat} …`)
  const outcome = await group.do.book(seat).outcome
  if (outcome.kind === 'committed') say(`${seat} is yours.`)
  else if (outcome.kind === 'refused') say(`${seat} is taken.`)
  else say(`${seat} was not booked: ${outcome.why}.`)
}

for (const seat of names) {
  const button = document.createElement('button')
  button.textContent = seat
  button.onclick = () => void book(seat)
  find('seats').append(button)
}

function show(): void {
  const { phase, why } = group.status
  find('group').textContent = why ?? phase
  for (const button of document.querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(group.state.taken[button.textContent] !== undefined))
  }
}

group.subscribe(show)
show()
