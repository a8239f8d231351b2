import { describe, expect, it } from 'vitest'
import { createObservers } from './observers.ts'

function observers() {
  const errors: unknown[] = []
  const made = createObservers<string>((error) => errors.push(error))
  return {
    errors,
    subscribe: (listener: (event: string) => void) => made.subscribe(listener),
    publish: (event: string) => made.publish(event),
  }
}

describe('observers', () => {
  it('[RT13] all hear an event, in the order in which they came', () => {
    const { subscribe, publish } = observers()
    const heard: string[] = []
    subscribe((event) => heard.push(`one ${event}`))
    subscribe((event) => heard.push(`two ${event}`))
    publish('a')
    publish('b')
    expect(heard).toEqual(['one a', 'two a', 'one b', 'two b'])
  })

  it('[RT13] one that throws is reported, and the others still hear', () => {
    const { subscribe, publish, errors } = observers()
    const heard: string[] = []
    const broken = new Error('broken')
    subscribe(() => {
      throw broken
    })
    subscribe((event) => heard.push(event))
    publish('a')
    publish('b')
    expect(heard).toEqual(['a', 'b'])
    expect(errors).toEqual([broken, broken])
  })

  it('[RT13] one that stops another during an event does not disturb the telling', () => {
    const { subscribe, publish } = observers()
    const heard: string[] = []
    const stops: (() => void)[] = []
    stops.push(
      subscribe(() => {
        for (const stop of stops) stop()
        heard.push('one')
      }),
      subscribe(() => heard.push('two')),
    )
    publish('a')
    publish('b')
    expect(heard).toEqual(['one', 'two'])
  })

  it('[RT13] one that comes during an event hears the next one first', () => {
    const { subscribe, publish } = observers()
    const heard: string[] = []
    subscribe((event) => {
      if (event === 'a') subscribe((later) => heard.push(later))
    })
    publish('a')
    expect(heard).toEqual([])
    publish('b')
    expect(heard).toEqual(['b'])
  })

  it('[RT13] one function may listen twice and stop once', () => {
    const { subscribe, publish } = observers()
    const heard: string[] = []
    const listener = (event: string): void => {
      heard.push(event)
    }
    const stop = subscribe(listener)
    subscribe(listener)
    stop()
    stop()
    publish('a')
    expect(heard).toEqual(['a'])
  })
})
