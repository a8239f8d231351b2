/**
 * The shared text's three paragraphs: who writes is decided, what is written is Yjs's. Yjs is fetched when the text is first
 * shown. Draws and asks; the rules are elsewhere.
 */
import { byId, element, setAttribute, setHue, setText } from '../element.ts'
import { every } from '../every.ts'
import type { App, AppParts } from './app.ts'
import { ask, askOptions, firstOf, whyNot } from './ask.ts'
import type { Lock } from './text-rules.ts'
import { leaseMs, paragraphs } from './text-rules.ts'
import type { YText } from './y-text.ts'

/** One decision for what is typed in this while. */
const typingMs = 300
const refreshMs = 2_000

interface Paragraph {
  readonly name: string
  readonly box: HTMLElement
  readonly area: HTMLTextAreaElement
  readonly button: HTMLButtonElement
  readonly who: HTMLElement
  timer: ReturnType<typeof setTimeout> | undefined
}

export interface TextApp extends App {
  /** It is shown now: the document is needed. */
  open(): void
}

export function createText({ group, lookAt }: AppParts): TextApp {
  const words = byId('text-words')
  const all = paragraphs.map(makeParagraph)
  byId('paragraphs').replaceChildren(...all.map(({ box }) => box))
  let doc: YText | undefined
  let isFetching = false
  const lockOf = (name: string): Lock | undefined => group.state.text.locks[name]
  const isMine = (name: string): boolean => lockOf(name)?.holder === group.me
  const flush = ({ name }: Paragraph): void => {
    const { text } = group.state
    const update = doc?.takeUpdate(text)
    const token = lockOf(name)?.token
    if (update === undefined || token === undefined) return
    void ask(group.do.write({ paragraph: name, token, ...update }, askOptions)).then((outcome) => {
      if (outcome.kind === 'committed') return
      setText(words, whyNot(outcome, refusals))
      // What was not decided is not in anybody else's text: this page takes it back, too.
      doc?.forget(group.state.text)
      show()
    })
  }
  const show = (): void => {
    doc?.follow(group.state.text)
    for (const paragraph of all) showParagraph(paragraph)
  }
  const showParagraph = ({ name, box, area, button, who, timer }: Paragraph): void => {
    const lock = lockOf(name)
    const mine = isMine(name)
    const isStale = lock !== undefined && Date.now() - lock.usedAt > leaseMs
    setAttribute(box, 'data-lock', lock === undefined ? 'free' : mine ? 'mine' : 'other')
    area.readOnly = !mine || doc === undefined
    area.placeholder = emptyWords(doc !== undefined, mine)
    setText(button, mine ? 'Done' : lock === undefined || isStale ? 'Write here' : 'Locked')
    setAttribute(button, 'disabled', !mine && lock !== undefined && !isStale)
    const name_ =
      lock === undefined ? '' : mine ? 'you write' : `${lookAt(lock.holder).name} writes`
    setText(who, isStale && !mine ? `${name_}, but has not for a while` : name_)
    if (lock !== undefined) setHue(box, lookAt(lock.holder).hue)
    const text = doc?.read(name)
    // Whoever types is ahead of what is decided.
    if (text !== undefined && timer === undefined && area.value !== text) area.value = text
  }
  for (const paragraph of all) {
    bindParagraph(paragraph, {
      isMine: () => isMine(paragraph.name),
      typed: () => doc?.write(paragraph.name, paragraph.area.value),
      flush: () => flush(paragraph),
      unlock: () => void ask(group.do.unlock(paragraph.name, askOptions)),
      lock: async () => {
        const outcome = await ask(group.do.lock(paragraph.name, askOptions))
        const by = firstOf(outcome)
        setText(words, by === undefined ? whyNot(outcome, {}) : `${lookAt(by).name} was first.`)
        return outcome.kind === 'committed'
      },
    })
  }
  return {
    update: show,
    open() {
      if (doc !== undefined || isFetching) return
      isFetching = true
      import('./y-text.ts').then(
        ({ createYText }) => {
          doc = createYText()
          show()
          every(refreshMs, show)
        },
        () => setText(words, 'The editor could not be fetched. Reload the page.'),
      )
    },
  }
}

const emptyWords = (isFetched: boolean, isMine: boolean): string =>
  isFetched ? (isMine ? '' : 'Nothing yet.') : 'Fetching the editor …'

const refusals = {
  'STALE-LOCK':
    'Your lock was old: somebody else has the paragraph. What you wrote was taken back.',
  FULL: 'The text is full.',
}

function makeParagraph(name: string): Paragraph {
  const area = element('textarea', { rows: 3, id: `paragraph-${name}`, readonly: true })
  const button = element('button', { type: 'button', class: 'secondary' }, 'Write here')
  const who = element('span', { class: 'paragraph-who' })
  const label = element('label', { for: `paragraph-${name}` }, `Paragraph ${name}`)
  const head = element('div', { class: 'paragraph-head' }, label, who, button)
  const box = element('div', { class: 'paragraph', 'data-paragraph': name }, head, area)
  return { name, box, area, button, who, timer: undefined }
}

interface ParagraphActions {
  readonly isMine: () => boolean
  readonly typed: () => void
  readonly flush: () => void
  readonly unlock: () => void
  /** True: it is this tab's now. */
  readonly lock: () => Promise<boolean>
}

function bindParagraph(paragraph: Paragraph, actions: ParagraphActions): void {
  const { area, button } = paragraph
  const send = (): void => {
    clearTimeout(paragraph.timer)
    paragraph.timer = undefined
    actions.flush()
  }
  button.addEventListener('click', () => {
    if (actions.isMine()) {
      send()
      actions.unlock()
    } else {
      void actions.lock().then((isMine) => {
        if (isMine) area.focus()
      })
    }
  })
  area.addEventListener('input', () => {
    actions.typed()
    paragraph.timer ??= setTimeout(send, typingMs)
  })
}
