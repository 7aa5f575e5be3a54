declare module '../../../platform/db/tables.ts' {
  interface Tables {
    recording_outline: { recording_id: string; n: number; sealed: Buffer }
  }
}

export {}
