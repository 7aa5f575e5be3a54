import { follow, live } from '@claviger/api'
import { useEffect, useRef, useState } from 'react'
import { Away, Refused } from '../api.ts'
import type { Feed } from './live-screen.tsx'

/** Lines that a page keeps of statements, commands and files; the recording has all. */
const kept = 200
/** Events that wait for a screen to be drawn. */
const mostEarly = 100_000

export type Line = Extract<live.LiveEvent, { kind: 'command' | 'statement' | 'statement_end' | 'file' }>

export interface Live {
  began: Extract<live.LiveEvent, { kind: 'began' }> | undefined
  /** What is shown happens now, and not before one came. */
  now: boolean
  /** False while nothing is heard of the gateway that carries it. */
  heard: boolean
  lines: readonly Line[]
  over: Extract<live.LiveEvent, { kind: 'over' }> | undefined
  error: unknown
  feed: Feed
}

/** Watches a running session as long as the page shows it. */
export function useLive(id: string, covert: string | undefined): Live {
  const feed = useRef<Feed>({ onEvent: undefined, early: [] })
  const [state, setState] = useState<Omit<Live, 'feed'>>({
    began: undefined,
    now: false,
    heard: true,
    lines: [],
    over: undefined,
    error: undefined,
  })
  useEffect(() => {
    const leaving = new AbortController()
    const take = (event: live.LiveEvent) => {
      if (event.kind === 'output' || event.kind === 'resize') {
        const { onEvent, early } = feed.current
        if (onEvent) onEvent(event)
        else if (early.length < mostEarly) early.push(event)
        return
      }
      setState((before) => {
        if (event.kind === 'began') return { ...before, began: event }
        if (event.kind === 'now') return { ...before, now: true }
        if (event.kind === 'gateway') return { ...before, heard: event.heard }
        if (event.kind === 'over') return { ...before, over: event }
        return event.kind === 'beat' ? before : { ...before, lines: [...before.lines, event].slice(-kept) }
      })
    }
    const watch = async () => {
      const body = covert === undefined ? {} : { covert: { reason: covert } }
      const answer = await follow({ base: '' }, live.watchSession, { params: { id }, body }, leaving.signal)
      if (!answer.ok) throw new Refused(answer.status, answer.refusal)
      for await (const event of answer.value) take(event)
    }
    watch().catch((error: unknown) => {
      if (leaving.signal.aborted) return
      setState((before) => ({ ...before, error: error instanceof TypeError ? new Away(error) : error }))
    })
    return () => leaving.abort()
  }, [id, covert])
  return { ...state, feed: feed.current }
}
