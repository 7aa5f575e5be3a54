/** What to type on the day that needs a backup; docs/operating.md has it in full, and the drill. */
export const HowToRestore = () => (
  <ol>
    <li>
      On an empty machine with Claviger, and with the key file of one of the recipients:{' '}
      <code>claviger restore FILE --identity KEYFILE</code>
    </li>
    <li>
      With what is left of the old servers: <code>--escrow FOLDER</code> (the keeper’s folder, or its escrow.jsonl, of each server): what
      was rotated since the backup is in there.
    </li>
    <li>
      With a checkpoint that was kept outside: <code>--checkpoint FILE</code>. It tells whether history is missing or was changed.
    </li>
    <li>
      <code>claviger server</code>, and the custodians open the seal as before. Everybody signs in anew; requests and grants of before are
      void.
    </li>
    <li>
      Before that day: <code>claviger backup verify FILE --identity KEYFILE</code> on another machine, now and then.
    </li>
  </ol>
)
