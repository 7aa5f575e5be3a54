import { Dialog } from '../ui/dialog.tsx'
import styles from './keys-help.module.css'

const groups: { title: string; keys: [string[], string][] }[] = [
  {
    title: 'In lists',
    keys: [
      [['j'], 'next'],
      [['k'], 'previous'],
      [['Enter'], 'open'],
      [['Esc'], 'back to the list'],
    ],
  },
  {
    title: 'In a replay',
    keys: [
      [['Space'], 'play or pause'],
      [['←', '→'], 'five seconds back or on'],
      [['<', '>'], 'slower or faster'],
      [['i'], 'skip idle time, or not'],
    ],
  },
  { title: 'Everywhere', keys: [[['?'], 'this list']] },
]

export const KeysHelp = ({ opened, onClose }: { opened: boolean; onClose: () => void }) => (
  <Dialog opened={opened} onClose={onClose} title="Keys" size={380}>
    {groups.map(({ title, keys }) => (
      <section key={title} className={styles.group}>
        <h3 className={styles.title}>{title}</h3>
        <dl className={styles.list}>
          {keys.map(([names, does]) => (
            <div key={does} className={styles.row}>
              <dt>
                {names.map((name) => (
                  <kbd key={name} className={styles.key}>
                    {name}
                  </kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
  </Dialog>
)
