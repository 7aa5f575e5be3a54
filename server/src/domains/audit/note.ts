/** What the lines of a checkpoint's text say ([C2SP tlog-checkpoint]: origin, size, root, then our extensions); whether it is signed is not looked at. */
export function readNote(note: string): { log: string; size: number; root: Buffer; epoch: number; time: string | null } {
  const lines = note.split('\n')
  const extension = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1)
  return {
    log: lines[0] ?? '',
    size: Number(lines[1]),
    root: Buffer.from(lines[2] ?? '', 'base64'),
    epoch: Number(extension('epoch')),
    time: extension('time') ?? null,
  }
}
