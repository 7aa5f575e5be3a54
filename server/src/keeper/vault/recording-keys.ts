/** Where the vault keeps the two keys of a recording: for viewers, and for unproven input. */
export const dataKey = (recording: string) => ({ kind: 'recording', id: recording, what: 'data-key' })
export const inputKey = (recording: string) => ({ kind: 'recording', id: recording, what: 'unproven-input-key' })
