import { type Held, SessionFrame } from '../session-frame.tsx'
import { BeforeSql } from './before-sql.tsx'
import { Editor } from './editor.tsx'
import { History } from './history.tsx'
import { Outcome } from './outcome.tsx'
import { SessionBar } from './session-bar.tsx'
import styles from './sql.module.css'
import { useEditor } from './use-editor.ts'
import { useSql } from './use-sql.ts'

/** SQL in the browser, under one's own grant. */
export const SqlPage = () => <SessionFrame what="SQL">{(held) => <Sql key={held.grant.id} held={held} />}</SessionFrame>

function Sql({ held: { grant } }: { held: Held }) {
  const { sql, error, begin, run, more, finish, cancel, close, read } = useSql(grant.id)
  const editor = useEditor(sql.past)
  if (sql.phase === 'before') return <BeforeSql error={error} onBegin={begin} />
  const busy = sql.run !== undefined && sql.run.now !== 'ended'
  const send = () => {
    const { text, from } = editor.chosen()
    if (sql.phase === 'open' && !busy && text.trim() !== '') run(text, from)
  }
  return (
    <div className={styles.work}>
      <SessionBar sql={sql} error={error} onEnd={close} onAnother={() => begin(sql.ready?.database ?? '')} onRead={read} />
      <Editor editor={editor} phase={sql.phase} run={sql.run} onRun={send} onCancel={cancel} />
      <Outcome run={sql.run} onMore={more} onFinish={finish} onShow={editor.show} />
      <History past={sql.past} onTake={editor.take} />
    </div>
  )
}
