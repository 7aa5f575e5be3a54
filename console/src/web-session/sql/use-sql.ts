import { session, web } from '@claviger/api'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { ask } from '../../api.ts'
import { type Line, openLine } from '../open-line.ts'
import { goesOn, next, nothing } from './state.ts'

const broken = 'The connection to Claviger broke, and with it the session. What was done is recorded; open another.'

/** One page's SQL: what is known of it, and what can be done. */
export function useSql(grant: string) {
  const [sql, act] = useReducer(next, nothing)
  const [error, setError] = useState<unknown>()
  const line = useRef<Line>(undefined)
  const mine = useRef<object>(undefined)
  useEffect(
    () => () => {
      mine.current = undefined
      line.current?.close()
    },
    [],
  )
  const close = () => {
    line.current?.close()
    act({ kind: 'gone', why: null })
  }
  const say = (message: web.SqlSays) => line.current?.say(message)

  const begin = async (database: string) => {
    const me = {}
    mine.current = me
    setError(undefined)
    act({ kind: 'begin' })
    try {
      const opened = await openLine(grant, database === '' ? {} : { database }, {
        text: (message) => mine.current === me && act({ kind: 'heard', message: web.sqlHears.parse(message) }),
        bytes: () => {},
        gone: () => mine.current === me && act({ kind: 'gone', why: broken }),
      })
      line.current = opened
      if (mine.current !== me) opened.close()
    } catch (refused) {
      setError(refused)
      act({ kind: 'refused' })
    }
  }
  const run = (text: string, from: number) => {
    setError(undefined)
    act({ kind: 'run', sql: text, from, since: performance.now() })
    say({ kind: 'run', sql: text })
  }
  const more = useCallback(() => {
    act({ kind: 'asked' })
    line.current?.say({ kind: 'more' } satisfies web.SqlSays)
  }, [])
  const comes = sql.run?.now === 'held' && goesOn(sql.run)
  useEffect(() => {
    if (comes) more()
  }, [comes, more])
  const finish = () => {
    act({ kind: 'heard', message: { kind: 'skipped' } })
    say({ kind: 'finish' })
  }
  const cancel = async () => {
    const now = sql.run?.now ?? 'running'
    act({ kind: 'cancelling' })
    if (sql.ready?.cancelBy === 'key') return void say({ kind: 'cancel' })
    try {
      const { ticket } = await ask(session.issueTicket, { params: { id: grant } })
      say({ kind: 'cancel', ticket })
    } catch (refused) {
      act({ kind: 'not_cancelled', now })
      setError(refused)
    }
  }
  return { sql, error, begin, run, more, finish, cancel, close, read: (n: number) => act({ kind: 'read', n }) }
}
